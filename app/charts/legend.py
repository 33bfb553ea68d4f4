"""The rows under the clock: which line is whose and what the letters of events mean."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.charts import computed, events, noted, style
from app.charts.ink import FIRST_FETUS, MATERNAL, SECOND_FETUS
from app.charts.layout import FOOT_ROW_MM, Layout
from app.charts.marks import Mark, Pen, Polygons, Strokes
from app.charts.strip import Frame, MarkKind, Strip, StripMark
from app.charts.text import clean, in_rows, text_marks, width_mm

_SAMPLE_MM = 8.0
_SAMPLE_GAP_MM = 1.2
_APART_MM = 4.0
_ARROW_MM = 3.0
# The width of a tile of ten minutes at 1 cm/min.
_REPEATS_MM = 100.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and the line it belongs to, if it is one of a line, or the arrow."""

    pen: Pen | None
    name: str
    is_arrow: bool = False

    @property
    def sample_mm(self) -> float:
        """How much the sample takes, with the distance to its name."""
        return _ARROW_MM if self.is_arrow else 0.0 if self.pen is None else _SAMPLE_MM + _SAMPLE_GAP_MM

    def width_mm(self, size_pt: float) -> float:
        """About how much of a row it takes, with the distance to the next."""
        return self.sample_mm + width_mm(clean(self.name), size_pt) + _APART_MM


def legend(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """The legend in as many rows as there are; nothing when there is one line, nothing computed and no movement.

    A tile says whose the lines are; what the letters mean stands once beside the row of tiles. It says so on each
    stretch of its paper that is as wide as a slow tile, for of a fast one only a part may be in sight. A last tile
    that is too short for it has a neighbour that says it.
    """
    room_mm = layout.width_mm - layout.fhr.left_mm
    if layout.frame is Frame.FULL:
        entries = [*_measured(strip), *_computed(strip)]
        return _rows(entries, layout.legend_rows, layout.legend_bottom_mm, layout.fhr.left_mm, room_mm)
    entries = list(_measured(strip))
    foot = layout.legend_bottom_mm if layout.toco is None else layout.toco.top_mm + 0.2
    if room_mm < min(_REPEATS_MM, sum(entry.width_mm(style.AXIS_TEXT_PT) for entry in entries)):
        return ()
    each_mm = min(room_mm, _REPEATS_MM)
    marks: list[Mark] = []
    for number in range(max(1, int(room_mm // _REPEATS_MM))):
        marks += _rows(entries, 1, foot, layout.fhr.left_mm + number * each_mm, each_mm)
    return tuple(marks)


def _rows(entries: list[Entry], rows: int, foot_mm: float, left_mm: float, room_mm: float) -> tuple[Mark, ...]:
    """The entries in `rows` rows, the lowest of which ends at `foot_mm`."""
    filled, size_pt = in_rows(
        entries,
        lambda entry, size_pt: entry.width_mm(size_pt),
        room_mm=room_mm,
        rows=rows,
        size_pt=style.AXIS_TEXT_PT,
    )
    marks: list[Mark] = []
    for row_number, row in enumerate(filled, start=1):
        x, y = left_mm, foot_mm - (rows - row_number) * FOOT_ROW_MM - 1.8
        for entry in row:
            marks += _entry(entry, x, y, size_pt)
            x += entry.width_mm(size_pt)
    return tuple(marks)


def _entry(entry: Entry, x: float, y: float, size_pt: float) -> tuple[Mark, ...]:
    """A piece of the line or the arrow, where there is one, and its name."""
    name = text_marks(x + entry.sample_mm, y, entry.name, size_pt=size_pt, fill=style.MUTED)
    if entry.is_arrow:
        # The place is part of the name: no two elements of a document may have the same.
        return (Polygons(f"movement-sample{x:.0f}", style.NOTED, (noted.arrow(x + 1.0, y + 0.3),)), *name)
    if entry.pen is None:
        return name
    return (Strokes(entry.pen, (((x, y - 1.1), (x + _SAMPLE_MM, y - 1.1)),)), *name)


def _measured(strip: Strip) -> Iterator[Entry]:
    """The lines when there are several, and the arrow when the window has one."""
    labels = strip.caption.labels
    trace = strip.stretch.part
    if trace.fhr2 is not None or trace.mhr is not None:
        yield Entry(FIRST_FETUS, labels.fetus_1 if trace.fhr2 is not None else labels.fhr_bpm)
    if trace.fhr2 is not None:
        yield Entry(SECOND_FETUS, labels.fetus_2)
    if trace.mhr is not None:
        yield Entry(MATERNAL, labels.maternal_rate)
    if any(_is_seen(mark, strip) for mark in strip.shown_marks if mark.kind is MarkKind.MOVEMENT):
        yield Entry(None, labels.movement, is_arrow=True)


def _is_seen(mark: StripMark, strip: Strip) -> bool:
    """Whether some of it lies in the window."""
    return mark.last_s >= strip.start_s and mark.start_s <= strip.end_s


def _computed(strip: Strip) -> Iterator[Entry]:
    """The baseline of each fetus and what the letters of events mean."""
    labels = strip.caption.labels
    baselines = list(_baselines(strip))
    kinds = events.kinds_in_window(strip)
    if baselines or kinds:
        yield Entry(None, labels.computed)
    yield from baselines
    for kind in kinds:
        if kind == "contraction":
            yield Entry(Pen("contraction", style.COMPUTED, 1.2), labels.contraction)
        else:
            yield Entry(None, f"{events.LETTERS[kind]} {labels.event(kind)}")


def _baselines(strip: Strip) -> Iterator[Entry]:
    """A baseline as it is drawn; of twins with whose it is."""
    label = strip.caption.labels.baseline
    for analysis in strip.shown_analyses:
        if analysis.baseline_series:
            pen = Pen("baseline", style.BASELINE, style.BASELINE_MM, computed.DASHES_MM[analysis.fetus])
            yield Entry(pen, label if strip.stretch.part.fetus_count == 1 else f"{label} {analysis.fetus}")
