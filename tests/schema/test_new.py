"""The name of a new revision: numbered, short enough, made of the words of its message."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schema.new import LONGEST_ID, BadMessage, name


@pytest.mark.parametrize(
    ("message", "revision"),
    [
        ("Description of changes", "019_description_of_changes"),
        ("Détente: 4 Hz — über alles!", "019_detente_4_hz_uber_alles"),
        ("x" * 28, "019_" + "x" * 28),
        ("  many   spaces  ", "019_many_spaces"),
    ],
)
def test_names(message: str, revision: str) -> None:
    assert name(message, number=19) == revision


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("", "one line of plain text"),
        ("two\nlines", "one line of plain text"),
        ('ends the """docstring', "one line of plain text"),
        ("a \\N{escape}", "one line of plain text"),
        ("漢字", "no letter from a to z"),
        ("—", "no letter from a to z"),
        ("x" * 29, "33 characters"),
        ("a sentence that goes on and on and on", "at most 32"),
    ],
)
def test_messages_that_name_nothing_are_refused_with_the_reason(message: str, why: str) -> None:
    with pytest.raises(BadMessage, match=why):
        name(message, number=19)


@given(st.text(), st.integers(min_value=1, max_value=999))
def test_whatever_is_typed_the_name_is_a_revision_id_or_refused(message: str, number: int) -> None:
    try:
        revision = name(message, number=number)
    except BadMessage:
        return
    assert re.fullmatch(rf"{number:03}_[a-z0-9]+(_[a-z0-9]+)*", revision)
    assert len(revision) <= LONGEST_ID
