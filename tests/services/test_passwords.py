"""Passwords: what is refused, what verifies, and what an unknown address costs."""

import threading
from typing import Any

import pytest
from argon2 import PasswordHasher, Type

from app.services import passwords
from app.services.common_passwords import COMMON

pytestmark = pytest.mark.real_hashes

ORIGINAL_HASH = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4).hash("seven purple otters")


def problem(text: str) -> str | None:
    return passwords.problem(text, name="Siti Nur Rahma", email="siti.nr@example.org")


@pytest.mark.parametrize(
    "text", ["seven purple otters", "x" * 9 + "y", "a1" * 64, "пароль для меня", "👶👶👶 moves a lot"]
)
def test_long_uncommon_passwords_are_taken_whatever_they_are_made_of(text: str) -> None:
    assert problem(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "too_short"),
        ("nine char", "too_short"),
        ("👶" * 9, "too_short"),
        ("x1" * 64 + "y", "too_long"),
        ("1234567890", "common"),
        ("QWERTYuiop", "common"),
        ("Bismillah123", "common"),
        ("zzzzzzzzzzzz", "common"),
        ("siti nur rahma", "personal"),
        ("SitiNurRahma1994", "personal"),
        ("1994SitiNurRahma", "personal"),
        ("RahmaNurSiti", "personal"),
        ("siti.nr@example.org", "personal"),
        ("siti.nr@example.org2026", "personal"),
        ("Siti.NR123456", "personal"),
    ],
)
def test_short_common_and_personal_ones_are_refused(text: str, code: str) -> None:
    assert problem(text) == code


def test_a_name_without_letters_refuses_nothing() -> None:
    assert passwords.problem("seven purple otters", name="---", email="@") is None


def test_the_list_of_common_ones_holds_only_what_it_could_refuse() -> None:
    assert len(COMMON) > 400
    assert [text for text in COMMON if len(text) < passwords.MIN_CHARACTERS or text != text.casefold()] == []


def test_a_hash_is_argon2id_with_the_default_parameters() -> None:
    made = passwords.hash_password("seven purple otters")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify(made, "seven purple otters")
    assert not passwords.verify(made, "Seven purple otters")
    assert not passwords.needs_rehash(made)


def test_hashes_of_the_original_verify() -> None:
    assert passwords.verify(ORIGINAL_HASH, "seven purple otters")


def test_weaker_hashes_are_renewed() -> None:
    assert passwords.needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("seven purple otters"))


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    assert not passwords.needs_rehash(passwords.NOBODYS_HASH)


@pytest.mark.parametrize("stored", [None, "", "plain text", "$2b$12$abcdefghijklmnopqrstuv", passwords.NOBODYS_HASH])
@pytest.mark.parametrize("text", ["", "plain text", "seven purple otters", "\ud800 half a pair", "\x00"])
def test_nothing_verifies_without_a_hash(stored: str | None, text: str) -> None:
    assert not passwords.verify(stored, text)


@pytest.mark.parametrize(
    "maker",
    [
        PasswordHasher(time_cost=1, memory_cost=256 * 1024 + 1, parallelism=1),
        PasswordHasher(time_cost=11, memory_cost=8, parallelism=1),
        PasswordHasher(time_cost=1, memory_cost=128, parallelism=9),
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.I),
    ],
    ids=["memory", "passes", "lanes", "argon2i"],
)
def test_a_hash_does_not_name_any_price_it_likes(maker: PasswordHasher) -> None:
    assert not passwords.verify(maker.hash("seven purple otters"), "seven purple otters")


def test_the_highest_price_is_paid() -> None:
    made = PasswordHasher(time_cost=10, memory_cost=64, parallelism=8).hash("seven purple otters")
    assert passwords.verify(made, "seven purple otters")


@pytest.mark.parametrize(
    "stored",
    [None, "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=4194304,t=99999,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"],
)
def test_what_is_not_read_costs_what_a_real_one_costs(stored: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher, compared = PasswordHasher(), list[str]()

    class Noting:
        """Notes what is compared, and compares it."""

        def verify(self, known: str, text: bytes) -> bool:
            compared.append(known)
            return known == passwords.NOBODYS_HASH and hasher.verify(known, text)

    monkeypatch.setattr(passwords, "_hasher", Noting())
    assert not passwords.verify(stored, "seven purple otters")
    assert compared == [passwords.NOBODYS_HASH]


def test_nothing_is_cut_off() -> None:
    long = "x" * 127
    made = passwords.hash_password(long + "y")
    assert passwords.verify(made, long + "y")
    assert not passwords.verify(made, long + "z")
    assert not passwords.verify(made, long)


def test_any_text_can_be_hashed() -> None:
    text = "half \ud800 and \x00 bytes"
    assert passwords.verify(passwords.hash_password(text), text)


def test_a_megabyte_is_never_hashed() -> None:
    with pytest.raises(ValueError, match="128"):
        passwords.hash_password("x" * 1_000_000)
    assert not passwords.verify(ORIGINAL_HASH, "x" * 1_000_000)


def test_two_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = threading.Lock()
    both_inside = threading.Barrier(passwords.HASHES_AT_A_TIME)
    running: list[int] = []
    now = 0

    class WaitingHasher:
        """Holds each caller until a second one has come."""

        def verify(self, *_arguments: Any) -> bool:
            nonlocal now
            with lock:
                now += 1
                running.append(now)
            both_inside.wait(timeout=60)
            with lock:
                now -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", WaitingHasher())
    threads = [threading.Thread(target=passwords.verify, args=(ORIGINAL_HASH, "text")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(running) == 8
    assert max(running) == passwords.HASHES_AT_A_TIME
