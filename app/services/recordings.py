"""Upload: files as they were sent become one stored, analysed session in somebody's queue, or nothing at all."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.access.actor import JOB
from app.ctg.findings import Analysis, Reason
from app.ctg.formats import ParsedRecording, SourceFile, read_recording
from app.ctg.trace import Trace
from app.models import MonitoringSession, MonitoringType, Movement, Patient, ReviewState
from app.services import analyses, audit, links, pregnancies, stored_files, unit, unit_list, waveforms, working_days
from app.services.clock import utc_now
from app.services.errors import Refused

# The promise of the unit to read within so many working days, until it has set its own.
DEFAULT_READING_DAYS = 2
# A phone's or device's clock may run ahead by so much; more is a mistaken date.
MAX_CLOCK_AHEAD = timedelta(minutes=10)
# Longer ago than a pregnancy lasts: stored, and said wherever it is shown.
LONG_AGO = timedelta(days=300)
EARLIEST_YEAR = 1970
# The seed's column of whole weeks cannot be empty; old readers show 0 as no date.
UNKNOWN_WEEKS = 0
# 22 characters in a URL.
PUBLIC_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A recording that was read and analysed: nothing of it is stored, and nobody waited for it.

    `found` is None where the recording is there already, for which nothing is analysed.
    """

    files: Sequence[SourceFile]
    content_sha256: str
    parsed: ParsedRecording
    zone: tzinfo
    maternal_bpm: int | None
    gestation_days: int | None
    found: Sequence[Analysis] | None


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """The session that holds the recording; `is_new` is False when it was there before."""

    monitoring_session: MonitoringSession
    is_new: bool


def store(
    session: Session,
    actor: Actor,
    patient: Patient,
    files: Sequence[SourceFile],
    *,
    monitoring_type: MonitoringType,
    started_at: datetime | None,
    zone: tzinfo,
    fetuses: int,
    movement: Movement | None,
    maternal_bpm: int | None,
    device_name: str,
    notes: str,
) -> StoredRecording:
    """The recording that `files` hold, stored and analysed for `patient`, or the session that holds it already.

    For who need not hurry: all of it in one transaction that writes. Parameters and errors are those of `prepare`
    and `store_prepared`.
    """
    prepared = prepare(
        session, patient, files, started_at=started_at, zone=zone, fetuses=fetuses, maternal_bpm=maternal_bpm
    )
    return store_prepared(
        session,
        actor,
        patient,
        prepared,
        monitoring_type=monitoring_type,
        movement=movement,
        device_name=device_name,
        notes=notes,
    )


def prepare(
    session: Session,
    patient: Patient,
    files: Sequence[SourceFile],
    *,
    started_at: datetime | None,
    zone: tzinfo,
    fetuses: int,
    maternal_bpm: int | None,
) -> Prepared:
    """The recording that `files` hold, read and analysed for `patient`: the long part, which only reads.

    Parameters
    ----------
    started_at : datetime or None
        What the uploader says; used only when the files do not state a start.
    zone : tzinfo
        Where local times without a zone are read.
    fetuses : int
        How many babies the uploader states, 1 or 2.

    Raises
    ------
    ParseError
        The files are no recording.
    Refused
        start_needed, start_in_future, start_too_early.
    """
    parsed = _dated(read_recording(files, zone=zone, fetuses=fetuses), started_at, now=utc_now())
    content = stored_files.content_sha256(files)
    is_known = session.scalar(_same_content(patient.id, content)) is not None
    _, gestation_days = _pregnancy_and_gestation(session, patient.id, parsed, zone)
    return Prepared(
        files=files,
        content_sha256=content,
        parsed=parsed,
        zone=zone,
        maternal_bpm=maternal_bpm,
        gestation_days=gestation_days,
        found=None
        if is_known
        else analyses.compute(parsed.trace, gestation_days=gestation_days, maternal_bpm=maternal_bpm),
    )


def store_prepared(
    session: Session,
    actor: Actor,
    patient: Patient,
    prepared: Prepared,
    *,
    monitoring_type: MonitoringType,
    movement: Movement | None,
    device_name: str,
    notes: str,
) -> StoredRecording:
    """The recording stored for `patient`, or the session that holds it already; whoever calls this may write."""
    parsed, content = prepared.parsed, prepared.content_sha256
    if session.scalar(_same_content(patient.id, content)) is not None:
        return _known(session, actor, patient.id, content, movement)
    pregnancy_id, gestation_days = _pregnancy_and_gestation(session, patient.id, parsed, prepared.zone)
    # First, because a simultaneous upload of the same content waits at this row until ours is decided.
    stored_files.keep(session, prepared.files)
    row = _new_session(session, actor, patient.id, parsed, prepared.zone)
    row.content_sha256 = content
    row.monitoring_type = monitoring_type
    row.pregnancy_id = pregnancy_id
    row.gestational_age = UNKNOWN_WEEKS if gestation_days is None else gestation_days // 7
    row.movement = movement
    row.maternal_bpm = prepared.maternal_bpm
    row.device_name = device_name or None
    row.notes = notes or None
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # The other one was first.
        return _known(session, actor, patient.id, content, movement)
    stored_files.name(session, row.id, prepared.files)
    waveforms.write_trace(session, row.id, parsed.trace)
    if prepared.found is None or gestation_days != prepared.gestation_days:
        # She was dated while the recording was read.
        analyses.run(session, row, parsed.trace, gestation_days=gestation_days)
    else:
        analyses.keep(session, row, prepared.found, gestation_days=gestation_days)
    _flag_mix_up(session, actor, row)
    audit.record(session, actor, "session:store", patient_id=patient.id, object_type="session", object_id=row.public_id)
    if movement is not None and movement.is_a_worry:
        unit_list.leave_message(session, actor, patient.id, movement, row.id)
    session.flush()
    return StoredRecording(row, is_new=True)


