from dataclasses import replace
from datetime import datetime
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from app.charts import Audience, Frame, Strip, StripScale, TimeAxis, strip_size_cm
from app.charts.caption import parts_of
from app.charts.demo import demo
from app.charts.layout import AXIS_WIDTH_MM, layout_for
from app.charts.strip import MarkKind, StripMark
from app.charts.style import AXIS_TEXT_PT
from app.charts.text import width_mm
from app.charts.window import Window
from app.ctg.findings import Event
from tests.charts.make import SVG, Picture, corners_of, draw, make_analysis, make_strip, make_trace, wave

SPEEDS = [StripScale(speed) for speed in (1, 2, 3)]


def size_mm(picture: Picture) -> tuple[float, float]:
    """Width and height that the picture states."""
    width, height = (float(picture.root.get(side, "").removesuffix("mm")) for side in ("width", "height"))
    return width, height


@pytest.mark.parametrize("scale", SPEEDS)
def test_a_tile_is_exactly_as_wide_as_its_time(scale: StripScale) -> None:
    tile = draw(wave(30), start_s=600, minutes=10, scale=scale, frame=Frame.TILE)
    assert size_mm(tile)[0] == 100 * scale.speed_cm_min
    assert tile.left_mm == 0


@pytest.mark.parametrize(("frame", "fitting"), [(Frame.FULL, None), (Frame.TILE, "none"), (Frame.AXIS, "none")])
def test_a_tile_fills_the_whole_pixels_it_is_given_and_a_full_picture_keeps_its_shape(
    frame: Frame, fitting: str | None
) -> None:
    assert draw(wave(10), frame=frame).root.get("preserveAspectRatio") == fitting


@pytest.mark.parametrize("fields", [{}, {"fhr2": np.full(4800, 130.0)}, {"mhr": np.full(4800, 80.0)}])
@pytest.mark.parametrize("has_toco", [True, False])
def test_tiles_and_axis_have_their_panels_at_the_same_heights(fields: dict[str, Any], has_toco: bool) -> None:
    toco: dict[str, Any] = {"toco": np.full(4800, 20.0)} if has_toco else {}
    trace = make_trace(np.full(4800, 140.0), **fields, **toco)
    strips = [make_strip(trace, start_s=start_s, minutes=10, frame=Frame.TILE) for start_s in (0.0, 600.0)]
    strips.append(make_strip(trace, minutes=10, frame=Frame.AXIS))
    layouts = [layout_for(strip) for strip in strips]
    assert len({layout.height_mm for layout in layouts}) == 1
    assert len({tuple((panel.top_mm, panel.height_mm) for panel in layout.panels) for layout in layouts}) == 1
    assert layouts[-1].width_mm == AXIS_WIDTH_MM


@pytest.mark.parametrize("scale", SPEEDS)
@pytest.mark.parametrize("name", ["fhr1", "toco"])
def test_tiles_side_by_side_are_the_full_strip(scale: StripScale, name: str) -> None:
    trace = wave(20)
    full = draw(trace, minutes=20, scale=scale)
    tiles = [draw(trace, start_s=600.0 * k, minutes=10, scale=scale, frame=Frame.TILE) for k in range(2)]
    width = 100.0 * scale.speed_cm_min
    dropped = layout_for(tiles[0].strip).fhr.top_mm - layout_for(full.strip).fhr.top_mm
    if name == "toco":
        panels = layout_for(tiles[0].strip).toco, layout_for(full.strip).toco
        assert panels[0] is not None
        assert panels[1] is not None
        dropped = panels[0].top_mm - panels[1].top_mm
    shown = [(x - full.left_mm, y) for x, y in full.path(name).points]
    side_by_side = [
        (x + k * width, y - dropped)
        for k, tile in enumerate(tiles)
        for x, y in tile.path(name).points
        if -1e-4 <= x < width - 1e-4
    ]
    assert np.array(side_by_side) == pytest.approx(np.array(shown), abs=0.003)


def test_lines_run_on_across_the_edges_of_tiles() -> None:
    first, second = (draw(wave(20, seed=3), start_s=s, minutes=10, frame=Frame.TILE) for s in (0.0, 600.0))
    assert max(x for x, _ in first.path("toco").points) > 100
    assert min(x for x, _ in second.path("toco").points) < 0


def test_a_rule_on_an_edge_is_drawn_in_both_tiles() -> None:
    # The recording starts at 08:14, so that a window from 08:20 ends on a ten-minute rule, too.
    tile = draw(wave(30), start_s=360, minutes=10, frame=Frame.TILE)
    assert [float(use.get("x", "")) for use in tile.root.iter(f"{SVG}use")] == pytest.approx([0, 100])


def test_a_time_on_an_edge_is_written_in_both_tiles() -> None:
    tiles = [draw(wave(30), start_s=s, minutes=10, frame=Frame.TILE) for s in (360.0, 960.0)]
    first, second = (tile.places(r"\d\d:\d\d") for tile in tiles)
    assert first["08:30"] == pytest.approx(100)
    assert second["08:30"] == pytest.approx(0)


