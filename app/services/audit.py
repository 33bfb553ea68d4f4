"""The audit trail: acts are noted while a request runs and chained in its transaction, last of all."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Result, Row, insert, select, update
from sqlalchemy.orm import Session

from app.access import Actor
from app.database import begin_writing_after_reading
from app.models import AuditEvent, AuditHead
from app.services.clock import utc_now

CHAIN_START = "0" * 64
ROWS_AT_A_TIME = 5_000
# One encoder for all rows: json.dumps would make one for each, which doubles the time of a verification.
_canonical_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_PENDING = "audit_pending"

# The hashed columns, in the order in which they are hashed. Adding one means a new chain format: never reorder.
_HASHED = (
    AuditEvent.position,
    AuditEvent.at,
    AuditEvent.actor_id,
    AuditEvent.actor_role,
    AuditEvent.act,
    AuditEvent.subject_patient_id,
    AuditEvent.object_type,
    AuditEvent.object_id,
    AuditEvent.detail,
    AuditEvent.address,
    AuditEvent.request_id,
    AuditEvent.previous_hash,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one actor, not yet in the chain."""

    actor: Actor
    act: str
    subject_patient_id: int | None
    object_type: str
    object_id: str
    detail: str
    is_refusal: bool


def record(
    session: Session,
    actor: Actor,
    act: str,
    *,
    patient_id: int | None = None,
    object_type: str = "",
    object_id: object = "",
    is_refusal: bool = False,
    **detail: str | int | bool | None,
) -> None:
    """Note `act` for the chain; the same act on the same object counts once a request. Give no clinical value.

    A refusal is kept when the request's transaction is rolled back, everything else goes with it.
    """
    noted = Act(
        actor=actor,
        act=act,
        subject_patient_id=patient_id,
        object_type=object_type,
        object_id=str(object_id),
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=True, separators=(",", ":")),
        is_refusal=is_refusal,
    )
    _pending(session).setdefault(noted)


def record_named(session: Session, actor: Actor, act: str, patient_ids: Iterable[int], **detail: bool) -> None:
    """Note that a list named these patients: one row for each, or one about the page when it named nobody."""
    named = sorted(set(patient_ids))
    for patient_id in named:
        record(session, actor, act, patient_id=patient_id, object_type="patient", object_id=patient_id, **detail)
    if not named:
        record(session, actor, act, patient_id=None, object_type="page", **detail)


def keep_refusals(session: Session) -> None:
    """Drop every noted act but refusals: what they spoke of was rolled back."""
    session.info[_PENDING] = dict.fromkeys(act for act in _pending(session) if act.is_refusal)


def chain_pending(session: Session) -> None:
    """Append the noted acts to the chain. Call it last before the commit: it holds the chain's head locked.

    A request that only read has read by now, so its transaction ends here and the rows get one of their own.
    """
    pending: dict[Act, None] = session.info.pop(_PENDING, {})
    if not pending:
        return
    begin_writing_after_reading(session)
    session.flush()
    head = session.execute(select(AuditHead.position, AuditHead.hash).where(AuditHead.id == 1).with_for_update()).one()
    rows = list(_chained(list(pending), head.position, head.hash, utc_now()))
    session.execute(insert(AuditEvent), rows)
    session.execute(
        update(AuditHead).where(AuditHead.id == 1).values(position=rows[-1]["position"], hash=rows[-1]["hash"])
    )


class Flaw(StrEnum):
    """What is wrong with the first bad row of a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_PLACE = "does not follow the row before it"
    ADDED = "stands after the recorded end of the chain"
    OTHER_END = "is not the row that the recorded end of the chain names"
    NO_HEAD = "the recorded end of the chain is missing"


@dataclass(frozen=True, slots=True)
class Verification:
    """How many rows hold from the first on, and the first position that does not, with its flaw."""

    intact_rows: int
    first_bad_position: int | None = None
    flaw: Flaw | None = None

    @property
    def is_intact(self) -> bool:
        """Whether the whole chain holds."""
        return self.flaw is None


def verify(session: Session) -> Verification:
    """Walk the whole chain, a few thousand rows in memory at a time, up to the first flaw.

    Rows that were removed at the end are found by the head row; whoever can write that too is found only by
    comparing with a copy kept elsewhere.
    """
    # First, so that rows which others add meanwhile stand behind it on a database without snapshots.
    head = session.execute(select(AuditHead.position, AuditHead.hash).where(AuditHead.id == 1)).one_or_none()
    if head is None:
        return Verification(0, None, Flaw.NO_HEAD)
    intact, previous = 0, CHAIN_START
    statement = select(*_HASHED, AuditEvent.hash).order_by(AuditEvent.position)
    rows: Result[Any] = session.execute(statement.execution_options(yield_per=ROWS_AT_A_TIME))
    for row in rows:
        flaw = _flaw(row, intact=intact, previous=previous, end=head.position)
        if flaw is not None:
            return Verification(intact, intact + 1 if flaw is Flaw.MISSING else row.position, flaw)
        intact, previous = intact + 1, row.hash
    if intact < head.position:
        return Verification(intact, intact + 1, Flaw.MISSING)
    if previous != head.hash:
        return Verification(max(intact - 1, 0), intact, Flaw.OTHER_END)
    return Verification(intact)


def _flaw(row: Row[Any], *, intact: int, previous: str, end: int) -> Flaw | None:
    """What is wrong with a row after `intact` good ones, the last of which has the hash `previous`."""
    if row.position > intact + 1:
        return Flaw.MISSING
    if row.hash != _hash(row[:-1]):
        return Flaw.CHANGED
    if row.position != intact + 1 or row.previous_hash != previous:
        return Flaw.OUT_OF_PLACE
    return Flaw.ADDED if row.position > end else None


def _pending(session: Session) -> dict[Act, None]:
    """The noted acts in their order; a list of a whole page must not be searched for each of them."""
    pending: dict[Act, None] = session.info.setdefault(_PENDING, {})
    return pending


def _chained(acts: Sequence[Act], position: int, previous: str, at: datetime) -> Iterator[dict[str, Any]]:
    for act in acts:
        position += 1
        values: dict[str, Any] = {
            "position": position,
            "at": at,
            "actor_id": act.actor.user_id,
            "actor_role": act.actor.role.value,
            "act": act.act,
            "subject_patient_id": act.subject_patient_id,
            "object_type": act.object_type,
            "object_id": act.object_id,
            "detail": act.detail,
            "address": act.actor.address,
            "request_id": act.actor.request_id,
            "previous_hash": previous,
        }
        previous = _hash([values[column.key] for column in _HASHED])
        yield {**values, "hash": previous}


def _hash(values: Sequence[Any] | Row[Any]) -> str:
    canonical = [value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value for value in values]
    return hashlib.sha256(_canonical_json(canonical).encode()).hexdigest()
