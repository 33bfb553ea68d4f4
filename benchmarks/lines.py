"""One line of the table: what was measured, what it was measured against, and whether that is enough."""

from dataclasses import dataclass
from enum import StrEnum


class Met(StrEnum):
    """What became of a goal."""

    YES = "yes"
    NO = "NO"
    # Told beside a goal, and no goal itself.
    REPORTED = "–"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; its values are written for people."""

    id: str
    name: str
    naive: str
    ours: str
    ratio: str
    goal: str
    met: Met


def at_least(id_: str, name: str, *, naive_s: float, ours_s: float, ratio: float, times: float) -> Line:
    """The line of a work that is to be done `times` as fast as the naive way does it."""
    met = Met.YES if ratio >= times else Met.NO
    return Line(id_, name, duration(naive_s), duration(ours_s), f"{plain(ratio)}x", f">= {times:g}x", met)


def at_most(id_: str, name: str, *, naive: str, ours: str, value: float, limit: float, unit: str = "") -> Line:
    """The line of a number that may not be above `limit`; `unit` stands behind both."""
    met = Met.YES if value <= limit else Met.NO
    return Line(id_, name, naive, ours, f"{plain(value)}{unit}", f"<= {limit:g}{unit}", met)


def reported(id_: str, name: str, *, naive: str = "", ours: str, ratio: str = "") -> Line:
    """A line that helps to read another one."""
    return Line(id_, name, naive, ours, ratio, "", Met.REPORTED)


def plain(value: float) -> str:
    """Three digits, without an exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def duration(seconds: float) -> str:
    """A time in the unit in which it is easiest to read."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{plain(seconds / size)} {unit}"
    return f"{plain(seconds / 1e-6)} µs"


def kilobytes(count: float) -> str:
    """A number of bytes in kB, which are 1,000."""
    return f"{plain(count / 1000)} kB"
