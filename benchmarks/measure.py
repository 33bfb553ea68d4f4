"""What each way of doing one work takes, measured side by side in one process."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from statistics import median
from time import perf_counter, process_time

Task = Callable[[], object]
Clock = Callable[[], float]

# Work that is pure is measured in time of the processor, which a busy machine disturbs least; where a database is
# touched somebody waits for it, and the clock on the wall counts.
CPU: Clock = process_time
WALL: Clock = perf_counter

ROUNDS = 9
# A task is repeated within its turn until it lasts so long: 2 ms by themselves are mostly noise.
LEAST_S = 0.02
MOST_REPEATS = 50


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of one call of each task, one value for each round."""

    seconds: Mapping[str, list[float]]

    def median_s(self, name: str) -> float:
        """The median over the rounds."""
        return median(self.seconds[name])

    def ratio(self, slow: str, fast: str) -> float:
        """How many times as long `slow` took: the median of the ratios of each round."""
        return median(a / b for a, b in zip(self.seconds[slow], self.seconds[fast], strict=True))


def side_by_side(
    tasks: Mapping[str, Task],
    *,
    clock: Clock,
    rounds: int = ROUNDS,
    repeats: bool = True,
    after: Task | None = None,
) -> Measured:
    """Every task in turn, round after round, after a first call of each that is not counted.

    Parameters
    ----------
    tasks : mapping
        What is called, by name.
    repeats : bool
        Whether a short task may be called several times in its turn; not where each call leaves something behind.
    after : callable or None
        What is called after each turn and not counted: it takes away what the turn left behind.
    """
    counts = {}
    for name, task in tasks.items():
        counts[name] = 1
        _timed(task, 1, clock, after)
        if repeats:
            # Of the first call nothing is learnt: what it fills, fonts or the paper of a strip, lasts longer than all
            # that follow, and one call would be a whole turn.
            seconds = _timed(task, 1, clock, after)
            counts[name] = min(MOST_REPEATS, max(1, ceil(LEAST_S / max(seconds, 1e-6))))
    seconds_of: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            seconds_of[name].append(_timed(task, counts[name], clock, after))
    return Measured(seconds_of)


def _timed(task: Task, count: int, clock: Clock, after: Task | None) -> float:
    """Seconds of one of `count` calls; what the task before left to the garbage collector is collected first."""
    gc.collect()
    begin = clock()
    for _ in range(count):
        task()
    seconds = (clock() - begin) / count
    if after is not None:
        after()
    return seconds
