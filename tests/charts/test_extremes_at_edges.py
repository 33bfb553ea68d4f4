"""What a window holds is drawn within its paper, also at its first and last sample and at any rate of a device."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.charts import Frame, Strip, StripScale, style
from app.charts.layout import layout_for
from app.charts.pdf import strip_pdf
from app.charts.png import strip_png
from app.charts.sheets import MARGIN_MM, Outline, sheets_for
from app.ctg.stretch import Stretch
from app.ctg.trace import Trace
from tests.charts.make import WIB, Picture, make_trace
from tests.charts.pdf_reader import pages
from tests.charts.test_pdf import WORDS

# Pictures of many windows at many rates: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

LEVEL, SPIKE = 140.0, 168.0
RATES_HZ = [1.0, 3.0, 4.0, 5.0, 10.0, 12.5, 25.0]
# Windows of ten minutes; the odd one begins between two samples and within a column.
STARTS_S = [0.0, 600.0, 613.37]


def spike(rate_hz: float, start_s: float, at: str) -> Trace:
    """Half an hour of a level rate, and one sample that is higher: the first or the last of ten minutes."""
    fhr = np.full(round(1800 * rate_hz), LEVEL)
    first = int(np.ceil(start_s * rate_hz - 1e-9))
    behind = int(np.ceil((start_s + 600) * rate_hz - 1e-9))
    fhr[first if at == "first" else behind - 1] = SPIKE
    return make_trace(fhr, rate_hz)


def window(trace: Trace, start_s: float, speed: int, frame: Frame = Frame.FULL) -> Strip:
    """Ten minutes as the routes read them."""
    stretch = Stretch.around(trace, start_s, start_s + 600)
    return Strip(stretch, WIB, start_s=start_s, minutes=10, scale=StripScale(speed), frame=frame)


def highest_ink_mm(strip: Strip) -> float:
    """How high the ink of the heart rate reaches in the PNG, from the top of its panel."""
    image = Image.open(io.BytesIO(strip_png(strip))).convert("RGB")
    panel = layout_for(strip).fhr
    top, bottom, left = (round(mm * 4) for mm in (panel.top_mm, panel.bottom_mm, panel.left_mm))
    ink = (np.array(image)[top:bottom, left:] == np.array(list(bytes.fromhex(style.INK[1:])))).all(axis=2)
    return float(np.flatnonzero(ink.any(axis=1))[0]) / 4


@pytest.mark.parametrize("at", ["first", "last"])
@pytest.mark.parametrize("speed", [1, 2, 3])
@pytest.mark.parametrize("start_s", STARTS_S)
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_an_extreme_at_an_edge_is_seen(rate_hz: float, start_s: float, speed: int, at: str) -> None:
    trace = spike(rate_hz, start_s, at)
    strip = window(trace, start_s, speed)
    panel, picture = layout_for(strip).fhr, Picture(strip)
    inside = [y for x, y in picture.path("fhr1").points if -1e-3 <= x - panel.left_mm <= panel.width_mm + 1e-3]
    assert picture.bpm(min(inside)) == pytest.approx(SPIKE, abs=0.006)
    assert highest_ink_mm(strip) == pytest.approx((210 - SPIKE) / 2, abs=0.25)


@pytest.mark.parametrize("at", ["first", "last"])
@pytest.mark.parametrize("start_s", STARTS_S[1:])
@pytest.mark.parametrize("rate_hz", RATES_HZ[2:])
def test_an_extreme_at_an_edge_is_printed(rate_hz: float, start_s: float, at: str) -> None:
    strip = window(spike(rate_hz, start_s, at), start_s, 1)
    sheets = sheets_for(
        Outline(strip.scale, strip.audience, 1, False, (), ()), start_s, 10, words_mm=lambda _width_mm: 30.0
    )
    (page,) = pages(strip_pdf(sheets, lambda _: strip, WORDS))
    left = layout_for(strip).fhr.left_mm + MARGIN_MM
    lines = [line for line in page.lines(style.INK) if len(line) > 50]
    level = max(y for line in lines for _, y in line)
    inside = [y for line in lines for x, y in line if left - 1e-3 <= x <= left + 100 + 1e-3]
    assert level - min(inside) == pytest.approx((SPIKE - LEVEL) / 2, abs=0.01)


rates = st.lists(st.one_of(st.just(np.nan), st.integers(200, 840).map(lambda n: n / 4)), min_size=300, max_size=600)


@settings(max_examples=60)
@given(rates, st.sampled_from([5.0, 10.0, 12.5, 25.0]), st.integers(1, 3), st.integers(0, 400).map(lambda n: n / 20))
def test_no_extreme_of_a_window_is_beyond_its_edge(
    samples: list[float], rate_hz: float, speed: int, start_s: float
) -> None:
    trace = make_trace(samples, rate_hz)
    strip = Strip(Stretch.around(trace, start_s, start_s + 12), WIB, start_s, 0.2, StripScale(speed), frame=Frame.TILE)
    held, picture = trace.between(start_s, start_s + 12).fhr1, Picture(strip)
    drawn = [
        picture.bpm(y) for name in ("fhr1", "fhr1-dots") for x, y in picture.path(name).points if 0 <= x <= 2 * speed
    ]
    if not np.isnan(held).all():
        assert max(drawn) >= np.nanmax(held).clip(50, 210) - 0.006
        assert min(drawn) <= np.nanmin(held).clip(50, 210) + 0.006
