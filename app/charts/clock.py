"""Time on a strip: clock times of the zone when the start is known, else minutes of the recording."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf

from app.charts import style
from app.charts.layout import Layout
from app.charts.marks import Mark, Pen, Point, Strokes
from app.charts.paper import RULES_REPEAT_S
from app.charts.strip import Frame, Strip, TimeAxis
from app.charts.text import text_marks, width_mm

_LABEL_EVERY_MIN = {1: 5, 2: 2, 3: 1}
_SHORTER = {5: 2, 2: 1}
_TICK_MM = 1.4
# Between two times, so that they are read as two.
_APART_MM = 1.0
_CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)]
# Of a longer recording hours are counted, too.
HOURS_FROM_S = 7200.0
_TICK = Pen("ticks", style.GRID_STRONG, 0.25)


def window_times(strip: Strip) -> tuple[datetime, datetime] | None:
    """Begin and end of what is recorded in the window, in the caption's zone; None without a start time."""
    if strip.stretch.start is None:
        return None
    begin_s = min(strip.start_s, strip.stretch.recording_s)
    end_s = min(strip.end_s, strip.stretch.recording_s)
    begin, end = (strip.stretch.start + timedelta(seconds=seconds) for seconds in (begin_s, end_s))
    return begin.astimezone(strip.caption.zone), end.astimezone(strip.caption.zone)


def rules_shift_mm(strip: Strip, layout: Layout) -> float:
    """How far the paper's rules move so that they stand on full minutes: never positive, under ten minutes."""
    return -(_on_axis_s(strip) % RULES_REPEAT_S) * layout.mm_per_s


def clock(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """Ticks and times under the paper: hh:mm of the zone, or time since the start of the recording.

    A time on the edge of a tile is written in both its neighbours, which each show a half; at the ends of the
    recording, where there is no neighbour, it is moved in. None is written where it would touch the one before.
    """
    every_s = _label_every_min(strip) * 60
    axis_s = _on_axis_s(strip)
    label_at = _labels(strip)
    lowest_mm, highest_mm, beyond_s = -inf, inf, 0.0
    if strip.frame is Frame.TILE:
        half_mm = width_mm(label_at(strip.start_s), style.AXIS_TEXT_PT) / 2
        beyond_s = half_mm / layout.mm_per_s
        lowest_mm = half_mm if strip.start_s == 0 else -inf
        highest_mm = layout.width_mm - half_mm if strip.end_s >= strip.stretch.recording_s else inf
    seconds = -(-(axis_s - beyond_s) // every_s) * every_s - axis_s
    y = layout.time_axis_mm
    ticks: list[tuple[Point, ...]] = []
    labels: list[Mark] = []
    taken_mm = -inf
    while seconds <= strip.window_s + beyond_s + 1e-6:
        if strip.start_s + seconds >= 0:
            x = layout.fhr.left_mm + seconds * layout.mm_per_s
            ticks.append(((x, y), (x, y + _TICK_MM)))
            middle, label = min(max(x, lowest_mm), highest_mm), label_at(strip.start_s + seconds)
            half_mm = width_mm(label, style.AXIS_TEXT_PT) / 2
            if middle - half_mm >= taken_mm:
                taken_mm = middle + half_mm + _APART_MM
                labels += text_marks(
                    middle, y + 4.8, label, size_pt=style.AXIS_TEXT_PT, anchor="middle", fill=style.MUTED
                )
        seconds += every_s
    return (Strokes(_TICK, tuple(ticks)), *labels) if ticks else ()


def _label_every_min(strip: Strip) -> int:
    """How many minutes lie between two times: as many in each tile of a row, however long that is.

    A short picture that stands alone has more of them, so that it has two at least.
    """
    every_min = _LABEL_EVERY_MIN[strip.scale.speed_cm_min]
    while strip.frame is Frame.FULL and every_min > 1 and strip.minutes < 2 * every_min:
        every_min = _SHORTER[every_min]
    return every_min


def is_elapsed(strip: Strip) -> bool:
    """Whether time is counted from the start of the recording: asked for, or because the start is unknown."""
    return strip.time is TimeAxis.ELAPSED or strip.stretch.start is None


def _on_axis_s(strip: Strip) -> float:
    """Where the window begins: since midnight on the clock of the zone, or in the recording."""
    start = strip.stretch.start
    if start is None or is_elapsed(strip):
        return strip.start_s
    return _since_midnight_s((start + timedelta(seconds=strip.start_s)).astimezone(strip.caption.zone))


def _since_midnight_s(time: datetime) -> float:
    """Seconds on the clock."""
    return time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6


def _labels(strip: Strip) -> Callable[[float], str]:
    """What gives the label of a tick from its seconds since the start of the recording."""
    start, zone, words = strip.stretch.start, strip.caption.zone, strip.caption.labels
    has_hours = strip.stretch.recording_s >= HOURS_FROM_S

    def elapsed(seconds: float) -> str:
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours}:{minutes:02d} {words.hour}" if has_hours else f"{60 * hours + minutes} {words.minute}"

    def clock_time(seconds: float) -> str:
        minutes = round((seconds + since_midnight_s) / 60)
        return _CLOCK[minutes % len(_CLOCK)]

    def clock_time_across(seconds: float) -> str:
        # Half a second, because adding fractions of a second may end just before the minute.
        time = (begin + timedelta(seconds=seconds + 0.5)).astimezone(zone)
        return _CLOCK[60 * time.hour + time.minute]

    if start is None or is_elapsed(strip):
        return elapsed
    begin = start
    first, last = ((begin + timedelta(seconds=seconds)).astimezone(zone) for seconds in (strip.start_s, strip.end_s))
    if first.utcoffset() != last.utcoffset():
        return clock_time_across
    since_midnight_s = _since_midnight_s(first) - strip.start_s
    return clock_time