def test_the_first_and_the_last_time_of_a_recording_are_whole() -> None:
    trace = make_trace(np.full(2400, 140.0), start=wave(1).start)
    places = draw(trace, minutes=10, frame=Frame.TILE, time=TimeAxis.ELAPSED).places(r"\d+ min")
    assert places["0 min"] > 3
    assert places["10 min"] < 96
    assert places["5 min"] == pytest.approx(50)


@pytest.mark.parametrize("time", TimeAxis)
@pytest.mark.parametrize("scale", SPEEDS)
def test_each_tile_of_a_row_has_its_times_at_the_same_steps(scale: StripScale, time: TimeAxis) -> None:
    every_min = {1: 5, 2: 2, 3: 1}[scale.speed_cm_min]
    for last_min in range(1, 11):
        trace = make_trace(np.full((10 + last_min) * 60, 140.0), 1.0)
        tile = draw(trace, start_s=600, minutes=last_min, scale=scale, frame=Frame.TILE, time=time)
        said = [int(text.split()[0].split(":")[-1]) for text in tile.places(r"\d\d:\d\d|\d+ min")]
        # The recording starts at 08:14.
        first = 10 if time is TimeAxis.ELAPSED else 24
        assert said == [minute for minute in range(first, first + last_min + 1) if minute % every_min == 0]


@pytest.mark.parametrize("frame", [Frame.FULL, Frame.TILE])
@pytest.mark.parametrize("scale", SPEEDS)
@pytest.mark.parametrize("start", [None, wave(1).start])
def test_times_never_touch(frame: Frame, scale: StripScale, start: datetime | None) -> None:
    for hours, minutes in product((0, 1, 3), (1, 2, 3, 4, 5, 7, 10)):
        trace = make_trace(np.full(hours * 3600 + minutes * 60, 140.0), 1.0, start=start)
        picture = draw(trace, start_s=hours * 3600, minutes=minutes, scale=scale, frame=frame)
        places = picture.places(r"\d\d:\d\d|\d+ min|\d+:\d\d h")
        ends = [(x - (half := width_mm(text, AXIS_TEXT_PT) / 2), x + half) for text, x in places.items()]
        assert places or minutes < 5
        assert all(before[1] < after[0] for before, after in pairwise(ends))


def test_a_tile_and_an_axis_say_their_size_without_a_sample() -> None:
    trace = wave(20)
    for frame in Frame:
        picture = draw(trace, minutes=10, frame=frame)
        said = strip_size_cm(StripScale(), 10, audience=Audience.CLINICIAN, frame=frame)
        assert size_mm(picture) == pytest.approx(tuple(cm * 10 for cm in said), abs=0.001)


def test_an_axis_has_numbers_and_names_and_nothing_of_the_recording() -> None:
    axis = draw(wave(20), minutes=10, frame=Frame.AXIS)
    assert {"FHR bpm", "Uterine activity", "loss", "200", "60", "0", "100"} <= set(axis.texts)
    assert not axis.ids & {"fhr1", "toco", "loss1"}
    assert "200" not in draw(wave(20), minutes=10, frame=Frame.TILE).texts


def test_a_tile_says_whose_lines_it_has() -> None:
    trace = make_trace(np.full(2400, 130.0), fhr2=np.full(2400, 125.0), mhr=np.full(2400, 80.0))
    assert {"1", "2 (+20 bpm)", "maternal rate"} <= set(draw(trace, minutes=10, frame=Frame.TILE).texts)


def test_a_bracket_stands_as_high_in_each_tile() -> None:
    trace = wave(30)
    chain = tuple(Event("deceleration", 500.0 + 60 * k, 570.0 + 60 * k) for k in range(5))
    analyses = (make_analysis(trace, events=chain),)
    heights: dict[float, set[float]] = {}
    for start_s in (0.0, 600.0):
        tile = draw(trace, start_s=start_s, minutes=10, frame=Frame.TILE, analyses=analyses)
        group = tile.root.find(f".//{SVG}g[@id='events']")
        assert group is not None
        for path in group.iter(f"{SVG}path"):
            corners = corners_of(path.get("d", ""))
            level = next(a[1] for a, b in pairwise(corners) if a[1] == b[1])
            for event in (event for event in chain if event.end_s > start_s):
                left = max(event.start_s - start_s, 0.0) / 6
                if min(corners)[0] == pytest.approx(left, abs=0.01):
                    heights.setdefault(event.start_s, set()).add(level)
    assert len(heights) == 5
    assert all(len(levels) == 1 for levels in heights.values())


def test_letters_of_a_bracket_on_an_edge_are_whole() -> None:
    trace = wave(30)
    for start_s, end_s in ((590.0, 700.0), (500.0, 610.0), (595.0, 605.0)):
        analyses = (make_analysis(trace, events=(Event("deceleration", start_s, end_s),)),)
        tiles = [draw(trace, start_s=s, minutes=10, frame=Frame.TILE, analyses=analyses) for s in (0.0, 600.0)]
        places = [x for tile in tiles for x in tile.places("D").values()]
        assert places
        assert all(2 <= x <= 98 for x in places)


