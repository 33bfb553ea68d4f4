"""A strip as a PDF for paper, true to scale: the same drawing as on a screen, on as many sheets as it takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import style
from app.charts.drawing import Drawing, drawing_of
from app.charts.fonts import is_drawable, width_pt
from app.charts.identity import identity_row
from app.charts.layout import Layout
from app.charts.marks import Mark, Pen, Span, Strokes, Text
from app.charts.paper import RULES_REPEAT_S, matplotlib_is_writing, rules_figure, sheet_figure
from app.charts.pdf_file import unscaled
from app.charts.pdf_marks import Page, lay
from app.charts.sheets import MARGIN_MM, Sheet, needed_mm
from app.charts.strip import Strip
from app.charts.style import POINT_MM
from app.charts.text import clean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WORDS_PT = 8.5
_ROW_MM = 4.2
_HEADER_ROWS_MM = (4.4, 9.2)
_HEADER_MM = 11.0
_EDGE = Pen("edge", style.MUTED, 0.25)
_BETWEEN = Span("    ", style.MUTED)
_FOOT_GAP_MM = 1.0
# Room is kept for any number of sheets: a week at 3 cm/min takes two thousand.
_WIDEST_NUMBER = 8888
_MM_PER_INCH = 25.4

# What a matplotlibrc of the machine could change: letters as outlines that every viewer draws alike, packed.
_SETTINGS: Any = {"pdf.fonttype": 3, "pdf.compression": 6, "pdf.use14corefonts": False, "pdf.inheritcolor": False}

# All that a file says of itself; matplotlib's own entries, the date among them, are taken out.
_NO_METADATA: dict[str, str | None] = dict.fromkeys(("Creator", "Producer", "CreationDate"))


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value of the header; `is_identifier` where it says whose strip it is."""

    label: str
    value: str
    is_identifier: bool = False


@dataclass(frozen=True, slots=True)
class PrintWords:
    """What stands on each sheet beside the strip, in the reader's language.

    Attributes
    ----------
    title : str
        The document's own title, without anything personal.
    name : str
        Whose recording it is.
    identity : tuple of Field
        The rest of the first row.
    recording : tuple of Field
        The second row: when, at which gestation, at which scale.
    readings : tuple of str
        Who read it and what was signed, one sentence or more each; sentences are broken into rows.
    notes : tuple of str
        The lowest row, before the number of the page.
    page : str
        With `%(page)d` and `%(pages)d`.
    unprintable : str
        Stands beside an identifier that has letters without a glyph.
    language : str
        In which all of this is, such as `en`.
    """

    title: str
    name: str
    identity: tuple[Field, ...]
    recording: tuple[Field, ...]
    readings: tuple[str, ...]
    notes: tuple[str, ...]
    page: str
    unprintable: str
    language: str


def words_height_mm(words: PrintWords, width_mm: float) -> float:
    """How much of a sheet of this width header and footer take."""
    return _HEADER_MM + _row_count(words, width_mm) * _ROW_MM + _FOOT_GAP_MM


