"""The goals in the order of the table, and which file measures each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from benchmarks.lines import Line, Met
from benchmarks.run import Run


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: its id, the work in a few words, what it is compared with and what is to be reached."""

    id: str
    work: str
    peer: str
    target: str


GOALS = (
    Goal("C1", "strip as SVG, 30 and 90 min at 4 Hz", "pyplot PNG", ">= 300x, <= 10 kB gzipped"),
    Goal("C1b", "the same", "tidy matplotlib figure", ">= 80x"),
    Goal("C2", "strip as PNG", "pyplot PNG", ">= 150x, <= 25 kB"),
    Goal("C3", "largest extremum lost by decimation", "LTTB, averaging", "0.00 bpm, every gap visible"),
    Goal("C4", "cost that does not grow with length", "grows", "<= 1.5, <= 2"),
    Goal("C5", "272 strips on 8 threads", "pyplot on 8 threads", "0 wrong"),
    Goal("S1", "insert 21,600 readings as rows", "ORM add_all", ">= 15x MariaDB, >= 30x SQLite"),
    Goal("S2", "store 90 min of a waveform at 4 Hz", "ORM add_all", ">= 200x"),
    Goal("S3", "stored session to arrays", "ORM objects", "rows >= 10x, waveform >= 80x"),
    Goal("S4", "one session among 10,000,000 readings / among 100,000", "id and index", "<= 1.5"),
    Goal("S5", "bytes per stored waveform sample", "rows", "<= 4"),
    Goal("L1", "list page 2000 / page 1", "OFFSET", "<= 1.5x"),
    Goal("L2", "dashboard or queue of 50 patients", "N+1", ">= 50x, <= 3 statements"),
    Goal("W1", "page of 50 patients in process", "N+1 page", ">= 10x; unchanged >= 50x"),
    Goal("W2", "live poll with new samples", "full resend", ">= 150x, <= 200 bytes"),
    Goal("W3", "16 sign-ins at the same moment", "unbounded", "<= +150 MB, p95 of others <= 2x"),
    Goal("A1", "whole analysis, 90 min at 4 Hz", "per-window loop", ">= 20x; <= 250 ms"),
    Goal("E1", "stored session and analysis to strip", "ORM rows and pyplot", ">= 100x"),
    Goal("U1", "import of the application", "everything eager", "<= 0.45 of time, <= 0.5 of memory"),
    Goal("M1", "memory of a process over 1,000 strips", "", "<= 5 MB"),
)

# Which file of this folder measures which goals; it is imported when its turn comes.
MEASURED_IN: Mapping[str, tuple[str, ...]] = {
    "strip_pictures": ("C1", "C1b", "C2"),
    "fidelity": ("C3",),
    "length": ("C4",),
    "threads": ("C5",),
    "readings": ("S1",),
    "waveforms": ("S2", "S5"),
    "reading_back": ("S3",),
    "many_readings": ("S4",),
    "stored_strip": ("E1",),
    "start": ("U1",),
    "memory": ("M1",),
}


def measured(run: Run, wanted: frozenset[str]) -> Iterator[Line]:
    """The lines of the `wanted` goals, of all where it is empty, in the order of the table."""
    done: dict[str, list[Line]] = {}
    for goal in GOALS:
        if wanted and goal.id not in wanted:
            continue
        module = next((module for module, ids in MEASURED_IN.items() if goal.id in ids), None)
        if module is None:
            yield not_yet(goal)
            continue
        if module not in done:
            run.tell(f"{', '.join(MEASURED_IN[module])}: {goal.work}")
            lines: Callable[[Run], Iterator[Line]] = import_module(f"benchmarks.{module}").lines
            done[module] = list(lines(run))
        found = [line for line in done[module] if line.id == goal.id]
        yield from found or [not_yet(goal)]


def not_yet(goal: Goal) -> Line:
    """The line of a goal whose work is not built."""
    return Line(goal.id, goal.work, goal.peer, "", "", goal.target, Met.NOT_YET)
