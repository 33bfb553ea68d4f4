"""How a stretch of a recording is parted among sheets of paper, true to scale: more sheets, never smaller ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from app.charts import style
from app.charts.layout import ADVICE_ROW_MM, MARGIN_LEFT_MM, MARGIN_RIGHT_MM, strip_size_cm
from app.charts.strip import Audience, StripMark, StripScale
from app.charts.text import wrapped

# A4 (ISO 216), and what printers leave white.
WIDE_MM, NARROW_MM = 297.0, 210.0
MARGIN_MM = 10.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper and the window that is drawn on it."""

    width_mm: float
    height_mm: float
    start_s: float
    minutes: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What must be known of a strip to part it among sheets, without a sample; `advice` is what it shows of it."""

    scale: StripScale
    audience: Audience
    fetus_count: int
    has_toco: bool
    advice: tuple[str, ...] = ()
    marks: tuple[StripMark, ...] = ()


def sheets_for(
    outline: Outline, start_s: float, minutes: int, *, words_mm: Callable[[float], float]
) -> tuple[Sheet, ...]:
    """The sheets of `minutes` from `start_s`, all of one size and of as equal a length as whole minutes allow.

    A4 lies on its side. Where a strip is too high for that (30 to 240 bpm at 20 bpm/cm, many notes) it stands
    upright and holds fewer minutes. `words_mm` gives what header and footer take of the height of a sheet of a width:
    the wider it is, the fewer rows the same words need.
    """
    chosen: tuple[Sheet, ...] = ()
    for width_mm, height_mm in ((WIDE_MM, NARROW_MM), (NARROW_MM, WIDE_MM)):
        chosen = tuple(_parted(outline, start_s, minutes, width_mm, height_mm))
        words = words_mm(width_mm)
        if max(needed_mm(strip_height_mm(outline, sheet), words) for sheet in chosen) <= height_mm:
            break
    return chosen


def needed_mm(strip_mm: float, words_mm: float) -> float:
    """Height of a sheet that holds a strip and its words."""
    return 2 * MARGIN_MM + words_mm + strip_mm


def strip_height_mm(outline: Outline, sheet: Sheet) -> float:
    """Height of the picture on this sheet."""
    width_cm, height_cm = strip_size_cm(
        outline.scale,
        sheet.minutes,
        audience=outline.audience,
        fetus_count=outline.fetus_count,
        has_toco=outline.has_toco,
        start_s=sheet.start_s,
        marks=outline.marks,
    )
    room_mm = width_cm * 10 - MARGIN_LEFT_MM
    return height_cm * 10 + ADVICE_ROW_MM * _advice_rows(outline.advice, room_mm)


def _advice_rows(advice: Sequence[str], room_mm: float) -> int:
    """The rows that the layout adds for a patient's advice."""
    return len(wrapped(advice, room_mm=room_mm, size_pt=style.ADVICE_TEXT_PT))


def _parted(outline: Outline, start_s: float, minutes: int, width_mm: float, height_mm: float) -> Iterator[Sheet]:
    """Sheets of this size, as few as hold the minutes and as equally long as can be."""
    minute_mm = outline.scale.speed_cm_min * 10
    longest = int((width_mm - 2 * MARGIN_MM - MARGIN_LEFT_MM - MARGIN_RIGHT_MM) // minute_mm)
    count = ceil(minutes / longest)
    # A short last sheet would need more rows of words than the others, and would make all of them stand upright.
    each, longer = divmod(minutes, count)
    first = 0
    for number in range(count):
        length = each + 1 if number < longer else each
        yield Sheet(width_mm, height_mm, start_s + first * 60.0, length)
        first += length
