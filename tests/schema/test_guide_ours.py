"""docs/database.md, command by command: each does what it says."""

import re

from tests.rules.tree import ROOT
from tests.schema import guide
from tests.schema.guide import World, travel


def test_our_own_commands(world: World) -> None:
    travel(world, guide.IN_OUR_WORDS)


def commands_in(markdown: str) -> list[str]:
    """Every line of the blocks of commands."""
    blocks = re.findall(r"^ *```bash\n(.*?)^ *```$", markdown, re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_of_our_guide_is_run() -> None:
    written = commands_in((ROOT / "docs" / "database.md").read_text(encoding="utf-8"))
    assert len(written) > len(guide.ORIGINAL)
    assert set(written) - {step.command for step in [*guide.IN_ITS_OWN_WORDS, *guide.IN_OUR_WORDS]} == set()
