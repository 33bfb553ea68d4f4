import numpy as np

from app.charts import Audience, strip_summary
from tests.charts.make import WIB, make_analysis, make_strip, make_trace, wave


def test_the_facts_of_a_window() -> None:
    fhr = np.full(2400, 140.0)
    fhr[2160:] = np.nan
    trace = make_trace(fhr, toco=np.zeros(2400))
    summary = strip_summary(make_strip(trace, WIB, start_s=300, minutes=10, is_demo=True))
    assert summary.recording_s == 600
    assert (summary.window_start_s, summary.window_s, summary.recorded_in_window_s) == (300, 600, 300)
    assert summary.begin is not None
    assert summary.end is not None
    assert (summary.begin.isoformat(), summary.end.isoformat()) == (
        "2026-11-22T08:19:00+07:00",
        "2026-11-22T08:24:00+07:00",
    )
    assert summary.loss_fractions == (0.2,)
    assert summary.channels == ("fhr1", "toco")
    assert summary.has_signal
    assert summary.is_demo


def test_nothing_recorded_is_no_signal() -> None:
    summary = strip_summary(make_strip(make_trace([], start=None), WIB))
    assert not summary.has_signal
    assert summary.loss_fractions == (None,)
    assert (summary.begin, summary.end, summary.recorded_in_window_s) == (None, None, 0)


def test_a_summary_holds_nothing_computed() -> None:
    trace = wave(10)
    with_analysis, without = (
        strip_summary(make_strip(trace, WIB, audience=Audience.PATIENT, analyses=analyses))
        for analyses in ((make_analysis(trace),), ())
    )
    assert with_analysis == without
