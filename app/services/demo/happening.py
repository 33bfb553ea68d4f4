"""What happens to recordings in the demo world: uploaded, opened, read and signed, called about, released."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import partial

from app.access import Permission
from app.ctg.formats import SourceFile
from app.ctg.synthetic import simulate
from app.ctg.trace import Trace
from app.models import ContactOutcome, MonitoringSession
from app.services import contacts, guarded, pregnancies, recordings, releases, reviews
from app.services.demo import files
from app.services.demo.cast import Act, Cast
from app.services.demo.people import PASSWORD
from app.services.demo.plan import RECORDINGS, SENDING_TIME, FileKind, Recording
from app.services.demo.readings import OUTCOMES, Outcome
from app.services.reading import Reading
from app.services.reviews import Seen
from app.services.unit import DEFAULT_BPM_PER_CM, DEFAULT_SPEED_CM_MIN

FILE_NAME = "demo-{key}"


def acts(now: datetime, zone: tzinfo) -> Iterator[tuple[datetime, Act]]:
    """Each act about a recording with its instant."""
    received: dict[str, datetime] = {}
    for recording in RECORDINGS:
        begins = recording.begins.before(now, zone).replace(second=0, microsecond=0)
        received[recording.key] = begins + timedelta(seconds=recording.scenario.duration_s) + SENDING_TIME
        yield received[recording.key], partial(upload, recording, begins, zone)
    for outcome in OUTCOMES:
        for minutes, act in _steps(outcome):
            yield received[outcome.key] + timedelta(minutes=minutes), act


def _steps(outcome: Outcome) -> Iterator[tuple[int, Act]]:
    yield outcome.opened_min, partial(read, outcome)
    for number, reading in enumerate(outcome.readings):
        yield outcome.signed_min + number, partial(sign, outcome, number + 1, reading)
    for minutes, result, note in outcome.contacts:
        yield minutes, partial(call, outcome, result, note)
    if outcome.released_min is not None:
        yield outcome.released_min, partial(release, outcome)


def trace_of(recording: Recording, *, begins: datetime, gestation_days: int | None) -> Trace:
    """The simulated recording; equal plans give equal samples, whenever it begins."""
    scenario = recording.scenario
    if gestation_days is not None:
        scenario = replace(scenario, gestation_weeks=gestation_days // 7)
    return simulate(scenario, seed=recording.seed, start=begins)


def files_of(recording: Recording, trace: Trace, zone: tzinfo) -> tuple[SourceFile, ...]:
    """The files that the device writes."""
    name = FILE_NAME.format(key=recording.key)
    if recording.file_kind is FileKind.WFDB:
        return files.wfdb_files(trace, name, zone)
    if recording.file_kind is FileKind.ISO_CSV:
        return (files.iso_csv_file(trace, name, zone),)
    return (files.csv_file(trace, name),)


def upload(recording: Recording, begins: datetime, zone: tzinfo, cast: Cast) -> None:
    """The woman at home or somebody in the clinic sends what the device wrote."""
    actor = cast.actor(recording.sender or recording.patient)
    patient_id = cast.patient_id(recording.patient)
    patient = guarded.patient(cast.session, actor, patient_id, Permission.RECORDING_UPLOAD)
    gestation_days = pregnancies.gestation_at(cast.session, patient_id, begins, zone)
    trace = trace_of(recording, begins=begins, gestation_days=gestation_days)
    stored = recordings.store(
        cast.session,
        actor,
        patient,
        files_of(recording, trace, zone),
        monitoring_type=recording.monitoring_type,
        started_at=begins,
        zone=zone,
        fetuses=trace.fetus_count,
        movement=recording.movement,
        maternal_bpm=recording.pulse_bpm,
        device_name=recording.device_name,
        notes=recording.notes,
    )
    cast.public_ids[recording.key] = stored.monitoring_session.public_id


def read(outcome: Outcome, cast: Cast) -> None:
    """The reader opens the recording, which is what the patient is told of."""
    _load(outcome, cast, Permission.SESSION_READ)


def sign(outcome: Outcome, fetus: int, reading: Reading, cast: Cast) -> None:
    """The reader signs what she read of one fetus."""
    monitoring_session = _load(outcome, cast, Permission.REVIEW_WRITE)
    reviews.sign(
        cast.session,
        cast.actor(outcome.reader),
        monitoring_session,
        fetus=fetus,
        stated=reading,
        seen=Seen(monitoring_session.trace_digest or "", DEFAULT_SPEED_CM_MIN, DEFAULT_BPM_PER_CM),
        password=PASSWORD,
    )


def call(outcome: Outcome, result: ContactOutcome, note: str, cast: Cast) -> None:
    """The reader logs how her call went."""
    monitoring_session = _load(outcome, cast, Permission.CONTACT_LOG)
    contacts.log(cast.session, cast.actor(outcome.reader), monitoring_session, outcome=result, note=note)


def release(outcome: Outcome, cast: Cast) -> None:
    """The reader gives her words to the patient."""
    if outcome.words is None:
        raise ValueError(f"{outcome.key} is to be released without words")
    monitoring_session = _load(outcome, cast, Permission.RELEASE_WRITE)
    newest = reviews.newest(reviews.signed(cast.session, monitoring_session))
    releases.release(
        cast.session,
        cast.actor(outcome.reader),
        monitoring_session,
        outcome.words,
        review_id=max(review.id for review in newest),
        words_are_confirmed=False,
    )


def _load(outcome: Outcome, cast: Cast, permission: Permission) -> MonitoringSession:
    public_id = cast.public_ids[outcome.key]
    return guarded.monitoring_session(cast.session, cast.actor(outcome.reader), public_id, permission)
