"""The original's guide and docs/database.md: their commands, run one by one, do what they say."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_mariadb, sqlite_url
from tests.rules.tree import ROOT
from tests.schema import guide
from tests.schema.guide import Step, World
from tests.schema.project import copy_to

# A journey is some thirty processes. On MariaDB it is one of the long tests, which `make check` runs.
DATABASES = ["sqlite", pytest.param("mariadb", marks=pytest.mark.sweep)]


@pytest.fixture(params=DATABASES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A copy of the project of the journey's own, and an empty database."""
    (tmp_path / "project").mkdir()
    project = copy_to(tmp_path / "project")
    if request.param == "sqlite":
        yield World(project, sqlite_url(tmp_path, "dopply.db"))
    else:
        with fresh_mariadb() as url:
            yield World(project, url)


def travel(world: World, steps: list[Step]) -> None:
    for step in steps:
        step.first(world)
        code, said = world.run(step.command, shlex.split(step.command))
        assert code == step.exit_code, f"{step.command}: {said}"
        for words in step.says:
            assert words in said, f"{step.command}: {said}"
        step.then(world)


def test_the_originals_guide_in_its_own_words(world: World) -> None:
    travel(world, guide.IN_ITS_OWN_WORDS)


def test_our_own_commands(world: World) -> None:
    travel(world, guide.IN_OUR_WORDS)


def commands_in(markdown: str) -> list[str]:
    """Every line of the blocks of commands."""
    blocks = re.findall(r"^ *```bash\n(.*?)^ *```$", markdown, re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_of_the_originals_guide_is_run() -> None:
    assert set(guide.ORIGINAL) - {step.command for step in guide.IN_ITS_OWN_WORDS} == set()


def test_every_command_of_our_guide_is_run() -> None:
    written = commands_in((ROOT / "docs" / "database.md").read_text(encoding="utf-8"))
    assert len(written) > len(guide.ORIGINAL)
    assert set(written) - {step.command for step in [*guide.IN_ITS_OWN_WORDS, *guide.IN_OUR_WORDS]} == set()