def test_a_patients_tile_is_refused() -> None:
    with pytest.raises(ValueError, match="full"):
        make_strip(wave(10), audience=Audience.PATIENT, frame=Frame.TILE)


@pytest.mark.parametrize(("low", "high"), [(50, 210), (30, 240)])
def test_the_axis_has_either_range(low: int, high: int) -> None:
    picture = draw(make_trace(np.full(2400, 35.0)), minutes=10, scale=StripScale(low_bpm=low, high_bpm=high))
    panel = layout_for(picture.strip).fhr
    assert panel.height_mm == (high - low) / 2
    assert picture.bpm(picture.path("fhr1").points[0][1]) == pytest.approx(max(35, low), abs=1e-5)
    assert ("fhr1-off-axis" in picture.ids) == (low > 35)
    with pytest.raises(ValueError, match="bpm"):
        StripScale(low_bpm=low, high_bpm=high - 30)


def test_time_is_counted_from_the_start_when_asked() -> None:
    picture = draw(wave(30), start_s=300, minutes=10, time=TimeAxis.ELAPSED)
    assert picture.places(r"\d+ min") == pytest.approx({"5 min": 0, "10 min": 50, "15 min": 100})
    assert any("08:19–08:29 WIB (5–15 min)" in text for text in picture.texts)
    assert [float(use.get("x", "")) for use in picture.root.iter(f"{SVG}use")] == pytest.approx([-50, 50])


def test_of_a_long_recording_hours_are_counted() -> None:
    picture = draw(wave(130, rate_hz=1.0), start_s=7200, minutes=10, time=TimeAxis.ELAPSED)
    assert {"2:00 h", "2:05 h", "2:10 h"} <= set(picture.texts)
    assert any("10:14–10:24 WIB (2:00–2:10 h)" in text for text in captions(picture.strip))


@pytest.mark.parametrize(
    ("start_s", "said"), [(13.0, "(0:00:13–0:10:13 h)"), (1800.0, "(0:30:00–0:30:30 h)"), (1200.0, "(20–30 min)")]
)
def test_a_window_that_begins_or_ends_within_a_minute_says_hours_minutes_and_seconds(start_s: float, said: str) -> None:
    strip = make_strip(wave(30.5), start_s=start_s, minutes=10, time=TimeAxis.ELAPSED)
    assert any(said in text for text in captions(strip))


def captions(strip: Strip) -> list[str]:
    """What the caption says."""
    return [part.text for part in parts_of(Window(strip))]


def test_the_mark_of_a_demo_runs_on_from_tile_to_tile_however_short_the_last_one_is() -> None:
    for minutes in (11, 13, 17, 20):
        trace = wave(minutes, rate_hz=1.0)
        words: dict[float, set[float]] = {}
        for start_s, length in ((0.0, 10), (600.0, minutes - 10)):
            strip = make_strip(trace, start_s=start_s, minutes=length, frame=Frame.TILE, is_demo=True)
            layout = layout_for(strip)
            marks = demo(strip, layout)
            assert marks
            for mark in marks:
                # Half of what comes from the tile before lies in it, at its place and in its size.
                length_mm = width_mm(mark.spans[0].text, mark.size_pt, bold=True)
                assert mark.x_mm + length_mm > 0
                words.setdefault(mark.y_mm, set()).add(round(mark.x_mm + start_s / 6, 3))
                assert mark.size_pt == 20 or mark.x_mm + length_mm <= layout.width_mm
        assert all(place % 50 == 6 for places in words.values() for place in places)


def test_a_last_tile_that_is_too_short_for_the_legend_leaves_it_to_its_neighbour() -> None:
    trace = replace(wave(18), mhr=np.full(18 * 240, 80.0))
    for minutes, has_one in ((2, False), (4, False), (8, True)):
        picture = draw(trace, start_s=600, minutes=minutes, frame=Frame.TILE)
        assert ("maternal rate" in picture.texts) == has_one


@pytest.mark.parametrize(("speed", "times"), [(1, 1), (2, 2), (3, 3)])
def test_a_fast_tile_says_more_than_once_whose_the_lines_are(speed: int, times: int) -> None:
    trace = replace(wave(10), mhr=np.full(2400, 80.0))
    moved = (StripMark(MarkKind.MOVEMENT, 60.0),)
    picture = draw(trace, minutes=10, frame=Frame.TILE, scale=StripScale(speed), marks=moved)
    ids = [element.get("id") for element in picture.root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    places = [
        float(element.get("x", "")) for element in picture.root.iter(f"{SVG}text") if element.text == "maternal rate"
    ]
    assert np.diff(places).tolist() == pytest.approx([100.0] * (times - 1))
    assert len(places) == times
