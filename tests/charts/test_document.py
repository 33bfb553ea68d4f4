import gzip
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.charts import Audience, StripCaption, StripLabels, StripScale, strip_svg
from app.charts.paper import paper
from tests.charts.make import WIB, Picture, draw, make_analysis, make_strip, make_trace, wave


def test_the_document_refers_to_nothing_outside_itself_and_runs_nothing() -> None:
    trace = wave(30)
    svg = strip_svg(make_strip(trace, WIB, analyses=(make_analysis(trace),), is_demo=True)).decode()
    assert re.findall(r"(?:https?:)?//[^\s\"']*", svg) == ["http://www.w3.org/2000/svg"]
    assert {target[0] for target in re.findall(r'(?:href="|url\()([^")]*)', svg)} == {"#"}
    assert not re.search(r"<(script|style|foreignObject|image|!)|\son\w+=", svg)


def test_a_strict_policy_takes_nothing_from_it() -> None:
    svg = strip_svg(make_strip(wave(30), WIB)).decode()
    assert "style=" not in svg
    assert 'fill="#4a4858"' in svg
    assert 'text-anchor="end"' in svg


def test_references_and_names_are_each_there_once() -> None:
    trace = wave(30)
    svg = strip_svg(make_strip(trace, WIB, analyses=(make_analysis(trace),), is_demo=True)).decode()
    names = re.findall(r' id="([^"]*)"', svg)
    assert len(names) == len(set(names))
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', svg)) <= set(names)


def test_it_says_what_it_is_to_those_who_cannot_see_it() -> None:
    picture = draw(wave(30))
    title, description = (picture.root.find(f".//*[@id='{name}']") for name in ("title", "desc"))
    assert title is not None
    assert title.text == "Fetal heart rate strip"
    assert description is not None
    assert "1 cm/min · 20 bpm/cm" in (description.text or "")
    assert picture.root.get("role") == "img"
    assert picture.root.get("aria-labelledby") == "title desc"


@settings(max_examples=30)
@given(st.text(st.characters(), max_size=30), st.text(st.characters(), max_size=30))
def test_whatever_is_typed_the_document_is_well_formed(device: str, word: str) -> None:
    labels = replace(StripLabels(), title=word, demo=word, no_signal=word, uterine_activity=word, months=(word,) * 12)
    trace = make_trace(np.full(2400, np.nan), toco=np.zeros(2400))
    Picture(make_strip(trace, StripCaption(WIB.zone, word, device, labels), minutes=12, is_demo=True))


def test_markup_is_shown_and_not_obeyed() -> None:
    caption = replace(WIB, device='<script>alert("1")</script>&amp;$x^2$')
    assert any('<script>alert("1")</script>&amp;$x^2$' in text for text in draw(wave(10), caption=caption).texts)


def test_control_characters_and_turns_of_direction_are_dropped() -> None:
    caption = replace(WIB, device="A\x00\x1b[31mB\u202eC\ud800\ufffeD\x85E\nF")
    assert any("A[31mBCDE F" in text for text in draw(wave(10), caption=caption).texts)


def test_the_same_input_gives_the_same_bytes_on_a_cold_and_a_warm_cache() -> None:
    strip = make_strip(wave(30), WIB, is_demo=True)
    warm = strip_svg(strip)
    paper.cache_clear()
    assert strip_svg(strip) == warm


def test_threads_do_not_mix_up_pictures() -> None:
    traces = [wave(20 + seed, seed=seed) for seed in range(6)]
    strips = [
        make_strip(
            trace,
            replace(WIB, device=f"device {number}"),
            start_s=60.0 * number,
            minutes=10 + number,
            scale=StripScale(number % 3 + 1, (20, 30)[number % 2]),
            audience=(Audience.CLINICIAN, Audience.PATIENT)[number % 2],
            analyses=(make_analysis(trace),),
            is_demo=number == 3,
        )
        for number, trace in enumerate(traces)
    ]
    alone = [strip_svg(strip) for strip in strips]
    assert len(set(alone)) == len(strips)
    paper.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(strip_svg, strips * 8))
    assert together == alone * 8


def test_thirty_minutes_at_4_hz_are_small_to_send() -> None:
    trace = wave(30)
    svg = strip_svg(make_strip(trace, WIB, analyses=(make_analysis(trace),)))
    assert len(gzip.compress(svg, 6)) <= 10_000


@pytest.mark.parametrize("minutes", [0.0, -1.0, 240.5, float("nan")])
def test_a_window_has_a_length(minutes: float) -> None:
    with pytest.raises(ValueError, match="minutes"):
        make_strip(wave(1), WIB, minutes=minutes)


@pytest.mark.parametrize("start_s", [-1.0, float("nan"), float("inf")])
def test_a_window_starts_in_the_recording(start_s: float) -> None:
    with pytest.raises(ValueError, match="start_s"):
        make_strip(wave(1), WIB, start_s=start_s)


@pytest.mark.parametrize("scale", [{"speed_cm_min": 4}, {"bpm_per_cm": 25}, {"low_bpm": 210}])
def test_a_scale_is_one_that_paper_has(scale: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"bpm|speed"):
        StripScale(**scale)


def test_importing_the_package_does_not_import_matplotlib() -> None:
    code = "import sys, app.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pyplot_is_never_loaded() -> None:
    code = (
        "import sys; from app.charts import strip_svg; from tests.charts.make import make_strip, wave;"
        "strip_svg(make_strip(wave(1))); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
