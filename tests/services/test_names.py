"""Names that a hurried reader could take for one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.names import alike_to_any, are_alike, folded_name, slips

NAMES = st.text(st.characters(codec="utf-8"), max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "siti  AMINAH "),
        ("Siti Aminah", "Aminah Siti"),
        ("Siti Aminah", "Siti Amina"),
        ("Siti Aminah", "Siti Aminoh"),
        ("Siti Aminah", "Sitti Aminahh"),
        ("Siti Aminah", "Siit Aminah"),
        ("Siti Aminah", "Siti Aminah Putri"),
        ("Dewi", "Devi"),
        ("José Núñez", "Jose Nunez"),
        ("Nur-Aini", "Nur Aini"),
        ("Straße", "STRASSE"),
        ("🌸", "🌸"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)
    assert alike_to_any(one, [folded_name("Somebody Else"), folded_name(other)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "Siti Rahayu"),
        ("Siti Aminah", "Siti"),
        ("Ani", "Ina"),
        ("Sri", "Tri"),
        ("Dewi", "Davu"),
        ("Siti Aminah", "Situ Omunah"),
        ("🌸", "🌼"),
    ],
)
def test_not_alike(one: str, other: str) -> None:
    assert not are_alike(one, other)
    assert not are_alike(other, one)
    assert not alike_to_any(one, [folded_name(other)])


@given(NAMES)
def test_every_name_is_like_itself(name: str) -> None:
    assert are_alike(name, name.upper()) or name.upper().casefold() != name.casefold()
    assert are_alike(name, f"  {name} ")


@given(NAMES, NAMES)
def test_likeness_is_mutual(one: str, other: str) -> None:
    assert are_alike(one, other) is are_alike(other, one)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 4))
def test_slips_are_counted_as_the_definition_says(one: str, other: str, limit: int) -> None:
    assert slips(one, other, limit) == min(_slips(one, other), limit + 1)


def _slips(one: str, other: str) -> int:
    """The definition, slow and without a limit."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        _slips(one[:-1], other) + 1,
        _slips(one, other[:-1]) + 1,
        _slips(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        ways.append(_slips(one[:-2], other[:-2]) + 1)
    return min(ways)
