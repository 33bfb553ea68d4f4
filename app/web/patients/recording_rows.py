"""A patient's recordings as rows of a page, whichever system stored them and wherever it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from app.models import MonitoringSession, Record
from app.services.patient_recordings import ShownRecording
from app.services.patient_view import PatientState
from app.web.monitoring import patient_words, recording_words
from app.web.monitoring.sessions import STATES
from app.web.recorded_at import is_doubtful, recorded_at


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One recording on a doctor's page of a patient; `tags` are words with their kind."""

    href: str
    recorded: str
    is_doubtful: bool
    kind: str
    gestation_days: int | None
    length: str
    loss_fraction: float | None
    worry: str
    tags: Sequence[tuple[str, str]]
    owner: str
    state: str


@dataclass(frozen=True, slots=True)
class HerRecording:
    """One recording on the patient's own page: sentences, no number and nothing that was found."""

    href: str
    when: str
    tags: Sequence[str]
    line: str
    has_message: bool = False


def rows(found: Sequence[ShownRecording]) -> list[RecordingRow]:
    """Rows for a doctor."""
    return [_row(shown) for shown in found]


def her_rows(found: Sequence[MonitoringSession | Record], states: Mapping[str, PatientState]) -> list[HerRecording]:
    """Rows for the patient herself; `states` has that of each session by its id."""
    return [_hers(one, None if isinstance(one, Record) else states[one.id]) for one in found]


def address(recording: MonitoringSession | Record) -> str:
    """The page of the recording."""
    if isinstance(recording, Record):
        return url_for("records.show", record_id=recording.id)
    return url_for("monitoring.session", public_id=recording.public_id)


def _row(shown: ShownRecording) -> RecordingRow:
    recording = shown.recording
    older = (gettext("earlier system"), "quiet")
    common: dict[str, Any] = {
        "href": address(recording),
        "recorded": recorded_at(recording),
        "is_doubtful": is_doubtful(recording),
        "kind": recording_words.kind(recording),
        "gestation_days": shown.gestation_days,
        "length": recording_words.length(recording),
    }
    if isinstance(recording, Record):
        # Nobody reads a record here, so nobody owns it.
        return RecordingRow(**common, loss_fraction=None, worry="", tags=[older], owner="–", state="–")
    is_worried = recording.movement is not None and recording.movement.is_a_worry
    tags = (
        ((gettext("possible mix-up"), "due"), recording.is_possible_mix_up),
        ((gettext("twins"), "quiet"), recording.fetus_count == 2),
        (older, recording.is_carried_over),
    )
    return RecordingRow(
        **common,
        loss_fraction=recording.loss_fraction,
        worry=str(recording_words.MOVEMENTS[recording.movement]) if is_worried and recording.movement else "",
        tags=[tag for tag, is_shown in tags if is_shown],
        owner=recording.owner.name if recording.owner else gettext("nobody"),
        state=str(STATES[recording.review_state]),
    )


def _hers(recording: MonitoringSession | Record, state: PatientState | None) -> HerRecording:
    if isinstance(recording, Record) or state is None:
        return HerRecording(
            address(recording),
            recording_words.when(recording),
            [gettext("earlier system")],
            gettext("This recording came from the earlier system. Nobody reads it here."),
        )
    return HerRecording(
        address(recording),
        recording_words.when(recording),
        patient_words.tags(state, is_carried_over=recording.is_carried_over),
        patient_words.line(state),
        has_message=bool(state.message),
    )
