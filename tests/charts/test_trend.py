"""The small pictures of a trend, read back as a reader sees them."""

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.charts import style
from app.charts.trend import HEIGHT_MM, WIDTH_MM, TrendAxis, TrendChart, TrendLabels, TrendMark, trend_svg

SVG = "{http://www.w3.org/2000/svg}"
LABELS = TrendLabels("Baseline, bpm", "Five recordings.")
AXIS = TrendAxis(100, 180, 20)


def mark(days: float, value: float | None, number: int = 1, **given: Any) -> TrendMark:
    """An interpretable recording from home, unless `given`."""
    return TrendMark(days, value, number, **{"is_home": True, "is_interpretable": value is not None, **given})


def drawn(*marks: TrendMark, **given: Any) -> ET.Element:
    """The parsed picture."""
    return ET.fromstring(trend_svg(TrendChart(marks, **{"axis": AXIS, "labels": LABELS, **given})))  # noqa: S314


def texts(picture: ET.Element) -> list[str]:
    """Its words in their order."""
    return ["".join(element.itertext()) for element in picture.iter(f"{SVG}text")]


def circles(picture: ET.Element) -> list[tuple[float, float, str]]:
    """Place and filling of each mark from home."""
    return [
        (float(one.get("cx", "")), float(one.get("cy", "")), one.get("fill", ""))
        for one in picture.iter(f"{SVG}circle")
    ]


def squares(picture: ET.Element) -> list[ET.Element]:
    """The marks from the clinic: the only rectangles with an outline."""
    return [one for one in picture.iter(f"{SVG}rect") if one.get("stroke")]


def test_marks_lie_where_their_week_and_value_are() -> None:
    picture = drawn(mark(196, 120), mark(199.5, 140), mark(202.99, 160))

    places = circles(picture)

    assert [place[0] for place in places] == sorted(place[0] for place in places)
    assert places[1][0] - places[0][0] == pytest.approx((places[2][0] - places[0][0]) * 3.5 / 6.99, abs=0.01)
    assert places[0][1] - places[1][1] == pytest.approx(places[1][1] - places[2][1], abs=0.01)
    assert places[0][1] > places[2][1]


def test_nothing_joins_two_recordings() -> None:
    one, two = drawn(mark(190, 140)), drawn(mark(190, 140), mark(195, 150))

    assert len(list(two.iter(f"{SVG}path"))) == len(list(one.iter(f"{SVG}path")))


def test_home_and_clinic_are_told_apart_by_shape() -> None:
    picture = drawn(mark(190, 140), mark(191, 150, is_home=False))

    assert len(circles(picture)) == 1
    assert len(squares(picture)) == 1


def test_what_is_not_interpretable_is_hollow_and_lies_at_the_foot_with_its_number() -> None:
    picture = drawn(mark(190, 100), mark(194, None, 7))

    (_, read_y, read), (_, hollow_y, hollow) = circles(picture)

    assert (read, hollow) == (style.COMPUTED, style.SHEET)
    assert hollow_y > read_y
    assert "7" in texts(picture)
    assert "without a value" in texts(picture)


def test_a_value_of_what_is_not_interpretable_is_hollow_at_its_value() -> None:
    (_, filled_y, filled), (_, hollow_y, hollow) = circles(
        drawn(mark(190, 80), mark(194, 80, is_interpretable=False), axis=TrendAxis(0, 100, 25))
    )

    assert (filled, hollow) == (style.COMPUTED, style.SHEET)
    assert hollow_y == filled_y


def test_an_interpretable_recording_without_this_measure_is_not_hollow() -> None:
    picture = drawn(mark(190, 140), mark(194, None, is_interpretable=True))

    assert [fill for _, _, fill in circles(picture)] == [style.COMPUTED] * 2


def test_numbers_that_would_touch_are_left_to_the_table() -> None:
    crowded = drawn(*(mark(190 + number / 100, None, number) for number in range(1, 6)))

    assert [text for text in texts(crowded) if text in {"1", "2", "3", "4", "5"}] == ["1"]


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (140.0, ["100", "120", "140", "160", "180"]),
        (85.0, ["80", "100", "120", "140", "160", "180"]),
        (181.0, ["100", "120", "140", "160", "180", "200"]),
    ],
)
def test_the_axis_holds_every_value(value: float, numbers: list[str]) -> None:
    picture = drawn(mark(190, value))

    assert [text for text in texts(picture) if text.isdigit()] == numbers
    assert 0 < circles(picture)[0][1] < HEIGHT_MM


