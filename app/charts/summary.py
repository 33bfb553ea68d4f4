"""The facts of a strip for its alternative text: numbers and codes, from which a page makes its sentence."""

from dataclasses import dataclass
from datetime import datetime

from app.charts.clock import window_times
from app.charts.strip import Audience, Strip
from app.charts.window import Window
from app.ctg.trace import ChannelName


@dataclass(frozen=True, slots=True)
class StripSummary:
    """What a reader who cannot see the picture is told about it; nothing in it is computed from the heart rate.

    `begin` and `end` enclose what is recorded within the window, in the caption's zone; None without a start time.
    `loss_fractions` has one value a fetus, 0 to 1, None where the window holds no sample.
    """

    audience: Audience
    recording_s: float
    window_start_s: float
    window_s: float
    recorded_in_window_s: float
    begin: datetime | None
    end: datetime | None
    begin_zone_name: str
    zone_name: str
    speed_cm_min: int
    bpm_per_cm: int
    channels: tuple[ChannelName, ...]
    loss_fractions: tuple[float | None, ...]
    has_signal: bool
    time_is_estimated: bool
    is_demo: bool


def strip_summary(strip: Strip) -> StripSummary:
    """The facts about this picture, the same for every audience but for `audience` itself."""
    part, recording_s = strip.stretch.part, strip.stretch.recording_s
    times = window_times(strip)
    window = Window(strip)
    return StripSummary(
        audience=strip.audience,
        recording_s=recording_s,
        window_start_s=strip.start_s,
        window_s=strip.window_s,
        recorded_in_window_s=max(0.0, min(strip.end_s, recording_s) - strip.start_s),
        begin=None if times is None else times[0],
        end=None if times is None else times[1],
        begin_zone_name=strip.caption.begin_zone_name,
        zone_name=strip.caption.zone_name,
        speed_cm_min=strip.scale.speed_cm_min,
        bpm_per_cm=strip.scale.bpm_per_cm,
        channels=tuple(name for name, _ in part.channels()),
        loss_fractions=window.loss_fractions,
        has_signal=window.has_signal,
        time_is_estimated=part.time_is_estimated,
        is_demo=strip.is_demo,
    )
