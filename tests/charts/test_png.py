import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from app.charts import Audience, Frame, Strip, StripScale, style
from app.charts.drawing import drawing_of
from app.charts.layout import layout_for
from app.charts.marks import Bars
from app.charts.png import strip_png
from app.ctg.findings import Event
from app.ctg.trace import Trace
from tests.charts.make import WIB, make_analysis, make_strip, make_trace, wave

# Each picture is drawn and read again: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

PIXELS_PER_MM = 4
UPRIGHTS = {style.GRID_FINE, style.GRID, style.GRID_STRONG}


class Pixels:
    """A drawn PNG, read back by a reader that is not ours, as colours and in millimetres of the drawing."""

    def __init__(self, strip: Strip) -> None:
        self.bytes = strip_png(strip)
        self.layout = layout_for(strip)
        self.image = Image.open(io.BytesIO(self.bytes))
        self.image.load()
        self.rgb = np.array(self.image.convert("RGB"))

    def has(self, colour: str) -> NDArray[np.bool_]:
        """Which pixels have this colour, shape (height, width)."""
        found: NDArray[np.bool_] = (self.rgb == np.array(list(bytes.fromhex(colour[1:])))).all(axis=2)
        return found

    def row(self, y_mm: float) -> int:
        """The row of pixels in which a height lies."""
        return int(y_mm * PIXELS_PER_MM + 1e-6)


def full(trace: Trace, **fields: Any) -> Strip:
    """A picture with band, baseline and two events."""
    events = (Event("acceleration", 60, 100, 165), Event("deceleration", 200, 260, 100))
    return make_strip(trace, analyses=(make_analysis(trace, events=events),), **fields)


