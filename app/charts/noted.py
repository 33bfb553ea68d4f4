"""What people and devices noted: arrows at the foot of the heart rate, numbered flags over it, words beneath."""

from app.charts import style
from app.charts.layout import FOOT_ROW_MM, Layout
from app.charts.marks import Boxes, Mark, Pen, Point, Polygons, Rectangle, Span, Strokes, Text
from app.charts.notes import Note, notes_within, numbered, rows_of_notes
from app.charts.strip import Frame, MarkKind, Strip, StripMark
from app.charts.text import text_marks, width_mm

ARROW_MM = 3.2
_ARROW_HALF_MM = 0.95
_ARROW_HEAD_MM = 1.5
_SHAFT_HALF_MM = 0.22
_LENGTH_MM = 0.6

_FLAG_PT = 8.0
_FLAG_MM = 3.6
_FLAG_FOOT_MM = 1.0
_FLAG_MARGIN_MM = 0.9
_FLAGS_APART_MM = 0.4
_STAFF_MM = 2.5
_STAFF = Pen("staff", style.NOTED, 0.25)
# As wide as a flag can be that reaches into a tile from the one before.
_BEYOND_MM = 12.0


def movements(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """An arrow at the foot of the heart rate panel for each movement, and a bar as long as one with an end."""
    areas: list[tuple[Point, ...]] = []
    foot = layout.fhr.bottom_mm
    for mark in strip.shown_marks:
        if mark.kind is not MarkKind.MOVEMENT:
            continue
        if _is_drawn_at(mark, strip, layout, _ARROW_HALF_MM):
            areas.append(arrow(_x_mm(mark.start_s, strip, layout), foot))
        start, end = _within(mark, strip, layout)
        if end > start:
            areas.append(((start, foot), (end, foot), (end, foot - _LENGTH_MM), (start, foot - _LENGTH_MM)))
    return (Polygons("movements", style.NOTED, tuple(areas)),) if areas else ()


def arrow(x: float, foot: float) -> tuple[Point, ...]:
    """The corners of an upright arrow that stands on `foot`."""
    tip, neck = foot - ARROW_MM, foot - ARROW_MM + _ARROW_HEAD_MM
    return (
        (x - _SHAFT_HALF_MM, foot),
        (x - _SHAFT_HALF_MM, neck),
        (x - _ARROW_HALF_MM, neck),
        (x, tip),
        (x + _ARROW_HALF_MM, neck),
        (x + _SHAFT_HALF_MM, neck),
        (x + _SHAFT_HALF_MM, foot),
    )


def flags(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """A flag with its number over the paper for each event, in outline, and each annotation, filled."""
    marks: list[Mark] = []
    free_from = float("-inf")
    for note in numbered(strip.shown_marks):
        x = _x_mm(note.mark.start_s, strip, layout)
        # From the first of the recording on, so that a flag stands at the same place in each window.
        left = max(x, free_from)
        width = width_mm(str(note.number), _FLAG_PT, bold=True) + 2 * _FLAG_MARGIN_MM
        free_from = left + width + _FLAGS_APART_MM
        if _is_drawn_at(note.mark, strip, layout, _BEYOND_MM):
            marks += _flag(
                note, x, Rectangle(left, layout.fhr.top_mm - _FLAG_FOOT_MM - _FLAG_MM, width, _FLAG_MM), layout
            )
        start, end = _within(note.mark, strip, layout)
        if end > start:
            bar = Rectangle(start, layout.fhr.top_mm - _LENGTH_MM, end - start, _LENGTH_MM)
            marks.append(Boxes(style.NOTED, (bar,)))
    return tuple(marks)


def _flag(note: Note, x: float, box: Rectangle, layout: Layout) -> tuple[Mark, ...]:
    """The box with the number, and a staff from it to the time that is meant."""
    right, foot = box.left_mm + box.width_mm, box.top_mm + box.height_mm
    corners = ((box.left_mm, box.top_mm), (right, box.top_mm), (right, foot), (box.left_mm, foot))
    edge = layout.fhr.top_mm
    staff = ((box.left_mm, foot), (x, edge), (x, edge + _STAFF_MM))
    is_filled = note.mark.kind is MarkKind.ANNOTATION
    return (
        Polygons(f"flag{note.number}", style.NOTED if is_filled else style.SHEET, (corners,)),
        Strokes(_STAFF, (staff, (*corners, corners[0]))),
        *text_marks(
            box.left_mm + box.width_mm / 2,
            foot - 0.75,
            str(note.number),
            size_pt=_FLAG_PT,
            anchor="middle",
            bold=True,
            fill=style.SHEET if is_filled else style.NOTED,
        ),
    )


def words(strip: Strip, layout: Layout) -> tuple[Text, ...]:
    """Number, words and author of what the window's flags stand for, in the lowest rows of a full picture."""
    if not layout.note_rows:
        return ()
    notes = notes_within(numbered(strip.shown_marks), strip.start_s, strip.end_s)
    marks = []
    for row_number, row in enumerate(rows_of_notes(notes, layout.width_mm - layout.fhr.left_mm), start=1):
        spans: list[Span] = []
        for number, text in row:
            blank = "    " if spans else ""
            spans += [Span(f"{blank}{number} ", style.NOTED, bold=True), Span(text, style.MUTED)]
        y = layout.height_mm - (layout.note_rows - row_number) * FOOT_ROW_MM - 1.8
        marks.append(Text(layout.fhr.left_mm, y, tuple(spans), style.AXIS_TEXT_PT))
    return tuple(marks)


def _x_mm(seconds: float, strip: Strip, layout: Layout) -> float:
    """Where a time of the recording lies."""
    return layout.fhr.left_mm + (seconds - strip.start_s) * layout.mm_per_s


def _within(mark: StripMark, strip: Strip, layout: Layout) -> tuple[float, float]:
    """The part of the mark's length that the window shows; begin and end are one where there is none."""
    start = _x_mm(max(mark.start_s, strip.start_s), strip, layout)
    return start, max(start, _x_mm(min(mark.last_s, strip.end_s), strip, layout))


def _is_drawn_at(mark: StripMark, strip: Strip, layout: Layout, beyond_mm: float) -> bool:
    """Whether its arrow or flag is drawn: in a tile also when it reaches into it from a neighbour."""
    beyond_s = beyond_mm / layout.mm_per_s if strip.frame is Frame.TILE else 0.0
    return strip.start_s - beyond_s <= mark.start_s <= strip.end_s + beyond_s
