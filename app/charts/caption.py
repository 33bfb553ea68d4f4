"""The words above the paper, scale, date and time, signal loss and device, and the names of panels and lanes."""

from dataclasses import dataclass
from datetime import datetime

from app.charts import style
from app.charts.clock import HOURS_FROM_S, is_elapsed, window_times
from app.charts.layout import ADVICE_ROW_MM, CAPTION_ROW_MM, LANE_HEIGHT_MM, MARGIN_TOP_MM, Layout, Panel
from app.charts.marks import Span, Text
from app.charts.strip import Frame, Strip
from app.charts.text import clean, in_rows, text_marks, width_mm, wrapped
from app.charts.window import Window

_SEPARATOR = "  ·  "
_DEVICE_CHARACTERS = 60
_UPRIGHT_MM = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the caption that is not broken across rows."""

    text: str
    bold: bool = False
    fill: str = style.MUTED


def sentence(parts: list[Part]) -> str:
    """The whole caption as one line, for the picture's description; not escaped."""
    return clean(", ".join(part.text for part in parts))


def caption(parts: list[Part], layout: Layout) -> tuple[Text, ...]:
    """The rows above the paper, in type that is made smaller only when translated words do not fit."""
    rows, size_pt = in_rows(
        parts,
        lambda part, size_pt: width_mm(part.text + _SEPARATOR, size_pt, bold=part.bold),
        room_mm=layout.width_mm - layout.fhr.left_mm,
        rows=layout.caption_rows,
        size_pt=style.CAPTION_TEXT_PT,
    )
    marks = []
    for row_number, row in enumerate(rows, start=1):
        spans = []
        for part in row:
            spans += [Span(_SEPARATOR, style.MUTED), Span(clean(part.text), part.fill, part.bold)]
        y = layout.caption_top_mm + row_number * CAPTION_ROW_MM - 1.2
        marks.append(Text(layout.fhr.left_mm, y, tuple(spans[1:]), size_pt))
    return tuple(marks)


def advice(strip: Strip, layout: Layout) -> tuple[Text, ...]:
    """The rows above everything else in a patient's picture; none in a clinician's."""
    rows = wrapped(strip.shown_advice, room_mm=layout.width_mm - layout.fhr.left_mm, size_pt=style.ADVICE_TEXT_PT)
    marks: list[Text] = []
    for row_number, row in enumerate(rows, start=1):
        y = MARGIN_TOP_MM + row_number * ADVICE_ROW_MM - 1.2
        marks += text_marks(layout.fhr.left_mm, y, row, size_pt=style.ADVICE_TEXT_PT, bold=True, fill=style.INK)
    return tuple(marks)


def titles(strip: Strip, layout: Layout) -> tuple[Text, ...]:
    """The names of the uterine panel and of the loss lanes; those of both panels upright beside a row of tiles."""
    labels = strip.caption.labels
    marks: list[Text] = []
    for fetus, top_mm in enumerate(layout.lane_tops_mm, start=1):
        name = labels.loss if strip.stretch.part.fetus_count == 1 else f"{labels.loss} {fetus}"
        x, y = layout.fhr.left_mm - 1.4, top_mm + LANE_HEIGHT_MM - 0.2
        marks += text_marks(x, y, name, size_pt=8.0, anchor="end", fill=style.MUTED)
    if layout.frame is Frame.AXIS:
        for panel, name in zip(layout.panels, (labels.fhr_bpm, labels.uterine_activity), strict=False):
            marks += _upright(name, panel)
    elif layout.toco is not None:
        x, y = layout.toco.left_mm, layout.toco.top_mm - 1.6
        words = labels.uterine_activity
        marks += text_marks(x, y, words, size_pt=style.CAPTION_TEXT_PT, bold=True, fill=style.INK)
    return tuple(marks)


