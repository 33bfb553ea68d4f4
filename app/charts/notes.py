"""The words of events and annotations: numbered over the whole recording, and in rows for those of a window."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.charts import style
from app.charts.strip import MarkKind, StripMark
from app.charts.text import clean, in_rows, width_mm

_LONGEST = 120
_BY = " · "
_APART = "    "


@dataclass(frozen=True, slots=True)
class Note:
    """A mark with its number, the same in each window and each format."""

    number: int
    mark: StripMark

    @property
    def text(self) -> str:
        """What was noted and by whom, on one line."""
        said = clean(self.mark.text)[:_LONGEST]
        return _BY.join(part for part in (said, clean(self.mark.who)) if part)


def numbered(marks: Iterable[StripMark]) -> tuple[Note, ...]:
    """Events and annotations among `marks`, which are sorted by time, with their numbers."""
    spoken = (mark for mark in marks if mark.kind is not MarkKind.MOVEMENT)
    return tuple(Note(number, mark) for number, mark in enumerate(spoken, start=1))


def notes_within(notes: Iterable[Note], start_s: float, end_s: float) -> list[Note]:
    """The notes that reach into the window."""
    return [note for note in notes if note.mark.last_s >= start_s and note.mark.start_s <= end_s]


def rows_of_notes(notes: list[Note], room_mm: float) -> list[list[tuple[str, str]]]:
    """Numbers and words in rows of `room_mm`; what is wider than a row is cut with an ellipsis."""
    items = [(f"{note.number}", _cut(note.text, room_mm - _number_mm(note.number))) for note in notes]
    rows, _ = in_rows(
        items,
        lambda item, size_pt: _number_mm(int(item[0])) + width_mm(item[1] + _APART, size_pt),
        room_mm=room_mm,
        rows=len(items),
        size_pt=style.AXIS_TEXT_PT,
    )
    return rows


def _number_mm(number: int) -> float:
    """About how wide a bold number and a blank are."""
    return width_mm(f"{number} ", style.AXIS_TEXT_PT, bold=True)


def _cut(text: str, room_mm: float) -> str:
    """`text`, or as much of it as fits with an ellipsis."""
    if width_mm(text, style.AXIS_TEXT_PT) <= room_mm:
        return text
    characters = int(room_mm / width_mm("0", style.AXIS_TEXT_PT)) - 1
    return f"{text[: max(0, characters)].rstrip()}…"
