"""The original's guide, command by command in its own words: each does what it says, without its traps."""

from tests.schema import guide
from tests.schema.guide import World, travel


def test_the_originals_guide_in_its_own_words(world: World) -> None:
    travel(world, guide.IN_ITS_OWN_WORDS)


def test_every_command_of_the_originals_guide_is_run() -> None:
    assert set(guide.ORIGINAL) - {step.command for step in guide.IN_ITS_OWN_WORDS} == set()
