"""The row of a sheet that says whose strip it is, with names of any length."""

import pytest

from app.charts.identity import LARGEST_PT, SMALLEST_PT, identity_row, length_mm
from app.charts.marks import Span

MORE = [
    Span("    ", "#000"),
    Span("Born ", "#666"),
    Span("3 Apr 1996", "#000", bold=True),
    Span("    ", "#000"),
    Span("Record ", "#666"),
    Span("R-00417", "#000", bold=True),
]
LYING_MM, UPRIGHT_MM = 277.0, 190.0


def row(name: str, room_mm: float, more: list[Span] = MORE) -> tuple[str, float]:
    spans, size_pt = identity_row(Span(name, "#000", bold=True), more, room_mm=room_mm)
    assert spans[1:] == more
    assert length_mm(spans, size_pt) <= room_mm
    assert size_pt >= SMALLEST_PT
    return spans[0].text, size_pt


@pytest.mark.parametrize("room_mm", [LYING_MM, UPRIGHT_MM])
@pytest.mark.parametrize("count", [1, 20, 60, 92, 113, 142, 175, 255])
@pytest.mark.parametrize("letter", ["Ж", "W", "i"])
def test_identifiers_stand_whole_beside_a_name_of_any_length(letter: str, count: int, room_mm: float) -> None:
    shown, size_pt = row(letter * count, room_mm)
    if shown != letter * count:
        assert size_pt == SMALLEST_PT
        assert shown.endswith("…")
        longer = [Span(shown[:-1] + letter + "…", "#000", bold=True), *MORE]
        assert length_mm(longer, size_pt) > room_mm


def test_a_name_that_fits_is_as_large_as_ever() -> None:
    assert row("Maria Hutapea", UPRIGHT_MM) == ("Maria Hutapea", LARGEST_PT)


def test_type_becomes_smaller_before_a_name_is_cut() -> None:
    shown, size_pt = row("Putri Rahayu Kusumaningtyas " * 3, UPRIGHT_MM)
    assert (shown, SMALLEST_PT <= size_pt < LARGEST_PT) == ("Putri Rahayu Kusumaningtyas " * 3, True)


def test_where_identifiers_take_all_of_the_room_the_name_gives_way() -> None:
    shown, _ = row("Maria", length_mm(MORE, SMALLEST_PT) + 5)
    assert shown in ("…", "M…", "Ma…")
