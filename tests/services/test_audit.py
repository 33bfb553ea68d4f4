"""The audit trail: one chain whoever writes, every kind of tampering named, the search of it an act of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, delete, insert, select, update
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.access.actor import JOB, OPERATOR
from app.database import begin_writing, engine_options, prepare_engine
from app.models import AuditEvent, AuditHead, User
from app.services import audit, audit_search, clock
from app.services.audit import Flaw
from app.services.audit_search import Criteria
from app.services.transaction import commit, roll_back, unit_of_work
from tests.make import Make

WRITERS = 50
PATIENCE_S = 120
ROWS = 6


@pytest.fixture
def engine(app: Flask, database_url: str) -> Iterator[Engine]:
    """Connections for many threads at once, set up as the portal's own are, with the patience of a slow machine."""
    options = engine_options(database_url)
    waits = ("timeout",) if database_url.startswith("sqlite") else ("read_timeout", "write_timeout")
    options["connect_args"] |= dict.fromkeys(waits, PATIENCE_S)
    engine = create_engine(database_url, **{**options, "pool_size": WRITERS, "pool_timeout": PATIENCE_S})
    prepare_engine(engine)
    yield engine
    engine.dispose()


def write(session: Session, *acts: str, actor: Actor = OPERATOR) -> None:
    with unit_of_work(session):
        for act in acts:
            audit.record(session, actor, act, patient_id=7, object_type="patient", object_id=7)


def write_rows(session: Session) -> None:
    for number in range(ROWS):
        write(session, f"patient:read_{number}")


def positions(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(AuditEvent.position).order_by(AuditEvent.position)))


def row(session: Session, position: int) -> dict[str, object]:
    table = AuditEvent.__table__
    return dict(session.execute(select(table).where(table.c.position == position)).mappings().one())


def put(session: Session, values: dict[str, object]) -> None:
    session.execute(insert(AuditEvent.__table__).values(values))  # type: ignore[arg-type]  # a Table it is


def remove(session: Session, position: int) -> None:
    session.execute(delete(AuditEvent).where(AuditEvent.position == position))


def change(session: Session) -> None:
    session.execute(update(AuditEvent).where(AuditEvent.position == 3).values(actor_id=99))


def change_the_time(session: Session) -> None:
    moved = clock.utc_now() - timedelta(days=1)
    session.execute(update(AuditEvent).where(AuditEvent.position == 3).values(at=moved))


def leave_out(session: Session) -> None:
    remove(session, 3)


def leave_out_the_first(session: Session) -> None:
    remove(session, 1)


def swap(session: Session) -> None:
    third, fourth = row(session, 3), row(session, 4)
    remove(session, 3)
    remove(session, 4)
    put(session, {**third, "position": 4})
    put(session, {**fourth, "position": 3})


def close_the_gap(session: Session) -> None:
    """Leave a row out and move those behind it up."""
    remove(session, 3)
    for position in range(4, ROWS + 1):
        session.execute(update(AuditEvent).where(AuditEvent.position == position).values(position=position - 1))


def squeeze_in(session: Session) -> None:
    """Put a well-made row in the middle and move those behind it down."""
    for position in range(ROWS, 2, -1):
        session.execute(update(AuditEvent).where(AuditEvent.position == position).values(position=position + 1))
    forged = {**row(session, 2), "position": 3, "act": "patient:forged", "previous_hash": row(session, 2)["hash"]}
    put(session, {**forged, "hash": digest(forged)})


def put_before_the_first(session: Session) -> None:
    forged = {**row(session, 1), "position": 0}
    put(session, {**forged, "hash": digest(forged)})


def add_at_the_end(session: Session) -> None:
    """A well-made row behind the last one, which the head does not know."""
    last = row(session, ROWS)
    forged = {**last, "position": ROWS + 1, "previous_hash": last["hash"]}
    put(session, {**forged, "hash": digest(forged)})


def cut_the_end_off(session: Session) -> None:
    remove(session, ROWS)
    remove(session, ROWS - 1)


