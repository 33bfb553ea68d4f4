"""C1, C1b and C2: a strip from values to bytes, beside pyplot and beside a figure made with care."""

from collections.abc import Callable, Iterator
from statistics import median

from app.charts import Strip, strip_svg
from app.charts.paper import paper
from app.charts.png import strip_png
from benchmarks.lines import Line, at_least, at_most, duration, kilobytes, reported
from benchmarks.measure import CPU, Measured, side_by_side
from benchmarks.naive.pyplot_strip import pyplot_png
from benchmarks.naive.tidy_figure import figure_png
from benchmarks.run import Run
from benchmarks.signals import analysed, clinic, public
from benchmarks.strips import sent_bytes, strip

LENGTHS_MIN = (30, 90)
SVG_TIMES, TIDY_TIMES, PNG_TIMES = 300, 80, 150
SVG_BYTES, PNG_BYTES = 10_000, 25_000
PUBLIC_RECORDINGS = 10


def lines(_run: Run) -> Iterator[Line]:
    """Three pictures of each length; sizes of synthetic and of public recordings."""
    for minutes in LENGTHS_MIN:
        yield from _of_length(minutes)


def _of_length(minutes: int) -> Iterator[Line]:
    trace = clinic(minutes)
    analysis = analysed(trace)
    drawn = strip(trace, analysis, minutes)
    tasks: dict[str, Callable[[], bytes]] = {
        "pyplot": lambda: pyplot_png(trace, analysis, minutes=minutes),
        "tidy": lambda: figure_png(trace, analysis, minutes=minutes),
        "svg": lambda: strip_svg(drawn),
        "png": lambda: strip_png(drawn),
    }
    found = side_by_side(tasks, clock=CPU)
    sizes = {name: len(task()) for name, task in tasks.items()}

    yield _faster("C1", f"strip SVG {minutes} min", found, "pyplot", "svg", SVG_TIMES)
    yield _small("C1", f"strip SVG {minutes} min, gzipped", sizes["pyplot"], sent_bytes(strip_svg(drawn)), SVG_BYTES)
    yield from _public_sizes(minutes)
    yield _cold(minutes, drawn)
    yield _faster("C1b", f"strip SVG {minutes} min, tidy figure", found, "tidy", "svg", TIDY_TIMES)
    yield _faster("C2", f"strip PNG {minutes} min", found, "pyplot", "png", PNG_TIMES)
    yield _small("C2", f"strip PNG {minutes} min, size", sizes["pyplot"], sizes["png"], PNG_BYTES)


def _faster(id_: str, name: str, found: Measured, slow: str, fast: str, times: float) -> Line:
    naive_s, ours_s = found.median_s(slow), found.median_s(fast)
    return at_least(id_, name, naive_s=naive_s, ours_s=ours_s, ratio=found.ratio(slow, fast), times=times)


def _small(id_: str, name: str, naive: int, ours: int, limit: int) -> Line:
    value, most = ours / 1000, limit / 1000
    return at_most(id_, name, naive=kilobytes(naive), ours=kilobytes(ours), value=value, limit=most, unit=" kB")


def _public_sizes(minutes: int) -> Iterator[Line]:
    """What real labour takes, which is rougher than what is synthetic; the goal counts for its median."""
    sizes = [
        sent_bytes(strip_svg(strip(trace, analysed(trace), minutes))) for trace in public(minutes, PUBLIC_RECORDINGS)
    ]
    if sizes:
        span = f"{kilobytes(min(sizes))} to {kilobytes(max(sizes))}"
        name = f"the same of {len(sizes)} public recordings, median"
        value, most = median(sizes) / 1000, SVG_BYTES / 1000
        yield at_most("C1", name, naive="", ours=span, value=value, limit=most, unit=" kB")


def _cold(minutes: int, drawn: Strip) -> Line:
    """The first strip of its kind in a process: matplotlib draws the paper for it."""

    def cold() -> bytes:
        paper.cache_clear()
        return strip_svg(drawn)

    seconds = side_by_side({"cold": cold}, clock=CPU).median_s("cold")
    return reported("C1", f"strip SVG {minutes} min, paper drawn anew", ours=duration(seconds))