def samples_of(strip: Strip) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pixel of each heart rate in the window, as column and row, computed one by one."""
    layout, trace = layout_for(strip), strip.stretch.part
    first = int(strip.start_s * trace.rate_hz)
    last_row = round(layout.fhr.bottom_mm * PIXELS_PER_MM) - 1
    places = []
    for index, bpm in enumerate(trace.fhr1[first : first + int(strip.window_s * trace.rate_hz)]):
        if not np.isnan(bpm):
            x = layout.fhr.left_mm + index / trace.rate_hz * layout.mm_per_s
            y = layout.fhr.top_mm + (layout.fhr.high - min(max(bpm, 50), 210)) * layout.fhr.mm_per_unit
            places.append((int(x * PIXELS_PER_MM + 1e-6), min(int(y * PIXELS_PER_MM + 1e-6), last_row)))
    x, y = np.array(places).T
    return x, y


@pytest.mark.parametrize("speed", [1, 2, 3])
def test_a_minute_and_20_bpm_measure_what_they_measure_on_paper(speed: int) -> None:
    pixels = Pixels(make_strip(make_trace(np.full(2400, np.nan)), minutes=10, scale=StripScale(speed)))
    panel = pixels.layout.fhr
    row = pixels.row(panel.top_mm + 11)
    uprights = pixels.has(style.GRID)[row] | pixels.has(style.GRID_STRONG)[row]
    minutes = np.flatnonzero(uprights)[:-1]
    column = pixels.row(panel.left_mm + 2)
    levels = np.flatnonzero(pixels.has(style.GRID)[pixels.row(panel.top_mm) : pixels.row(panel.bottom_mm), column])

    assert pixels.image.info["dpi"] == pytest.approx((25.4 * PIXELS_PER_MM,) * 2, abs=0.01)
    assert set(np.diff(minutes[1:])) == {10 * speed * PIXELS_PER_MM}
    assert set(np.diff(levels)) == {10 * PIXELS_PER_MM}


@pytest.mark.parametrize("bpm_per_cm", [20, 30])
@pytest.mark.parametrize("speed", [1, 2, 3])
@pytest.mark.parametrize("start_s", [0.0, 61.25])
def test_every_sample_is_ink_on_its_own_pixel(bpm_per_cm: int, speed: int, start_s: float) -> None:
    strip = make_strip(wave(12), start_s=start_s, minutes=5, scale=StripScale(speed, bpm_per_cm))
    ink = Pixels(strip).has(style.INK)
    x, y = samples_of(strip)

    near = ink.copy()
    if start_s or bpm_per_cm == 30:
        # A place that is no whole number of columns or pixels is rounded in the drawing already.
        for axis in (0, 1):
            near |= np.roll(ink, 1, axis) | np.roll(ink, -1, axis)

    assert near[y, x].all()


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(40, 230)), min_size=8, max_size=400))
@settings(max_examples=40)
def test_no_extreme_is_lost_in_any_noise(values: list[float]) -> None:
    fhr = np.round(np.array(values) * 4) / 4
    if np.isnan(fhr).all():
        return
    strip = make_strip(make_trace(fhr), minutes=3)
    ink = Pixels(strip).has(style.INK)
    x, y = samples_of(strip)

    assert ink[y, x].all()


def test_ink_does_not_go_beyond_the_samples_beside_it() -> None:
    strip = make_strip(wave(10), minutes=10)
    pixels = Pixels(strip)
    panel = pixels.layout.fhr
    x, y = samples_of(strip)
    heart = pixels.has(style.INK)[pixels.row(panel.top_mm) : pixels.row(panel.bottom_mm)]
    for column in range(pixels.row(panel.left_mm) + 4, pixels.row(panel.right_mm) - 4):
        rows = np.flatnonzero(heart[:, column]) + pixels.row(panel.top_mm)
        beside = y[np.abs(x - column) <= 3]
        if len(rows):
            # Three pixels: a value alone is a dot of four.
            assert rows.min() >= beside.min() - 3
            assert rows.max() <= beside.max() + 3


def test_the_loss_lane_is_dark_in_the_columns_of_the_drawing() -> None:
    trace = wave(10)
    strip = make_strip(trace, minutes=10)
    pixels = Pixels(strip)
    marks = [mark for layer in drawing_of(strip).layers for mark in layer.marks]
    (lane,) = (mark for mark in marks if isinstance(mark, Bars))
    dark = pixels.has(style.MUTED)[pixels.row(pixels.layout.lane_tops_mm[0] + 1)]
    left = pixels.row(pixels.layout.fhr.left_mm)
    drawn = {column for first, last in lane.runs for column in range(first, last)}

    assert set(np.flatnonzero(dark[left:]).tolist()) == drawn
    assert drawn


def test_a_lost_quarter_of_a_second_shows_at_every_scale() -> None:
    fhr = np.full(2400, 140.0)
    fhr[1001] = np.nan
    for speed in (1, 2, 3):
        pixels = Pixels(make_strip(make_trace(fhr), minutes=10, scale=StripScale(speed)))
        lane = pixels.has(style.MUTED)[pixels.row(pixels.layout.lane_tops_mm[0] + 1)]
        assert lane[pixels.row(pixels.layout.fhr.left_mm) :].any()


def test_no_ink_crosses_a_gap_or_a_jump() -> None:
    fhr = np.concatenate([np.full(400, 120.0), np.full(40, np.nan), np.full(400, 120.0), np.full(400, 160.0)])
    pixels = Pixels(make_strip(make_trace(fhr), minutes=5, scale=StripScale(3)))
    panel = pixels.layout.fhr
    ink = pixels.has(style.INK)[pixels.row(panel.top_mm) : pixels.row(panel.bottom_mm)]
    second = 3 * 10 * PIXELS_PER_MM / 60
    left = pixels.row(panel.left_mm)
    gap = ink[:, left + round(100.5 * second) : left + round(109 * second)]
    jump = ink[:, left + round(209 * second) : left + round(211 * second)]

    assert not gap.any()
    assert sorted({int(row) for row in np.flatnonzero(jump.any(axis=1))}) == [100, 180]


def test_a_patient_sees_nothing_computed() -> None:
    trace = wave(30)
    clinicians, hers = Pixels(full(trace)), Pixels(full(trace, audience=Audience.PATIENT))

    for colour in (style.BAND, style.BASELINE, style.COMPUTED):
        assert clinicians.has(colour).any()
        assert not hers.has(colour).any()


def test_every_kind_of_mark_is_drawn() -> None:
    trace = wave(20)
    twins = replace(trace, fhr2=trace.fhr1 - 10, mhr=np.full(len(trace), 80.0))
    pixels = Pixels(full(twins, minutes=30, is_demo=True))
    half = pixels.has(style.MATERNAL_INK)[pixels.row(pixels.layout.fhr.top_mm + 65)]

    for colour in (style.SECOND_INK, style.MATERNAL_INK, style.HATCH, style.DEMO, style.COMPUTED):
        assert pixels.has(colour).any()
    dashes = np.flatnonzero(np.diff(half.astype(int)) == 1)
    assert len(dashes) > 50


def test_words_that_do_not_fit_become_smaller_and_those_without_a_letter_stay_readable() -> None:
    odd = "Doppler \u0e01\u0e23\u0e38\u0e07 \U0001f930 " + "W" * 60
    pixels = Pixels(make_strip(wave(10), replace(WIB, device=odd), minutes=8))
    dark = pixels.has(style.MUTED)

    assert dark[: pixels.row(pixels.layout.fhr.top_mm)].any()
    assert not dark[: pixels.row(pixels.layout.fhr.top_mm) - 20, -2:].any()


def test_a_file_is_four_bits_a_pixel_and_small() -> None:
    strip = full(wave(30))
    pixels = Pixels(strip)

    assert pixels.bytes[24:26] == bytes([4, 3])
    assert len(pixels.bytes) <= 25_000
    assert pixels.image.size == (1308, 2 * -(-round(pixels.layout.height_mm * 4 + 0.4) // 2))


def test_on_eight_threads_each_picture_is_the_one_of_a_single_thread() -> None:
    strips = [
        full(wave(8, seed=seed), minutes=minutes, start_s=start, scale=StripScale(speed), is_demo=seed == 2)
        for seed in (1, 2)
        for minutes in (3, 6)
        for start in (0.0, 33.5)
        for speed in (1, 2, 3)
    ]
    alone = [strip_png(strip) for strip in strips]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(strip_png, (strips * 12)[:272]))

    assert together == (alone * 12)[:272]


@pytest.mark.parametrize("frame", Frame)
@pytest.mark.parametrize("minutes", [10, 7.3])
def test_each_piece_of_a_row_can_be_a_png(frame: Frame, minutes: float) -> None:
    # From 08:20 on a rule stands on the right edge, too.
    pixels = Pixels(full(wave(30), start_s=360, minutes=minutes, frame=frame))

    assert pixels.image.size[0] == 2 * -(-round(pixels.layout.width_mm * 4) // 2)
    assert pixels.has(style.INK).any()
    assert pixels.has(style.GRID).any()


def test_the_same_bytes_come_from_a_cold_and_a_warm_process() -> None:
    from app.charts import raster_paper, raster_text

    strip = full(wave(5), minutes=5)
    warm = strip_png(strip)
    for cache in (raster_paper._sheet, raster_text._row, raster_text._word):
        cache.cache_clear()

    assert strip_png(strip) == warm
