"""The locks: complete, hashed, and bound to no package index."""

import re

import pytest

from tests.rules.tree import ROOT

LOCKS = ["requirements", "requirements-dev"]
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(.*(?:\n    .*)*)", re.MULTILINE)
WISH = re.compile(r"^([a-z][a-z0-9-]*)", re.MULTILINE)


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Version and the rest of the entry (marker, hashes) by package."""
    text = (ROOT / f"{lock}.txt").read_text(encoding="utf-8")
    return {name: (version, rest) for name, version, rest in PIN.findall(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_wish_is_pinned(lock: str) -> None:
    wishes = WISH.findall((ROOT / f"{lock}.in").read_text(encoding="utf-8"))
    assert wishes
    assert [wish for wish in wishes if wish not in pins(lock)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_a_hash(lock: str) -> None:
    assert [name for name, (_version, rest) in pins(lock).items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_nothing_but_pins_from_whatever_index_is_set(lock: str) -> None:
    text = (ROOT / f"{lock}.txt").read_text(encoding="utf-8")
    lines = [line for line in PIN.sub("", text).splitlines() if line and not line.startswith("#")]
    assert lines == []
    assert "://" not in text


def test_the_two_locks_agree() -> None:
    runtime, development = pins("requirements"), pins("requirements-dev")
    shared = runtime.keys() & development.keys()
    assert {name: runtime[name][0] for name in shared} == {name: development[name][0] for name in shared}


def test_the_oracle_stays_out_of_the_runtime() -> None:
    assert "wfdb" not in pins("requirements")
