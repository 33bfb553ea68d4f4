"""Time on a strip: clock times of the zone when the start is known, else minutes of the recording."""

from datetime import datetime, timedelta

from app.charts import style
from app.charts.layout import Layout
from app.charts.paper import RULES_REPEAT_S
from app.charts.strip import Strip
from app.charts.text import number, text_element

_LABEL_EVERY_MIN = {1: 5, 2: 2, 3: 1}
_SHORTER = {5: 2, 2: 1}
_TICK_MM = 1.4


def window_times(strip: Strip) -> tuple[datetime, datetime] | None:
    """Begin and end of what is recorded in the window, in the caption's zone; None without a start time."""
    if strip.trace.start is None:
        return None
    begin_s = min(strip.start_s, strip.trace.duration_s)
    end_s = min(strip.end_s, strip.trace.duration_s)
    begin, end = (strip.trace.start + timedelta(seconds=seconds) for seconds in (begin_s, end_s))
    return begin.astimezone(strip.caption.zone), end.astimezone(strip.caption.zone)


def rules_shift_mm(strip: Strip, layout: Layout) -> float:
    """How far the paper's rules move so that they stand on full minutes: never positive, under ten minutes."""
    return -(_since_midnight_s(strip) % RULES_REPEAT_S) * layout.mm_per_s


def clock(strip: Strip, layout: Layout) -> str:
    """Ticks and times under the paper: hh:mm of the zone, or minutes of the recording without a start time."""
    every_min = _LABEL_EVERY_MIN[layout.scale.speed_cm_min]
    while every_min > 1 and strip.minutes < 2 * every_min:
        every_min = _SHORTER[every_min]
    every_s = every_min * 60
    since_midnight = _since_midnight_s(strip)
    first = -(-since_midnight // every_s) * every_s
    y = layout.time_axis_mm
    ticks, labels = [], []
    for index in range(int(strip.window_s // every_s) + 1):
        seconds = first + index * every_s - since_midnight
        if seconds > strip.window_s + 1e-6:
            break
        x = layout.fhr.left_mm + seconds * layout.mm_per_s
        ticks.append(f"M{number(x)} {number(y)}v{_TICK_MM}")
        label = _clock_label(strip, strip.start_s + seconds)
        labels.append(text_element(x, y + 4.8, label, size_pt=style.AXIS_TEXT_PT, anchor="middle", fill=style.MUTED))
    path = f'<path stroke="{style.GRID_STRONG}" stroke-width="0.25" d="{"".join(ticks)}"/>' if ticks else ""
    return path + "".join(labels)


def _since_midnight_s(strip: Strip) -> float:
    """Where the window begins on the clock of the zone, or in the recording when it has no start time."""
    if strip.trace.start is None:
        return strip.start_s
    begin = (strip.trace.start + timedelta(seconds=strip.start_s)).astimezone(strip.caption.zone)
    return begin.hour * 3600 + begin.minute * 60 + begin.second + begin.microsecond / 1e6


def _clock_label(strip: Strip, seconds: float) -> str:
    """The label of a tick at `seconds` from the start of the recording."""
    if strip.trace.start is None:
        return f"{round(seconds / 60)} {strip.caption.labels.minute}"
    # Half a second, because adding fractions of a second may end just before the minute.
    instant = strip.trace.start + timedelta(seconds=seconds + 0.5)
    return instant.astimezone(strip.caption.zone).strftime("%H:%M")
