from math import sqrt
from xml.etree.ElementTree import Element

import numpy as np
import pytest

from app.charts import Audience, StripScale
from app.charts.curve import COLUMN_MM
from app.charts.layout import layout_for
from app.ctg.findings import Event
from app.ctg.trace import Trace
from tests.charts.make import draw, make_analysis, make_trace, wave

EVENTS = (
    Event("bradycardia", 60, 180, 92.0),
    Event("tachycardia", 300, 420, 178.0),
    Event("possible_maternal", 100, 240, 90.0),
    Event("contraction", 200, 260),
)


def width_of(element: Element) -> float:
    """How wide a line in units is drawn, in millimetres: across and upright differ by less than a pixel."""
    across, down = map(float, element.get("transform", "").split("scale(")[1].rstrip(")").split())
    assert across == pytest.approx(down, rel=0.16)
    return float(element.get("stroke-width", "")) * sqrt(across * down)


def test_a_gap_stays_a_gap_and_stands_in_the_loss_lane() -> None:
    fhr = np.full(2400, 140.0)
    fhr[960:1200] = np.nan
    picture = draw(make_trace(fhr), minutes=10)
    before, after = picture.path("fhr1").lines
    left = layout_for(picture.strip).fhr.left_mm
    assert before[-1][0] - left == pytest.approx(40, abs=COLUMN_MM)
    assert after[0][0] - left == pytest.approx(50, abs=COLUMN_MM)
    assert picture.lanes_mm() == [(40.0, 50.0)]


def test_a_gap_narrower_than_a_column_is_seen() -> None:
    fhr = np.full(2400, 140.0)
    fhr[1202] = np.nan
    picture = draw(make_trace(fhr), minutes=10)
    assert len(picture.path("fhr1").lines) == 2
    assert picture.lanes_mm() == [(50.0, 50.25)]


def test_a_jump_breaks_the_line() -> None:
    fhr = np.full(2400, 140.0)
    fhr[1200:] = 70.0
    assert len(draw(make_trace(fhr), minutes=10).path("fhr1").lines) == 2


def test_a_sample_alone_is_a_dot() -> None:
    fhr = np.full(2400, np.nan)
    fhr[1200] = 150.0
    picture = draw(make_trace(fhr), minutes=10)
    ((x, y),) = picture.path("fhr1-dots").points
    assert picture.bpm(y) == pytest.approx(150)
    assert x - layout_for(picture.strip).fhr.left_mm == pytest.approx(50, abs=0.75 * COLUMN_MM)


@pytest.mark.parametrize(("value", "edge"), [(231.0, 210), (38.0, 50)])
def test_values_off_the_axis_run_along_its_edge_and_are_marked(value: float, edge: int) -> None:
    fhr = np.full(2400, 140.0)
    fhr[1200:1300] = value
    picture = draw(make_trace(fhr), minutes=10)
    assert picture.bpm(picture.path("fhr1").lines[1][0][1]) == pytest.approx(edge)
    assert "fhr1-off-axis" in picture.ids
    assert "fhr1-off-axis" not in draw(make_trace(np.full(2400, 140.0)), minutes=10).ids


def test_a_clinician_sees_band_baseline_and_events() -> None:
    trace = wave(10)
    picture = draw(trace, minutes=10, analyses=(make_analysis(trace, events=EVENTS),))
    assert {"baseline1", "events"} <= picture.ids
    assert b"#ece6f3" in picture.bytes
    assert {"B", "T", "M"} <= set(picture.texts)
    assert {"baseline", "B bradycardia", "T tachycardia", "M possibly maternal", "contraction"} <= set(picture.texts)


def test_a_patient_sees_nothing_computed() -> None:
    trace = wave(10)
    analysis = make_analysis(trace, events=EVENTS)
    picture = draw(trace, minutes=10, analyses=(analysis,), audience=Audience.PATIENT)
    assert picture.bytes == draw(trace, minutes=10, audience=Audience.PATIENT).bytes
    assert not picture.ids & {"baseline1", "events"}
    assert b"#ece6f3" not in picture.bytes
    assert not {"B", "T", "M", "A", "D", "computed:", "baseline"} & set(picture.texts)
    clinician = draw(trace, minutes=10, analyses=(analysis,))
    assert picture.path("fhr1") == clinician.path("fhr1")


def test_the_baseline_lies_at_its_rate_and_is_dashed() -> None:
    trace = wave(10)
    picture = draw(trace, minutes=10, start_s=60, analyses=(make_analysis(trace, baseline_bpm=137.0),))
    assert {round(picture.bpm(y), 2) for _, y in picture.path("baseline1").points} == {137.0}
    element = picture.root.find(".//*[@id='baseline1']")
    assert element is not None
    assert element.get("stroke-dasharray")


