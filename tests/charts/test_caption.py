import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.charts import Audience, StripCaption, StripLabels, StripScale
from app.charts.computed import DASHES_MM
from app.charts.layout import layout_for
from app.charts.legend import legend
from app.charts.marks import Strokes, Text
from app.charts.text import width_mm
from app.ctg.findings import Event, EventKind
from tests.charts.make import SVG, WIB, Picture, draw, make_analysis, make_strip, make_trace, wave


def head(picture: Picture) -> str:
    """The row of the caption with the name of the axis."""
    return next(text for text in picture.texts if "FHR bpm" in text)


def test_the_caption_says_scale_time_zone_loss_and_device() -> None:
    fhr = np.full(7200, 140.0)
    fhr[:720] = np.nan
    caption = replace(WIB, device="Sonicaid")
    line = head(draw(make_trace(fhr), caption=caption, scale=StripScale(1, 30)))
    for part in ("1 cm/min · 30 bpm/cm", "22 Nov 2026 08:14–08:44 WIB", "signal loss 10 %", "Sonicaid"):
        assert part in line


def test_the_caption_speaks_of_what_is_recorded_in_the_window() -> None:
    assert "08:15:30–08:22:00 WIB" in " ".join(draw(wave(8), start_s=90, minutes=10).texts)


def test_a_night_has_two_dates() -> None:
    late = make_trace(np.full(4800, 140.0), start=datetime(2026, 12, 31, 16, 50, tzinfo=UTC))
    assert "31 Dec 2026 23:50–1 Jan 2027 00:10 WIB" in " ".join(draw(late, minutes=20).texts)


def test_ticks_run_on_when_the_clock_is_put_back() -> None:
    # In Berlin 03:00 CEST becomes 02:00 CET at 01:00 UTC.
    trace = make_trace(np.full(9600, 140.0), start=datetime(2026, 10, 25, 0, 50, tzinfo=UTC))
    texts = draw(trace, minutes=20, caption=StripCaption(ZoneInfo("Europe/Berlin"), "")).texts
    times = [text for text in texts if len(text) == 5 and text[2] == ":"]
    assert times == ["02:50", "02:55", "02:00", "02:05", "02:10"]


@pytest.mark.parametrize(
    ("lost", "said"), [(0, "signal loss 0 %"), (1, "signal loss <1 %"), (7199, "signal loss >99 %"), (7200, "100 %")]
)
def test_loss_is_rounded_to_nothing_or_everything_only_when_it_is(lost: int, said: str) -> None:
    fhr = np.full(7200, 140.0)
    fhr[:lost] = np.nan
    assert said in head(draw(make_trace(fhr)))


def test_what_no_device_can_show_is_loss_in_the_picture_as_in_the_analysis() -> None:
    fhr = np.full(7200, 140.0)
    fhr[:720] = 999.0
    picture = draw(make_trace(fhr))
    assert "signal loss 10 %" in head(picture)
    assert picture.lanes_mm() == [(0.0, 30.0)]


def test_twins_have_a_loss_each() -> None:
    fhr2 = np.full(7200, 140.0)
    fhr2[:3600] = np.nan
    assert "signal loss 1: 0 %, 2: 50 %" in head(draw(make_trace(np.full(7200, 140.0), fhr2=fhr2)))


def test_a_demo_is_marked_on_the_paper_and_in_the_caption() -> None:
    demo = draw(wave(30), is_demo=True)
    assert "DEMO – synthetic data" in head(demo)
    assert demo.texts.count("DEMO – synthetic data") >= 4
    ids = [element.get("id") for element in demo.root.iter() if element.get("id")]
    assert ids.index("demo") < ids.index("fhr1")
    assert not any("DEMO" in text for text in draw(wave(30)).texts)


# What stands in the description, and what only a clinician with an analysis sees.
NOT_DRAWN_HERE = {
    *("title", "uterine_activity", "computed", "baseline", "bradycardia", "tachycardia", "minute"),
    *("hour", "movement"),
    *("possible_maternal", "acceleration", "deceleration", "contraction"),
}


def test_every_word_can_be_translated() -> None:
    words = StripLabels()
    marked = {name: f"x{name}" for name in StripLabels.__dataclass_fields__ if name != "months"}
    labels = StripLabels(**marked, months=tuple(f"m{month}" for month in range(1, 13)))
    trace = make_trace(
        np.full(2400, np.nan), fhr2=np.full(2400, np.nan), mhr=np.full(2400, 80.0), time_is_estimated=True
    )
    texts = " ".join(draw(trace, minutes=20, is_demo=True, caption=replace(WIB, zone_name="", labels=labels)).texts)
    for name, word in marked.items():
        if len(getattr(words, name)) > 1:
            assert not re.search(rf"\b{re.escape(getattr(words, name))}(?!\w)", texts), name
        assert word in texts or name in NOT_DRAWN_HERE
    assert "22 m11 2026" in texts


