"""The strips that eight threads draw at once are those that one thread draws, byte for byte."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from app.charts import Audience, Frame, Strip, StripScale, TimeAxis, strip_svg
from app.charts.paper import paper
from tests.charts.make import WIB, make_analysis, make_strip, wave

# As many as a gunicorn worker with eight threads was measured with (PERFORMANCE.md, C5).
STRIPS = 272
THREADS = 8


def of_number(number: int) -> Strip:
    """A strip unlike every other one: of a recording, device and view of its own."""
    trace = wave(12 + number % 5, seed=number)
    audience = Audience.PATIENT if number % 7 == 0 else Audience.CLINICIAN
    return make_strip(
        trace,
        replace(WIB, device=f"device {number}"),
        start_s=30.0 * (number % 4),
        minutes=5 + number % 6,
        scale=StripScale(number % 3 + 1, (20, 30)[number % 2], *((50, 210), (30, 240))[number % 2]),
        audience=audience,
        analyses=(make_analysis(trace),),
        is_demo=number % 11 == 0,
        time=TimeAxis.ELAPSED if number % 5 == 0 else TimeAxis.CLOCK,
        frame=Frame.TILE if number % 13 == 1 and audience is Audience.CLINICIAN else Frame.FULL,
    )


def test_eight_threads_draw_what_one_draws() -> None:
    strips = [of_number(number) for number in range(STRIPS)]
    alone = [strip_svg(strip) for strip in strips]
    assert len({*alone}) > 0.9 * STRIPS
    paper.cache_clear()
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(strip_svg, strips))
    assert together == alone
