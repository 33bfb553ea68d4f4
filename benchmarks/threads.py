"""C5: many strips drawn at the same time by the threads of one process, as gunicorn's gthread worker does it."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from app.charts import Strip, strip_svg
from app.charts.png import strip_png
from benchmarks.lines import Line, Met
from benchmarks.naive.pyplot_strip import pyplot_png
from benchmarks.run import Run
from benchmarks.signals import clinic
from benchmarks.strips import strip

THREADS = 8
RECORDINGS, WINDOWS = 17, 16
NAIVE_STRIPS = 64
MINUTES = 10

Draw = Callable[[], bytes]


def lines(_run: Run) -> Iterator[Line]:
    """How many pictures differ from those that one thread draws."""
    traces = [clinic(60, seed) for seed in range(RECORDINGS)]
    places = [(trace, window * 180.0) for trace in traces for window in range(WINDOWS)]
    naive = [
        partial(pyplot_png, trace.between(start_s, start_s + MINUTES * 60), None, minutes=MINUTES)
        for trace, start_s in places[:: len(places) // NAIVE_STRIPS][:NAIVE_STRIPS]
    ]
    wrong = _described(naive)
    writers: Mapping[str, Callable[[Strip], bytes]] = {"SVG": strip_svg, "PNG": strip_png}
    for name, write in writers.items():
        drawn = [strip(trace, None, MINUTES, start_s) for trace, start_s in places]
        ours = [partial(write, one) for one in drawn]
        count, _ = differing(ours)
        text = f"{count} of {len(ours)} wrong"
        met = Met.NO if count else Met.YES
        yield Line("C5", f"strips on {THREADS} threads, {name}", wrong, text, text, "0 wrong", met)


def differing(draws: Sequence[Draw]) -> tuple[int, int]:
    """How many pictures of eight threads are not the bytes that one thread gives, and how many are another's."""
    alone = [draw() for draw in draws]
    order = list(range(len(draws)))
    random.Random(1).shuffle(order)  # noqa: S311  # Neighbours should be of different recordings, the same each time.
    with ThreadPoolExecutor(THREADS) as threads:
        results = dict(zip(order, threads.map(lambda number: _outcome(draws[number]), order), strict=True))
    known = Counter(alone)
    wrong = [number for number in order if results[number] != alone[number]]
    return len(wrong), sum(results[number] in known for number in wrong)


def _outcome(draw: Draw) -> bytes:
    """The picture, or nothing where drawing fails."""
    try:
        return draw()
    except Exception:  # Whatever pyplot raises when its figure is gone: it is counted, not read.
        return b""


def _described(draws: Sequence[Draw]) -> str:
    wrong, others = differing(draws)
    return f"{wrong} of {len(draws)} wrong, {others} another's"