def test_the_axis_holds_the_range_too() -> None:
    assert "80" in texts(drawn(mark(190, 120, low=95, high=150)))


@pytest.mark.parametrize(
    ("days", "names"),
    [
        ((190.0, 194.5), ["27w", "27w1d", "27w2d", "27w3d", "27w4d", "27w5d", "27w6d", "28w"]),
        ((189.0, 196.5), ["27w", "28w", "29w"]),
        ((140.0, 180.0), ["20w", "21w", "22w", "23w", "24w", "25w", "26w"]),
        ((140.0, 245.0), ["20w", "22w", "24w", "26w", "28w", "30w", "32w", "34w", "36w"]),
        ((140.0, 280.0), ["20w", "24w", "28w", "32w", "36w", "40w"]),
    ],
)
def test_the_weeks_are_written_where_there_is_room(days: tuple[float, float], names: list[str]) -> None:
    picture = drawn(*(mark(day, 140) for day in days))

    assert [text for text in texts(picture) if re.fullmatch(r"\d+w(\dd)?", text)] == names


def test_the_words_for_weeks_are_the_readers() -> None:
    assert "27m1h" in texts(drawn(mark(190, 140), labels=replace(LABELS, week="m", day="h")))


def test_a_second_fetus_has_its_colour_and_its_number() -> None:
    picture = drawn(mark(190, 140), mark(190, 150, fetus=2))

    assert [fill for _, _, fill in circles(picture)] == [style.COMPUTED, style.SECOND_INK]
    assert texts(picture).count("2") == 1


def test_of_twins_with_equal_values_both_are_seen() -> None:
    picture = drawn(mark(190, 140), mark(190, 140, fetus=2))

    sizes = [float(one.get("r", "")) for one in picture.iter(f"{SVG}circle")]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 2


def test_another_engine_is_a_dashed_line_with_its_name() -> None:
    picture = drawn(mark(190, 140), mark(194, 150), changes=((192.0, "engine 9"),))

    assert "engine 9" in texts(picture)
    assert len([path for path in picture.iter(f"{SVG}path") if path.get("stroke-dasharray")]) == 1


def test_a_demo_says_so_in_the_picture_under_the_marks() -> None:
    svg = trend_svg(TrendChart((mark(190, 140),), AXIS, LABELS, is_demo=True)).decode()
    assert svg.index(LABELS.demo) < svg.index("<circle")
    assert LABELS.demo not in texts(drawn(mark(190, 140)))


def test_the_document_refers_to_nothing_and_has_no_style() -> None:
    svg = trend_svg(TrendChart((mark(190, 140), mark(194, None)), AXIS, LABELS, changes=((192.0, "a"),))).decode()

    assert re.findall(r"(?:https?:)?//[^\s\"']*", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"style=|<(script|style|foreignObject|image|!)|\son\w+=|url\(", svg)
    names = re.findall(r' id="([^"]*)"', svg)
    assert len(names) == len(set(names))
    assert f'width="{WIDTH_MM:g}mm"' in svg


def test_words_are_shown_and_not_obeyed() -> None:
    said = replace(LABELS, title='<b>&"', description="\x00\u202e<i>", lane="</svg>")

    picture = drawn(mark(190, 140), mark(196, None), labels=said, changes=((192.0, "<x>"),))

    assert picture.findtext(f"{SVG}title") == '<b>&"'
    assert picture.findtext(f"{SVG}desc") == "<i>"
    assert {"<x>", "</svg>"} <= set(texts(picture))


def test_the_same_chart_gives_the_same_bytes() -> None:
    chart = TrendChart((mark(190, 140, low=130, high=150), mark(194, None)), AXIS, LABELS)

    assert trend_svg(chart) == trend_svg(chart)


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="without a recording"):
        trend_svg(TrendChart((), AXIS, LABELS))
