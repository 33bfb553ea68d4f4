"""The rows under the clock: which line is whose and what the letters of events mean."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.charts import computed, style
from app.charts.ink import FIRST_FETUS, MATERNAL, SECOND_FETUS, Pen
from app.charts.layout import FOOT_ROW_MM, Layout
from app.charts.strip import Strip
from app.charts.text import clean, in_rows, number, text_element, width_mm

_SAMPLE_MM = 8.0
_SAMPLE_GAP_MM = 1.2
_APART_MM = 4.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and the line it belongs to, if it is one of a line."""

    pen: Pen | None
    name: str

    def width_mm(self, size_pt: float) -> float:
        """About how much of a row it takes, with the distance to the next."""
        sample = 0.0 if self.pen is None else _SAMPLE_MM + _SAMPLE_GAP_MM
        return sample + width_mm(clean(self.name), size_pt) + _APART_MM


def legend(strip: Strip, layout: Layout) -> str:
    """The legend in as many rows as the layout has; empty when there is one line and nothing computed."""
    room = layout.width_mm - layout.fhr.left_mm
    rows, size_pt = in_rows(
        list(_entries(strip)),
        lambda entry, size_pt: entry.width_mm(size_pt),
        room_mm=room,
        rows=layout.legend_rows,
        size_pt=style.AXIS_TEXT_PT,
    )
    drawn = []
    for row_number, row in enumerate(rows, start=1):
        x, y = layout.fhr.left_mm, layout.height_mm - (layout.legend_rows - row_number) * FOOT_ROW_MM - 1.8
        for entry in row:
            drawn.append(_entry(entry, x, y, size_pt))
            x += entry.width_mm(size_pt)
    return "".join(drawn)


def _entry(entry: Entry, x: float, y: float, size_pt: float) -> str:
    """A piece of the line, where there is one, and its name."""
    if entry.pen is None:
        return text_element(x, y, entry.name, size_pt=size_pt, fill=style.MUTED)
    pen = entry.pen
    dashes = f' stroke-dasharray="{" ".join(map(number, pen.dashes_mm))}"' if pen.dashes_mm else ""
    name = text_element(x + _SAMPLE_MM + _SAMPLE_GAP_MM, y, entry.name, size_pt=size_pt, fill=style.MUTED)
    return (
        f'<path d="M{number(x)} {number(y - 1.1)}h{number(_SAMPLE_MM)}" stroke="{pen.colour}"'
        f' stroke-width="{number(pen.width_mm)}"{dashes}/>{name}'
    )


def _entries(strip: Strip) -> Iterator[Entry]:
    """The lines when there are several, then what was computed."""
    labels = strip.caption.labels
    trace = strip.trace
    if trace.fhr2 is not None or trace.mhr is not None:
        yield Entry(FIRST_FETUS, labels.fetus_1 if trace.fhr2 is not None else labels.fhr_bpm)
    if trace.fhr2 is not None:
        yield Entry(SECOND_FETUS, labels.fetus_2)
    if trace.mhr is not None:
        yield Entry(MATERNAL, labels.maternal_rate)
    has_baseline = any(analysis.baseline_series for analysis in strip.shown_analyses)
    kinds = computed.kinds_in_window(strip)
    if has_baseline or kinds:
        yield Entry(None, labels.computed)
    if has_baseline:
        yield Entry(Pen("baseline", style.BASELINE, style.BASELINE_MM, (2.0, 1.4)), labels.baseline)
    for kind in kinds:
        if kind == "contraction":
            yield Entry(Pen("contraction", style.COMPUTED, 1.2), labels.contraction)
        else:
            yield Entry(None, f"{computed.LETTERS[kind]} {labels.event(kind)}")