def strip_pdf(
    sheets: Sequence[Sheet],
    strip_of: Callable[[Sheet], Strip],
    words: PrintWords,
    *,
    first: int = 1,
    of: int | None = None,
) -> bytes:
    """The sheets as one PDF; a strip is asked for when its sheet is drawn, and kept no longer.

    Where they are a part of what is printed, `first` is the number of their first sheet and `of` how many there are.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages

    written = BytesIO()
    metadata = _NO_METADATA | {"Title": clean(words.title)}
    with matplotlib_is_writing, rc_context(_SETTINGS):
        document = PdfPages(written, metadata=metadata)
    for number, sheet in enumerate(sheets, start=first):
        page_number = words.page % {"page": number, "pages": len(sheets) if of is None else of}
        figure = _figure(drawing_of(strip_of(sheet)), sheet, words, page_number)
        # Others may write between two sheets: a day of them takes a while.
        with matplotlib_is_writing, rc_context(_SETTINGS):
            document.savefig(figure)  # type: ignore[no-untyped-call]
    with matplotlib_is_writing, rc_context(_SETTINGS):
        document.close()  # type: ignore[no-untyped-call]
    return unscaled(written.getvalue(), words.language)


def _figure(drawing: Drawing, sheet: Sheet, words: PrintWords, page_number: str) -> "Figure":
    """One sheet with its paper, its strip and its words; higher than it was to be where they would not find room."""
    from matplotlib.transforms import Affine2D

    needed = needed_mm(drawing.height_mm, words_height_mm(words, sheet.width_mm))
    sheet = replace(sheet, height_mm=max(sheet.height_mm, needed))
    top_mm = MARGIN_MM + _HEADER_MM
    layout = _on_sheet(drawing.layout, sheet, MARGIN_MM, top_mm)
    figure = sheet_figure(layout, has_band=drawing.has_band)
    inches = Affine2D().scale(1 / _MM_PER_INCH, -1 / _MM_PER_INCH).translate(0, sheet.height_mm / _MM_PER_INCH)
    on_sheet = Page(figure, inches + figure.dpi_scale_trans, sheet.width_mm - MARGIN_MM)
    in_picture = Affine2D().translate(MARGIN_MM, top_mm) + on_sheet.in_mm
    picture = Page(figure, in_picture, sheet.width_mm - 2 * MARGIN_MM)
    order = 1
    for strokes in _rules(drawing):
        lay(picture, strokes, drawing.clips["paper"], order)
    for layer in drawing.layers:
        for mark in layer.marks:
            order += 1
            lay(picture, mark, drawing.clips[layer.clip] if layer.clip else (), order)
    for mark in (*_header(words, sheet), *_footer(words, sheet, page_number)):
        lay(on_sheet, mark, (), order + 1)
    return figure


def _on_sheet(layout: Layout, sheet: Sheet, left_mm: float, top_mm: float) -> Layout:
    """The layout's panels where they lie on the sheet."""
    moved = [
        None if panel is None else replace(panel, left_mm=panel.left_mm + left_mm, top_mm=panel.top_mm + top_mm)
        for panel in (layout.fhr, layout.toco)
    ]
    return replace(
        layout, width_mm=sheet.width_mm, height_mm=sheet.height_mm, fhr=moved[0] or layout.fhr, toco=moved[1]
    )


def _rules(drawing: Drawing) -> Iterator[Strokes]:
    """The upright rules of the paper as lines of the picture."""
    from matplotlib.colors import to_hex

    tile = rules_figure(drawing.layout)
    for axes, panel in zip(tile.axes, drawing.layout.panels, strict=True):
        for patch in axes.patches:
            across = np.asarray(patch.get_path().vertices)[::2, 0] * RULES_REPEAT_S * drawing.layout.mm_per_s
            places = np.add.outer(drawing.rules_mm, across).ravel()
            shown = panel.left_mm + places[(places >= 0) & (places <= panel.width_mm)]
            pen = Pen("rules", to_hex(patch.get_edgecolor()), patch.get_linewidth() * POINT_MM)
            if len(shown):
                yield Strokes(pen, tuple(((x, panel.top_mm), (x, panel.bottom_mm)) for x in shown.tolist()))


def _header(words: PrintWords, sheet: Sheet) -> Iterator[Mark]:
    """Whose strip it is, and when and how it was recorded."""
    name = clean(words.name)
    more = [_BETWEEN, *_spans(words.identity, words)]
    if not is_drawable(name, bold=True):
        more.insert(0, Span(f" {clean(words.unprintable)}", style.INK, bold=True))
    whose = identity_row(Span(name, style.INK, bold=True), more, room_mm=sheet.width_mm - 2 * MARGIN_MM)
    rows = (whose, (_spans(words.recording, words), _WORDS_PT))
    for y_mm, (spans, size_pt) in zip(_HEADER_ROWS_MM, rows, strict=True):
        yield Text(MARGIN_MM, MARGIN_MM + y_mm - 1.0, tuple(spans), size_pt)
    yield _line(MARGIN_MM + _HEADER_MM - 0.8, sheet)