def _upright(name: str, panel: Panel) -> tuple[Text, ...]:
    """A panel's name along its axis."""
    y = panel.top_mm + panel.height_mm / 2
    size_pt = style.CAPTION_TEXT_PT
    return text_marks(_UPRIGHT_MM, y, name, size_pt=size_pt, bold=True, anchor="middle", fill=style.INK, angle=-90.0)


def parts_of(window: Window) -> list[Part]:
    """What the caption says, most important first."""
    strip = window.strip
    labels = strip.caption.labels
    scale = f"{strip.scale.speed_cm_min} {labels.cm_per_min} · {strip.scale.bpm_per_cm} {labels.bpm_per_cm}"
    parts = [Part(labels.fhr_bpm, bold=True, fill=style.INK), Part(scale), Part(_when(strip)), Part(_loss(window))]
    if strip.stretch.part.fetus_count == 2:
        parts.append(Part(labels.fetus_2, bold=True, fill=style.SECOND_INK))
    if strip.stretch.part.time_is_estimated:
        parts.append(Part(labels.time_is_estimated, bold=True, fill=style.INK))
    if strip.is_demo:
        parts.append(Part(labels.demo, bold=True, fill=style.DEMO))
    if strip.caption.device and clean(strip.caption.device):
        parts.append(Part(clean(strip.caption.device)[:_DEVICE_CHARACTERS]))
    return parts


def _when(strip: Strip) -> str:
    """Date and time range with the zone, or the minutes of the recording when it has no start time."""
    times = window_times(strip)
    if times is None:
        return _elapsed(strip)
    begin, end = times
    elapsed = f" ({_elapsed(strip)})" if is_elapsed(strip) else ""
    has_seconds = not begin.second == end.second == 0
    until = _time(end, has_seconds) if begin.date() == end.date() else f"{_date(end, strip)} {_time(end, has_seconds)}"
    since = f"{_date(begin, strip)} {_time(begin, has_seconds)} {strip.caption.begin_zone_name}".strip()
    return f"{since}–{until} {strip.caption.zone_name}{elapsed}"


def _time(time: datetime, has_seconds: bool) -> str:
    """A time of the day as on a clock."""
    return f"{time.hour:02d}:{time.minute:02d}" + (f":{time.second:02d}" if has_seconds else "")


def _elapsed(strip: Strip) -> str:
    """The window counted from the start of the recording, as on its axis; with seconds where it has some."""
    labels = strip.caption.labels
    end_s = max(strip.start_s, min(strip.end_s, strip.stretch.recording_s))
    places = [int(seconds) for seconds in (strip.start_s, end_s)]
    has_seconds = any(place % 60 for place in places)
    if strip.stretch.recording_s < HOURS_FROM_S and not has_seconds:
        return "–".join(str(place // 60) for place in places) + f" {labels.minute}"
    return "–".join(_hours(place, has_seconds) for place in places) + f" {labels.hour}"


def _hours(seconds: int, has_seconds: bool) -> str:
    """A place in the recording as hours and minutes, so that nobody takes minutes for hours."""
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}"
    return f"{text}:{seconds % 60:02d}" if has_seconds else text


def _date(day: datetime, strip: Strip) -> str:
    """A date as it is written on paper, with the month's name so that no country reads another day."""
    return f"{day.day} {strip.caption.labels.months[day.month - 1]} {day.year}"


def _loss(window: Window) -> str:
    """The signal loss of the window, of each fetus of twins."""
    texts = [_percent(fraction) for fraction in window.loss_fractions]
    if len(texts) > 1:
        texts = [f"{fetus}: {text}" for fetus, text in enumerate(texts, start=1)]
    return f"{window.strip.caption.labels.signal_loss} {', '.join(texts)}"


def _percent(fraction: float | None) -> str:
    """A whole percentage that is 0 or 100 only when it is exactly that."""
    if fraction is None:
        return "–"
    if 0 < fraction < 0.01:
        return "<1 %"
    if 0.99 < fraction < 1:
        return ">99 %"
    return f"{fraction * 100:.0f} %"