def empty_it(session: Session) -> None:
    session.execute(delete(AuditEvent))


def replace_the_last(session: Session) -> None:
    forged = {**row(session, ROWS), "act": "patient:forged"}
    remove(session, ROWS)
    put(session, {**forged, "hash": digest(forged)})


def remove_the_head(session: Session) -> None:
    session.execute(delete(AuditHead))


def digest(values: dict[str, object]) -> str:
    """The hash that a forger who knows our format would compute."""
    return audit._hash([values[column.key] for column in audit._HASHED])


@pytest.mark.parametrize(
    ("tamper", "position", "flaw"),
    [
        (change, 3, Flaw.CHANGED),
        (change_the_time, 3, Flaw.CHANGED),
        (leave_out, 3, Flaw.MISSING),
        (leave_out_the_first, 1, Flaw.MISSING),
        (swap, 3, Flaw.CHANGED),
        (close_the_gap, 3, Flaw.CHANGED),
        (squeeze_in, 4, Flaw.CHANGED),
        (put_before_the_first, 0, Flaw.OUT_OF_PLACE),
        (add_at_the_end, ROWS + 1, Flaw.ADDED),
        (cut_the_end_off, ROWS - 1, Flaw.MISSING),
        (empty_it, 1, Flaw.MISSING),
        (replace_the_last, ROWS, Flaw.OTHER_END),
        (remove_the_head, None, Flaw.NO_HEAD),
    ],
)
def test_tampering_is_named(
    session: Session, tamper: Callable[[Session], None], position: int | None, flaw: Flaw
) -> None:
    write_rows(session)
    assert audit.verify(session).is_intact
    session.rollback()

    begin_writing(session)
    tamper(session)
    session.commit()

    result = audit.verify(session)
    assert not result.is_intact
    assert (result.first_bad_position, result.flaw) == (position, flaw)


def test_an_empty_trail_is_intact(session: Session) -> None:
    assert audit.verify(session) == audit.Verification(0)


def test_parallel_writers_keep_one_chain(session: Session, engine: Engine) -> None:
    def work(number: int) -> None:
        with Session(engine) as own:
            write(own, f"patient:read_{number}", f"patient:write_{number}")

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(work, range(WRITERS)))

    assert positions(session) == list(range(1, 2 * WRITERS + 1))
    assert audit.verify(session) == audit.Verification(2 * WRITERS)
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.position)).all()
    assert sorted(acts) == sorted(f"patient:{verb}_{n}" for n in range(WRITERS) for verb in ("read", "write"))