def test_brackets_of_twins_do_not_lie_on_each_other() -> None:
    trace = make_trace(np.full(2400, 140.0), fhr2=np.full(2400, 140.0))
    below = tuple(Event(kind, 100, 200) for kind in ("bradycardia", "possible_maternal", "deceleration"))
    analyses = tuple(make_analysis(trace, fetus=fetus, events=below) for fetus in (1, 2))
    events = draw(trace, minutes=10, analyses=analyses).root.find(".//*[@id='events']")
    assert events is not None
    heights = [element.get("y") for element in events if element.tag.endswith("text")]
    assert len(set(heights)) == 6


def test_events_outside_the_window_are_not_drawn() -> None:
    trace = wave(20)
    picture = draw(trace, start_s=600, minutes=10, analyses=(make_analysis(trace, events=EVENTS),))
    assert "events" not in picture.ids
    assert "B bradycardia" not in picture.texts


def test_the_second_fetus_is_drawn_20_bpm_higher_and_labelled() -> None:
    trace = make_trace(np.full(2400, 130.0), fhr2=np.full(2400, 125.0), mhr=np.full(2400, 80.0))
    analyses = (make_analysis(trace), make_analysis(trace, fetus=2, baseline_bpm=126.0))
    picture = draw(trace, minutes=10, analyses=analyses)
    assert picture.bpm(picture.path("fhr2").points[0][1]) == pytest.approx(145)
    assert picture.bpm(picture.path("baseline2").points[0][1]) == pytest.approx(146)
    assert {"1", "2 (+20 bpm)", "maternal rate", "loss 1", "loss 2"} <= set(picture.texts)
    styles = {}
    for name in ("fhr1", "fhr2", "mhr"):
        element = picture.root.find(f".//*[@id='{name}']")
        assert element is not None
        width_mm = round(width_of(element), 2)
        styles[name] = (width_mm, element.get("stroke-dasharray") is not None)
    assert len(set(styles.values())) == 3
    assert styles["mhr"][1]


def test_uterine_activity_has_a_panel_of_its_own_or_none() -> None:
    with_toco = draw(wave(10), minutes=10)
    without = draw(make_trace(wave(10).fhr1), minutes=10)
    assert "Uterine activity" in with_toco.texts
    assert "Uterine activity" not in without.texts
    assert layout_for(without.strip).height_mm < layout_for(with_toco.strip).height_mm - 40


@pytest.mark.parametrize(("highest", "top"), [(100.0, 100), (101.0, 127)])
def test_uterine_activity_above_100_gets_the_devices_full_scale(highest: float, top: int) -> None:
    toco = np.zeros(4800)
    toco[4000] = highest
    window = draw(make_trace(np.full(4800, 140.0), toco=toco), minutes=5)
    panel = layout_for(window.strip).toco
    assert panel is not None
    assert panel.high == top


def test_paper_after_the_last_sample_is_hatched() -> None:
    shorter = draw(wave(8), minutes=10)
    assert "after-the-end" in shorter.ids
    assert "end of recording" in shorter.texts
    assert max(end for _, end in shorter.lanes_mm()) <= 80
    assert "after-the-end" not in draw(wave(10), minutes=10).ids


@pytest.mark.parametrize(
    "trace",
    [make_trace([]), make_trace(np.full(2400, np.nan)), make_trace([], start=None, toco=[])],
    ids=["empty", "all lost", "no start"],
)
@pytest.mark.parametrize("start_s", [0.0, 60.0])
def test_without_any_rate_the_picture_says_no_signal(trace: Trace, start_s: float) -> None:
    assert "no signal" in draw(trace, start_s=start_s, minutes=10, scale=StripScale(2)).texts


def test_a_window_behind_the_end_is_blank_paper() -> None:
    picture = draw(wave(5), start_s=600, minutes=10)
    assert {"no signal", "end of recording"} <= set(picture.texts)
    assert picture.path("fhr1").lines == []


@pytest.mark.parametrize("values", [[140.0], [140.0, 141.0]], ids=["one value", "two values"])
def test_values_alone_between_gaps_are_dots_wide_enough_to_see(values: list[float]) -> None:
    fhr = np.full(600, np.nan)
    fhr[300 : 300 + len(values)] = values

    picture = draw(make_trace(fhr, rate_hz=1.0))

    dots = picture.root.find(".//*[@id='fhr1-dots']")
    assert dots is not None
    assert width_of(dots) == pytest.approx(1.0, abs=0.05)
    assert [round(picture.bpm(y), 2) for _, y in picture.path("fhr1-dots").points] == values
    assert picture.bytes == draw(make_trace(fhr, rate_hz=1.0)).bytes
