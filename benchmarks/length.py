"""C4: what a longer recording costs, for a longer strip and for a strip as long as any."""

from collections.abc import Iterator
from functools import partial

from app.charts import strip_svg
from benchmarks.lines import Line, at_most, duration
from benchmarks.measure import CPU, WALL, side_by_side
from benchmarks.naive.pyplot_strip import pyplot_png
from benchmarks.run import Run
from benchmarks.signals import analysed, clinic
from benchmarks.stores import stores
from benchmarks.strips import strip
from benchmarks.world import World

SHORT_MIN, LONG_MIN, DAY_MIN = 30, 90, 24 * 60
STRIP_LIMIT, DAY_LIMIT = 1.5, 2.0


def lines(run: Run) -> Iterator[Line]:
    """A strip three times as long, and the first strip of a recording 48 times as long."""
    traces = {minutes: clinic(minutes) for minutes in (SHORT_MIN, LONG_MIN)}
    found = {minutes: analysed(trace) for minutes, trace in traces.items()}
    drawn = {minutes: strip(trace, found[minutes], minutes) for minutes, trace in traces.items()}
    seconds = side_by_side(
        {
            "naive short": lambda: pyplot_png(traces[SHORT_MIN], found[SHORT_MIN], minutes=SHORT_MIN),
            "naive long": lambda: pyplot_png(traces[LONG_MIN], found[LONG_MIN], minutes=LONG_MIN),
            "short": lambda: strip_svg(drawn[SHORT_MIN]),
            "long": lambda: strip_svg(drawn[LONG_MIN]),
        },
        clock=CPU,
    )
    yield at_most(
        "C4",
        f"strip SVG {LONG_MIN} min / {SHORT_MIN} min",
        naive=f"{seconds.ratio('naive long', 'naive short'):.2f}",
        ours=f"{duration(seconds.median_s('long'))} / {duration(seconds.median_s('short'))}",
        value=seconds.ratio("long", "short"),
        limit=STRIP_LIMIT,
    )
    for store in stores(run):
        with store.portal() as app, World(app) as world:
            day, half_hour = (world.upload(clinic(minutes)) for minutes in (DAY_MIN, SHORT_MIN))
            browser = world.browser()
            opened = side_by_side(
                {
                    "day": partial(browser.strip, day),
                    "half hour": partial(browser.strip, half_hour),
                },
                clock=WALL,
            )
        yield at_most(
            "C4",
            f"first strip of a stored day / of half an hour, whole request, {store.name}",
            naive="",
            ours=f"{duration(opened.median_s('day'))} / {duration(opened.median_s('half hour'))}",
            value=opened.ratio("day", "half hour"),
            limit=DAY_LIMIT,
        )