def test_readers_and_writers_at_once_keep_one_chain(session: Session, engine: Engine) -> None:
    """A request that reads has a snapshot from before the others wrote; its row must join the chain all the same."""

    def read(number: int) -> None:
        with Session(engine) as own:
            own.scalars(select(User)).all()
            audit.record(own, OPERATOR, f"patient:read_{number}")
            commit(own)

    def change_something(number: int) -> None:
        with Session(engine) as own:
            write(own, f"patient:write_{number}")

    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(work, n) for n in range(WRITERS // 2) for work in (read, change_something)]:
            done.result()

    assert audit.verify(session) == audit.Verification(2 * (WRITERS // 2))


def test_a_page_view_is_recorded_although_somebody_wrote_in_between(session: Session, engine: Engine) -> None:
    with Session(engine) as reader:
        reader.scalars(select(User)).all()  # The snapshot of this request.
        audit.record(reader, OPERATOR, "patient:read")
        write(session, "patient:write")
        commit(reader)

    acts = session.execute(select(AuditEvent.position, AuditEvent.act).order_by(AuditEvent.position)).all()
    assert [tuple(act) for act in acts] == [(1, "patient:write"), (2, "patient:read")]
    assert audit.verify(session).is_intact


def test_a_rolled_back_request_keeps_its_refusals_only(session: Session, make: Make) -> None:
    user = make.user()
    begin_writing(session)
    session.execute(update(User).where(User.id == user.id).values(name="Changed"))
    audit.record(session, OPERATOR, "patient:edit")
    audit.record(session, OPERATOR, "refused", is_refusal=True, permission="patient:read")
    roll_back(session)

    assert session.scalars(select(AuditEvent.act)).all() == ["refused"]
    assert session.scalars(select(User.name).where(User.id == user.id)).one() == user.name
    assert audit.verify(session).is_intact


def test_an_exception_keeps_nothing_of_a_command(session: Session) -> None:
    def fail() -> None:
        with unit_of_work(session):
            audit.record(session, OPERATOR, "unit:save")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert positions(session) == []


def test_the_same_act_on_the_same_object_counts_once_a_request(session: Session) -> None:
    write(session, "patient:read", "patient:read", "patient:edit")
    assert session.scalars(select(AuditEvent.act).order_by(AuditEvent.position)).all() == [
        "patient:read",
        "patient:edit",
    ]


def test_a_read_request_that_changes_data_is_a_defect(session: Session, make: Make) -> None:
    user = make.user()
    session.scalars(select(User)).all()
    user.name = "Changed by a page view"
    audit.record(session, OPERATOR, "patient:read")
    with pytest.raises(RuntimeError, match="only reads"):
        commit(session)
    session.rollback()
    assert session.scalars(select(User.name).where(User.id == user.id)).one() != "Changed by a page view"


def found(session: Session, **criteria: object) -> list[str]:
    page = audit_search.search(session, OPERATOR, Criteria(**criteria))  # type: ignore[arg-type]
    session.rollback()
    session.info.clear()
    return [item.event.act for item in page.rows]


def test_the_search_finds_by_actor_patient_act_and_time(session: Session, make: Make) -> None:
    doctor = make.doctor()
    as_doctor = Actor(role=ActorRole.DOCTOR, user_id=doctor.id)
    start = clock.utc_now()
    with clock.at(start - timedelta(days=2)):
        write(session, "patient:read", actor=as_doctor)
    with clock.at(start - timedelta(days=1)), unit_of_work(session):
        audit.record(session, JOB, "session:store", patient_id=8)
    write(session, "session:read", "session_x", actor=as_doctor)

    assert found(session) == ["session_x", "session:read", "session:store", "patient:read"]
    assert found(session, actor=str(doctor.id)) == ["session_x", "session:read", "patient:read"]
    assert found(session, actor=doctor.email.upper()) == ["session_x", "session:read", "patient:read"]
    assert found(session, actor="nobody@example.org") == []
    assert found(session, actor="9" * 30) == []
    assert found(session, patient_id=8) == ["session:store"]
    assert found(session, act="session:") == ["session:read", "session:store"]
    assert found(session, act="session_") == ["session_x"]
    assert found(session, since=start - timedelta(days=1, hours=1), until=start - timedelta(hours=1)) == [
        "session:store"
    ]


def test_the_search_is_an_act_that_the_patient_can_see(session: Session, make: Make) -> None:
    admin = Actor(role=ActorRole.ADMIN, user_id=make.admin().id)
    audit_search.search(session, admin, Criteria(patient_id=8))
    commit(session)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.act, event.actor_id, event.subject_patient_id) == ("audit:search", admin.user_id, 8)


def test_the_search_pages_both_ways(session: Session) -> None:
    acts = [f"patient:read_{number}" for number in range(audit_search.PAGE_SIZE + 5)]
    write(session, *acts)

    first = audit_search.search(session, OPERATOR, Criteria())
    assert [item.event.position for item in first.rows] == list(range(len(acts), 5, -1))
    assert (first.newer_than, first.older_than, first.last_position) == (None, 6, len(acts))
    second = audit_search.search(session, OPERATOR, Criteria(), older_than=first.older_than)
    assert [item.event.position for item in second.rows] == [5, 4, 3, 2, 1]
    assert (second.newer_than, second.older_than) == (5, None)
    back = audit_search.search(session, OPERATOR, Criteria(), newer_than=second.newer_than)
    assert [item.event.position for item in back.rows] == [item.event.position for item in first.rows]
    assert (back.newer_than, back.older_than) == (None, 6)