def _spans(fields: Iterable[Field], words: PrintWords) -> list[Span]:
    """Labels and values one after another."""
    spans: list[Span] = []
    for field in fields:
        bold = field.is_identifier
        value = _printable(field.value, words, bold=bold) if bold else clean(field.value)
        spans += [Span(f"{clean(field.label)} ", style.MUTED), Span(value, style.INK, bold), _BETWEEN]
    return spans


def _footer(words: PrintWords, sheet: Sheet, page_number: str) -> Iterator[Mark]:
    """Who read it, what the strip is and is not, and beside the last row the number of the page."""
    bottom_mm = sheet.height_mm - MARGIN_MM
    count = _row_count(words, sheet.width_mm)
    yield _line(bottom_mm - count * _ROW_MM - 0.4, sheet)
    readings = [(row, Span(row, style.INK)) for row in _reading_rows(words, sheet.width_mm)]
    notes = [(row, Span(row, style.MUTED, bold=True)) for row in _note_rows(words, sheet.width_mm)]
    for number, (row, span) in enumerate([*readings, *notes]):
        if row:
            yield Text(MARGIN_MM, bottom_mm - (count - 1 - number) * _ROW_MM - 1.2, (span,), _WORDS_PT)
    yield Text(sheet.width_mm - MARGIN_MM, bottom_mm - 1.2, (Span(page_number, style.MUTED),), _WORDS_PT, "end")


def _row_count(words: PrintWords, width_mm: float) -> int:
    """The rows of the footer; the number of the page stands in the last, whether there is a note or not."""
    return len(_reading_rows(words, width_mm)) + max(1, len(_note_rows(words, width_mm)))


def _reading_rows(words: PrintWords, width_mm: float) -> list[str]:
    """The sentences about the reading in rows that fit the sheet."""
    room_pt = (width_mm - 2 * MARGIN_MM) / POINT_MM
    return [row for reading in words.readings for row in _broken(reading, room_pt)]


def _note_rows(words: PrintWords, width_mm: float) -> list[str]:
    """What the strip is and is not, in rows that leave room for the number of the page."""
    number_pt = width_pt(words.page % {"page": _WIDEST_NUMBER, "pages": _WIDEST_NUMBER}, _WORDS_PT)
    room_pt = (width_mm - 2 * MARGIN_MM) / POINT_MM - number_pt - width_pt(_BETWEEN.text, _WORDS_PT)
    rows: list[str] = []
    for note in words.notes:
        broken = _broken(note, room_pt, bold=True)
        longer = f"{rows[-1]}{_BETWEEN.text}{broken[0]}" if rows else ""
        if longer and len(broken) == 1 and width_pt(longer, _WORDS_PT, bold=True) <= room_pt:
            rows[-1:] = [longer]
        else:
            rows += broken
    return rows


def _broken(text: str, room_pt: float, *, bold: bool = False) -> list[str]:
    """The text broken at spaces into rows of `room_pt`."""
    rows = [""]
    for word in clean(text).split(" "):
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and width_pt(longer, _WORDS_PT, bold=bold) > room_pt:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def _line(y_mm: float, sheet: Sheet) -> Strokes:
    """A thin line across the sheet."""
    return Strokes(_EDGE, (((MARGIN_MM, y_mm), (sheet.width_mm - MARGIN_MM, y_mm)),))


def _printable(text: str, words: PrintWords, *, bold: bool = False) -> str:
    """`text`, and beside it in words that it has letters which the face cannot draw."""
    text = clean(text)
    return text if is_drawable(text, bold=bold) else f"{text} {clean(words.unprintable)}"
