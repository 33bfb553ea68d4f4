"""A recording that a reader may see as a strip, whichever kind of file she asks for: one guard for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from app.access import Permission
from app.charts import Audience, Frame, Strip
from app.ctg.findings import Analysis
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.ctg.trace import Trace
from app.models import MonitoringSession, Record
from app.services import analyses, guarded, traces, unit_list
from app.services.errors import NotFound
from app.services.traces import Facts
from app.web import current
from app.web.monitoring.strip_picture import audience_of, etag, make_strip
from app.web.monitoring.strip_tiles import Shape
from app.web.monitoring.strip_view import StripView

Recording = TypeVar("Recording", MonitoringSession, Record)


@dataclass(frozen=True, slots=True)
class StripSource(Generic[Recording]):
    """What decides about each of its pictures; samples and analyses are read when the first one is drawn.

    `stretch` gives the samples from one second to another, `analyses` what is drawn of them for this audience.
    """

    recording: Recording
    facts: Facts
    audience: Audience
    analysis_ids: Sequence[str]
    shape: Callable[[], Shape]
    stretch: Callable[[float, float], Stretch]
    analyses: Callable[[], Sequence[Analysis]]

    def tag(self, view: StripView, frame: Frame = Frame.FULL) -> str:
        """What names the strip of this view."""
        return etag(self.recording, self.facts, self.analysis_ids, view, self.audience, frame)

    def draw(self, view: StripView, frame: Frame = Frame.FULL) -> Strip:
        """The strip of this view."""
        stretch = self.stretch(view.start_s, view.start_s + view.minutes * 60)
        return make_strip(self.recording, stretch, self.analyses(), view, self.audience, frame)


def session_source(public_id: str) -> StripSource[MonitoringSession]:
    """The session, loaded with guard and logged; NotFound where this reader gets no strip of it."""
    session, zone = current.database(), current.settings().time_zone
    recording = guarded.monitoring_session(session, current.actor(), public_id, Permission.SESSION_READ)
    facts, audience = traces.facts(session, recording), audience_of(current.actor())
    said_less_movement = recording.movement is not None and recording.movement.is_a_worry
    refuse_worried(audience, recording.woman_id, said_less_movement=said_less_movement)
    if facts is None:
        raise NotFound("strip")
    is_clinicians = audience is Audience.CLINICIAN
    return StripSource(
        recording,
        facts,
        audience,
        analyses.shown_ids(session, recording, facts, zone=zone) if is_clinicians else (),
        shape=lambda: Shape.of_session(recording, facts.start),
        stretch=_reader(recording),
        analyses=cache(lambda: analyses.drawn(session, recording, zone=zone) if is_clinicians else ()),
    )


def refuse_worried(audience: Audience, woman_id: int | None, *, said_less_movement: bool = False) -> None:
    """NotFound for a patient who says that her baby moves less, of this recording or to the unit, and has no answer.

    After that a heart rate answers nothing (SAFETY.md 2.5): whom to call stands on her pages.
    """
    if audience is Audience.PATIENT and (
        said_less_movement or unit_list.has_open_message(current.database(), woman_id or 0)
    ):
        raise NotFound("strip")


def _reader(recording: MonitoringSession) -> Callable[[float, float], Stretch]:
    """What gives a stretch; readings are all read for the first, so they are kept for the next sheet."""
    session = current.database()
    if not traces.are_readings(recording):
        return lambda start_s, end_s: traces.read_stretch(session, recording, start_s, end_s)

    @cache
    def whole() -> Trace:
        try:
            return traces.read(session, recording).trace
        except ParseError:
            raise NotFound("strip") from None

    return lambda start_s, end_s: Stretch.around(whole(), start_s, end_s)