def _pregnancy_and_gestation(
    session: Session, patient_id: int, parsed: ParsedRecording, zone: tzinfo
) -> tuple[int | None, int | None]:
    """The pregnancy in which the recording began, with its days of gestation; None twice where none is dated so."""
    day = _start(parsed.trace).astimezone(zone).date()
    pregnancy = pregnancies.containing(session, patient_id, day)
    return None if pregnancy is None else pregnancy.id, pregnancies.gestation_on(pregnancy, day)


def _known(session: Session, actor: Actor, patient_id: int, content: str, movement: Movement | None) -> StoredRecording:
    """The session that holds this content already; a worry about movements is heard all the same."""
    is_a_worry = movement is not None and movement.is_a_worry
    # A locking read sees what was committed after our transaction began.
    same = _same_content(patient_id, content).with_for_update(read=not is_a_worry)
    row = session.scalars(same.execution_options(populate_existing=True)).one()
    if movement is not None and is_a_worry:
        _hear_worry(session, actor, row, movement)
        unit_list.leave_message(session, actor, patient_id, movement, row.id)
    return StoredRecording(row, is_new=False)


def _hear_worry(session: Session, actor: Actor, row: MonitoringSession, movement: Movement) -> None:
    """Let a stored recording wait again, as one with a worry: what was answered before was before she said it.

    A worry that stands on it is kept: no later answer makes it smaller, and a second one has a message of its own.
    """
    if row.movement is not None and row.movement.is_a_worry and row.review_state is ReviewState.TO_REVIEW:
        return
    if row.movement is None or not row.movement.is_a_worry:
        row.movement = movement
    row.review_state = ReviewState.TO_REVIEW
    row.updated_at = utc_now()
    session.flush()
    audit.record(
        session,
        actor,
        "session:hear_worry",
        patient_id=row.patient_id,
        object_type="session",
        object_id=row.public_id,
    )


def _dated(parsed: ParsedRecording, stated: datetime | None, *, now: datetime) -> ParsedRecording:
    """The recording with a start, its own or else the stated one, that a clock could have shown."""
    start = parsed.trace.start or stated
    if start is None:
        raise Refused("start_needed")
    if start > now + MAX_CLOCK_AHEAD:
        raise Refused("start_in_future", start=start)
    if start.year < EARLIEST_YEAR:
        raise Refused("start_too_early", start=start)
    notes = list(parsed.notes)
    if parsed.trace.start is None:
        notes.append(Reason("start_stated"))
    if now - start > LONG_AGO:
        notes.append(Reason("start_long_ago", {"days": (now - start).days}))
    return replace(parsed, trace=parsed.trace.starting(start), notes=tuple(notes))


def _start(trace: Trace) -> datetime:
    """The start of a recording that `_dated` has seen."""
    if trace.start is None:
        raise ValueError("the recording has no start")
    return trace.start


def _same_content(patient_id: int, content: str) -> Select[MonitoringSession]:
    return select(MonitoringSession).where(
        MonitoringSession.patient_id == patient_id, MonitoringSession.content_sha256 == content
    )


def _new_session(
    session: Session, actor: Actor, patient_id: int, parsed: ParsedRecording, zone: tzinfo
) -> MonitoringSession:
    """A session with everything that the recording itself and the moment decide."""
    now = utc_now()
    trace = parsed.trace
    the_unit = unit.find(session)
    promised_days = the_unit.reading_within_days if the_unit is not None else None
    return MonitoringSession(
        id=str(uuid.uuid4()),
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        patient_id=patient_id,
        doctor_id=_owner_id(session, actor, patient_id),
        start_time=_start(trace),
        end_time=trace.end,
        started_at=trace.start,
        received_at=now,
        due_at=working_days.after(now, promised_days or DEFAULT_READING_DAYS, zone),
        uploaded_by_id=actor.user_id,
        shared_with_doctor=True,
        review_state=ReviewState.TO_REVIEW,
        is_possible_mix_up=False,
        format_id=parsed.format_id,
        format_notes=[note.to_document() for note in parsed.notes],
        **waveforms.summary(trace),
        created_at=now,
        updated_at=now,
    )


def _owner_id(session: Session, actor: Actor, patient_id: int) -> int | None:
    """Who is to read it: the doctor who uploads it, else the patient's longest reader, else nobody."""
    if actor.role is ActorRole.DOCTOR:
        return actor.user_id
    readers = links.readers(session, patient_id)
    return readers[0].id if readers else None


def _flag_mix_up(session: Session, actor: Actor, row: MonitoringSession) -> None:
    """Flag this session and those of other patients with the same content; nobody is named to anybody."""
    others = session.scalars(
        select(MonitoringSession)
        .where(MonitoringSession.content_sha256 == row.content_sha256, MonitoringSession.woman_id != row.woman_id)
        .with_for_update()
    ).all()
    # Found by the portal itself: the log of one woman must not name the person who uploaded for another.
    portal = replace(JOB, request_id=actor.request_id)
    for flagged in [row, *others] if others else []:
        if not flagged.is_possible_mix_up:
            flagged.is_possible_mix_up = True
            audit.record(
                session,
                portal,
                "session:flag_mix_up",
                patient_id=flagged.woman_id,
                object_type="session",
                object_id=flagged.public_id,
            )
