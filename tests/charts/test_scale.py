import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.charts import Audience, StripScale, strip_size_cm
from app.charts.curve import COLUMN_MM
from app.charts.layout import layout_for
from tests.charts.make import draw, make_trace, wave

scales = [StripScale(speed, bpm) for speed in (1, 2, 3) for bpm in (20, 30)]


@pytest.mark.parametrize("scale", scales)
@pytest.mark.parametrize("audience", Audience)
def test_the_picture_states_its_size_in_millimetres_and_draws_in_them(scale: StripScale, audience: Audience) -> None:
    picture = draw(wave(10), minutes=10, scale=scale, audience=audience)
    assert all(picture.root.get(side, "").endswith("mm") for side in ("width", "height"))
    size = [float(picture.root.get(side, "").removesuffix("mm")) for side in ("width", "height")]
    assert [float(n) for n in picture.root.get("viewBox", "").split()] == [0, 0, *size]
    assert size == pytest.approx([cm * 10 for cm in strip_size_cm(scale, 10, audience=audience)], abs=0.001)


@pytest.mark.parametrize("scale", scales)
@pytest.mark.parametrize("rate_hz", [1.0, 4.0])
def test_a_known_sample_lies_where_a_ruler_finds_it(scale: StripScale, rate_hz: float) -> None:
    fhr = np.full(int(600 * rate_hz), 120.0)
    fhr[int(240 * rate_hz)] = 145.5
    picture = draw(make_trace(fhr, rate_hz), minutes=10, scale=scale)
    panel = layout_for(picture.strip).fhr
    x, y = min(picture.path("fhr1").points, key=lambda point: point[1])
    assert x - panel.left_mm == pytest.approx(4 * scale.speed_cm_min * 10, abs=0.75 * COLUMN_MM)
    assert panel.bottom_mm - y == pytest.approx((145.5 - 50) * 10 / scale.bpm_per_cm, abs=0.002)


@pytest.mark.parametrize("speed", [1, 2, 3])
def test_minute_rules_stand_on_minutes_of_the_clock(speed: int) -> None:
    picture = draw(wave(30), start_s=90, minutes=7, scale=StripScale(speed))
    svg = "{http://www.w3.org/2000/svg}"
    rules = picture.root.find(f".//{svg}g[@id='rules']")
    shifts = [float(use.get("x", "")) for use in picture.root.iter(f"{svg}use")]
    left = layout_for(picture.strip).fhr.left_mm
    # The recording starts at 08:14, the window at 08:15:30: its ten-minute rule of 08:10 lies 5.5 minutes before.
    assert shifts[0] == pytest.approx(-5.5 * speed * 10)
    assert np.diff(shifts) == pytest.approx(speed * 100)
    assert rules is not None
    paths = [path.get("d", "") for path in rules.iter(f"{svg}path")]
    xs = sorted({x - left for path in paths for x in np.cumsum([float(x) for x in re.findall(r"m([\d.]+)", path)])})
    minutes = np.arange(10) * speed * 10.0
    nearest = np.array(xs)[np.abs(np.subtract.outer(minutes, xs)).argmin(axis=1)]
    assert nearest == pytest.approx(minutes, abs=0.001)


def test_clock_times_are_written_under_their_minute() -> None:
    picture = draw(wave(30), start_s=30, minutes=20)
    left = layout_for(picture.strip).fhr.left_mm
    times = {
        element.text: float(element.get("x", "")) - left
        for element in picture.root.iter("{http://www.w3.org/2000/svg}text")
        if re.fullmatch(r"\d\d:\d\d", element.text or "")
    }
    assert times == pytest.approx({"08:15": 5.0, "08:20": 55.0, "08:25": 105.0, "08:30": 155.0})


@pytest.mark.parametrize("minutes", [2, 3, 5, 9, 10, 30])
def test_a_window_of_two_minutes_or_more_has_at_least_two_times(minutes: float) -> None:
    for speed in (1, 2, 3):
        texts = draw(wave(30), minutes=minutes, start_s=20, scale=StripScale(speed)).texts
        assert len([text for text in texts if re.fullmatch(r"\d\d:\d\d", text)]) >= 2


def test_without_a_start_time_minutes_of_the_recording_are_written() -> None:
    texts = draw(make_trace(np.full(2400, 140.0), start=None, time_is_estimated=True), minutes=10).texts
    assert {"0 min", "5 min", "10 min"} <= set(texts)
    assert any("0–10 min" in text for text in texts)
    assert any("time axis estimated" in text for text in texts)


@settings(max_examples=30)
@given(
    st.lists(st.one_of(st.just(np.nan), st.integers(5000, 21000).map(lambda n: n / 100)), min_size=1, max_size=300),
    st.sampled_from(scales),
    st.sampled_from([0.5, 1.0, 4.0, 25.0]),
)
def test_no_extremum_within_the_axis_is_lost(samples: list[float], scale: StripScale, rate_hz: float) -> None:
    picture = draw(make_trace(samples, rate_hz), minutes=5, scale=scale)
    in_window = picture.strip.stretch.part.between(0, 300).fhr1
    drawn = [round(picture.bpm(y), 2) for name in ("fhr1", "fhr1-dots") for _, y in picture.path(name).points]
    if np.isnan(in_window).all():
        assert drawn == []
    else:
        assert min(drawn) == pytest.approx(np.nanmin(in_window), abs=0.006)
        assert max(drawn) == pytest.approx(np.nanmax(in_window), abs=0.006)
        assert {round(value, 2) for value in drawn} <= {round(value, 2) for value in samples}


def test_neighbouring_windows_meet_without_a_seam() -> None:
    trace = make_trace(np.linspace(100, 160, 120), rate_hz=0.2)
    first, second = draw(trace, minutes=5), draw(trace, start_s=300, minutes=5)
    left = layout_for(first.strip).fhr.left_mm
    assert max(x for x, _ in first.path("fhr1").points) >= left + 50 - 1e-6
    assert min(x for x, _ in second.path("fhr1").points) < left