@pytest.mark.parametrize("minutes", [1, 3, 10, 30])
def test_long_words_are_kept_by_making_them_smaller(minutes: float) -> None:
    labels = replace(
        StripLabels(), signal_loss="kehilangan sinyal selama rekaman", demo="DEMO – data sintetis, bukan pasien"
    )
    caption = StripCaption(WIB.zone, "WIB", "A device with a very long name indeed", labels)
    texts = " ".join(draw(wave(30), minutes=minutes, caption=caption, is_demo=True).texts)
    for words in ("kehilangan sinyal selama rekaman", "A device with a very long name indeed", "bukan pasien"):
        assert words in texts


def test_the_legend_of_a_short_window_takes_more_rows_and_stays_on_the_picture() -> None:
    kinds: tuple[EventKind, ...] = (
        *("bradycardia", "tachycardia", "possible_maternal"),
        *("acceleration", "deceleration", "contraction"),
    )
    trace = wave(3)
    analysis = make_analysis(trace, events=tuple(Event(kind, 20, 60) for kind in kinds))
    picture = draw(trace, minutes=3, analyses=(analysis,))
    width = float(picture.root.get("width", "").removesuffix("mm"))
    names = [
        element
        for element in picture.root.iter("{http://www.w3.org/2000/svg}text")
        if (element.text or "").split(" ")[-1] in {"baseline", "maternal", "contraction", *kinds}
    ]
    assert len(names) == 7
    assert len({element.get("y") for element in names}) > 1
    ends = [
        float(element.get("x", "")) + width_mm(element.text or "", 72 / 25.4 * float(element.get("font-size", "")))
        for element in names
    ]
    assert max(ends) <= width


@pytest.mark.parametrize("minutes", [5, 10, 14, 20, 30])
def test_the_legend_of_twins_explains_the_baseline_of_each_as_it_is_drawn(minutes: float) -> None:
    trace = wave(minutes)
    twins = replace(trace, fhr2=trace.fhr1 - 5, mhr=np.full(len(trace), 80.0))
    kinds: tuple[EventKind, ...] = ("tachycardia", "acceleration", "deceleration", "contraction")
    events = tuple(Event(kind, 20, 60) for kind in kinds)
    strip = make_strip(
        twins, minutes=minutes, analyses=tuple(make_analysis(twins, fetus=n, events=events) for n in (1, 2))
    )
    layout = layout_for(strip)
    marks = legend(strip, layout)
    samples = [mark.pen.dashes_mm for mark in marks if isinstance(mark, Strokes) and mark.pen.name == "baseline"]
    names = [mark for mark in marks if isinstance(mark, Text)]

    assert samples == list(DASHES_MM.values())
    assert [mark.spans[0].text for mark in names if "baseline" in mark.spans[0].text] == ["baseline 1", "baseline 2"]
    assert len({mark.y_mm for mark in names}) <= layout.legend_rows
    assert min(mark.size_pt for mark in names) >= 7


def test_of_twins_only_the_baseline_that_there_is_is_explained() -> None:
    trace = wave(20)
    twins = replace(trace, fhr2=trace.fhr1 - 5)
    texts = draw(twins, minutes=20, analyses=(make_analysis(twins, fetus=2),)).texts
    assert "baseline 2" in texts
    assert "baseline 1" not in texts
    assert "baseline" in draw(trace, minutes=20, analyses=(make_analysis(trace),)).texts


ADVICE = ("A heartbeat does not say how your baby is.", "Movements matter more.", "Phone:\u00a0021\u00a0555")


@pytest.mark.parametrize("minutes", [1, 10, 30])
def test_a_patients_picture_carries_its_advice_over_everything_else(minutes: float) -> None:
    caption = replace(WIB, advice=ADVICE)
    picture = draw(wave(30), minutes=minutes, caption=caption, audience=Audience.PATIENT)
    rows = picture.root.find(f".//{SVG}g[@id='advice']")
    assert rows is not None
    texts = [text.text or "" for text in rows]
    assert " ".join(texts) == " ".join(ADVICE).replace("\u00a0", " ")
    assert any("Phone: 021 555" in text for text in texts)
    lowest = max(float(text.get("y", "")) for text in rows)
    others = [text for text in picture.root.iter(f"{SVG}text") if text not in list(rows) and text.get("y")]
    assert lowest < min(float(text.get("y", "")) for text in others)
    description = picture.root.find(".//*[@id='desc']")
    assert description is not None
    assert "Movements matter more." in (description.text or "")


def test_a_clinicians_picture_has_no_advice() -> None:
    picture = draw(wave(30), caption=replace(WIB, advice=ADVICE))
    assert "advice" not in picture.ids
    assert picture.bytes == draw(wave(30)).bytes
