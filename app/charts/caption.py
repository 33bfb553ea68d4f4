"""The words above the paper, scale, date and time, signal loss and device, and the names of panels and lanes."""

from dataclasses import dataclass
from datetime import datetime

from app.charts import style
from app.charts.clock import window_times
from app.charts.layout import ADVICE_ROW_MM, CAPTION_ROW_MM, LANE_HEIGHT_MM, MARGIN_TOP_MM, Layout
from app.charts.strip import Strip
from app.charts.style import POINT_MM
from app.charts.text import clean, in_rows, number, text_element, width_mm, wrapped
from app.ctg.quality import is_missing, loss_fraction

_SEPARATOR = "  ·  "
_DEVICE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the caption that is not broken across rows."""

    text: str
    bold: bool = False
    fill: str = style.MUTED


def loss_fractions(strip: Strip) -> list[float | None]:
    """For each fetus the part of the window's samples that are lost; None where the window holds none."""
    part = strip.trace.between(strip.start_s, strip.end_s)
    fetuses = range(1, part.fetus_count + 1)
    return [loss_fraction(is_missing(part.fhr(fetus))) if len(part) else None for fetus in fetuses]


def sentence(parts: list[Part]) -> str:
    """The whole caption as one line, for the picture's description; not escaped."""
    return clean(", ".join(part.text for part in parts))


def caption(parts: list[Part], layout: Layout) -> str:
    """The rows above the paper, in type that is made smaller only when translated words do not fit."""
    rows, size_pt = in_rows(
        parts,
        lambda part, size_pt: width_mm(part.text + _SEPARATOR, size_pt, bold=part.bold),
        room_mm=layout.width_mm - layout.fhr.left_mm,
        rows=layout.caption_rows,
        size_pt=style.CAPTION_TEXT_PT,
    )
    drawn = []
    for row_number, row in enumerate(rows):
        y = layout.caption_top_mm + (row_number + 1) * CAPTION_ROW_MM - 1.2
        spans = []
        for part in row:
            element = text_element(0, 0, part.text, size_pt=size_pt, bold=part.bold, fill=part.fill)
            spans.append(element.replace('<text x="0" y="0"', "<tspan").replace("</text>", "</tspan>"))
        drawn.append(
            f'<text x="{number(layout.fhr.left_mm)}" y="{number(y)}" fill="{style.MUTED}"'
            f' font-size="{number(size_pt * POINT_MM)}" xml:space="preserve">{_SEPARATOR.join(spans)}</text>'
        )
    return "".join(drawn)


def advice(strip: Strip, layout: Layout) -> str:
    """The rows above everything else in a patient's picture; empty in a clinician's."""
    rows = wrapped(strip.shown_advice, room_mm=layout.width_mm - layout.fhr.left_mm, size_pt=style.ADVICE_TEXT_PT)
    drawn = [
        text_element(
            layout.fhr.left_mm,
            MARGIN_TOP_MM + row_number * ADVICE_ROW_MM - 1.2,
            row,
            size_pt=style.ADVICE_TEXT_PT,
            bold=True,
            fill=style.INK,
        )
        for row_number, row in enumerate(rows, start=1)
    ]
    return f'<g id="advice">{"".join(drawn)}</g>' if drawn else ""


def titles(strip: Strip, layout: Layout) -> str:
    """The names of the uterine panel and of the loss lanes."""
    labels = strip.caption.labels
    drawn = []
    for fetus, top_mm in enumerate(layout.lane_tops_mm, start=1):
        name = labels.loss if strip.trace.fetus_count == 1 else f"{labels.loss} {fetus}"
        x, y = layout.fhr.left_mm - 1.4, top_mm + LANE_HEIGHT_MM - 0.2
        drawn.append(text_element(x, y, name, size_pt=8.0, anchor="end", fill=style.MUTED))
    if layout.toco is not None:
        x, y = layout.toco.left_mm, layout.toco.top_mm - 1.6
        drawn.append(
            text_element(x, y, labels.uterine_activity, size_pt=style.CAPTION_TEXT_PT, bold=True, fill=style.INK)
        )
    return "".join(drawn)


def parts_of(strip: Strip) -> list[Part]:
    """What the caption says, most important first."""
    labels = strip.caption.labels
    scale = f"{strip.scale.speed_cm_min} {labels.cm_per_min} · {strip.scale.bpm_per_cm} {labels.bpm_per_cm}"
    parts = [Part(labels.fhr_bpm, bold=True, fill=style.INK), Part(scale), Part(_when(strip)), Part(_loss(strip))]
    if strip.trace.fetus_count == 2:
        parts.append(Part(labels.fetus_2, bold=True, fill=style.SECOND_INK))
    if strip.trace.time_is_estimated:
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
        end_s = max(strip.start_s, min(strip.end_s, strip.trace.duration_s))
        return f"{_minutes(strip.start_s)}–{_minutes(end_s)} {strip.caption.labels.minute}"
    begin, end = times
    form = "%H:%M" if begin.second == end.second == 0 else "%H:%M:%S"
    until = end.strftime(form) if begin.date() == end.date() else f"{_date(end, strip)} {end.strftime(form)}"
    return f"{_date(begin, strip)} {begin.strftime(form)}–{until} {strip.caption.zone_name}"


def _minutes(seconds: float) -> str:
    """A place in the recording as minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _date(day: datetime, strip: Strip) -> str:
    """A date as it is written on paper, with the month's name so that no country reads another day."""
    return f"{day.day} {strip.caption.labels.months[day.month - 1]} {day.year}"


def _loss(strip: Strip) -> str:
    """The signal loss of the window, of each fetus of twins."""
    fractions = loss_fractions(strip)
    texts = [_percent(fraction) for fraction in fractions]
    if len(texts) > 1:
        texts = [f"{fetus}: {text}" for fetus, text in enumerate(texts, start=1)]
    return f"{strip.caption.labels.signal_loss} {', '.join(texts)}"


def _percent(fraction: float | None) -> str:
    """A whole percentage that is 0 or 100 only when it is exactly that."""
    if fraction is None:
        return "–"
    if 0 < fraction < 0.01:
        return "<1 %"
    if 0.99 < fraction < 1:
        return ">99 %"
    return f"{fraction * 100:.0f} %"
