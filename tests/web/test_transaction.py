"""One transaction per request: kept when the view answered, undone when it raised, refusals kept either way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.access import Permission
from app.access.actor import OPERATOR
from app.database import begin_writing_after_reading
from app.extensions import db
from app.models import AuditEvent, BrowserSession, User
from app.services import audit, guarded
from app.services.clock import utc_now
from app.services.errors import Conflict
from app.services.transaction import unit_of_work
from app.web import current
from app.web.guard import requires
from app.web.transaction import reads_first
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser

TIMES = ("created_at", "last_used_at")
PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture
def writing(app: Flask, database_url: str) -> Iterator[Flask]:
    """The application with views that write, each ending in its own way."""
    writing = create_app(make_settings(database_url))
    writing.config["PROPAGATE_EXCEPTIONS"] = False

    def rename(name: str) -> None:
        session = current.database()
        session.execute(update(User).where(User.id == current.actor().user_id).values(name=name))
        audit.record(session, current.actor(), "account:rename")

    @writing.post("/answers")
    @requires(Permission.ACCOUNT_MANAGE)
    def answers() -> ResponseReturnValue:
        rename("Kept")
        return "done", PLAIN

    @writing.post("/answers-422")
    @requires(Permission.ACCOUNT_MANAGE)
    def answers_422() -> ResponseReturnValue:
        audit.record(current.database(), current.actor(), "account:tried")
        return "try again", 422, PLAIN

    @writing.post("/crashes")
    @requires(Permission.ACCOUNT_MANAGE)
    def crashes() -> str:
        rename("Lost")
        raise LookupError

    @writing.post("/aborts")
    @requires(Permission.ACCOUNT_MANAGE)
    def aborts() -> str:
        rename("Lost")
        abort(409)

    @writing.post("/conflicts")
    @requires(Permission.ACCOUNT_MANAGE)
    def conflicts() -> str:
        rename("Lost")
        raise Conflict("somebody_was_faster")

    @writing.post("/breaks-a-constraint")
    @requires(Permission.ACCOUNT_MANAGE)
    def breaks_a_constraint() -> str:
        session = current.database()
        rename("Lost")
        session.add(BrowserSession(user_id=10**6, key_hash="0" * 64, user_agent="", **dict.fromkeys(TIMES, utc_now())))
        session.flush()
        return "never"

    @writing.post("/refuses/<int:patient_id>")
    @requires(Permission.ACCOUNT_MANAGE)
    def refuses(patient_id: int) -> str:
        rename("Lost")
        guarded.patient(current.database(), current.actor(), patient_id, Permission.PATIENT_READ)
        return "never"

    @writing.get("/changes-by-reading")
    @requires(Permission.ACCOUNT_MANAGE)
    def changes_by_reading() -> str:
        user = current.database().get_one(User, current.actor().signed_in_id)
        user.name = "Changed by a page view"
        return "changed"

    @writing.get("/flushes-by-reading")
    @requires(Permission.ACCOUNT_MANAGE)
    def flushes_by_reading() -> str:
        changes_by_reading()
        current.database().flush()
        return "changed"

    @writing.post("/reads-first")
    @requires(Permission.ACCOUNT_MANAGE)
    @reads_first
    def reads_before_it_writes() -> ResponseReturnValue:
        with Session(db.engine) as other, unit_of_work(other):
            audit.record(other, OPERATOR, "unit:save")
        begin_writing_after_reading(current.database())
        rename("Kept")
        return "done", PLAIN

    @writing.post("/changes-too-early")
    @requires(Permission.ACCOUNT_MANAGE)
    @reads_first
    def changes_too_early() -> ResponseReturnValue:
        changes_by_reading()
        current.database().flush()
        return "never", PLAIN

    @writing.get("/others-write-meanwhile/<int:patient_id>")
    @requires(Permission.PATIENT_READ)
    def others_write_meanwhile(patient_id: int) -> str:
        guarded.patient(current.database(), current.actor(), patient_id, Permission.PATIENT_READ)
        with Session(db.engine) as other, unit_of_work(other):
            audit.record(other, OPERATOR, "unit:save")
        return "read"

    yield writing
    with writing.app_context():
        db.engine.dispose()


def name_of(session: Session, user: User) -> str:
    session.rollback()
    return session.scalars(select(User.name).where(User.id == user.id)).one()


def acts(session: Session) -> list[str]:
    """The acts after signing in."""
    session.rollback()
    rows = session.scalars(select(AuditEvent.act).order_by(AuditEvent.position)).all()
    return [act for act in rows if act != "account:sign_in"]


def test_what_a_view_wrote_is_kept_with_its_act(writing: Flask, make: Make, session: Session) -> None:
    user = make.patient().user
    Browser(writing).sign_in(user).post("/answers", status=200)
    assert name_of(session, user) == "Kept"
    assert acts(session) == ["account:rename"]


def test_a_form_shown_again_keeps_the_act(writing: Flask, make: Make, session: Session) -> None:
    Browser(writing).sign_in(make.patient().user).post("/answers-422", status=422)
    assert acts(session) == ["account:tried"]


@pytest.mark.parametrize(
    ("path", "status"), [("/crashes", 500), ("/breaks-a-constraint", 500), ("/aborts", 409), ("/conflicts", 409)]
)
def test_a_view_that_raises_leaves_nothing(
    writing: Flask, make: Make, session: Session, path: str, status: int
) -> None:
    user = make.patient().user
    before = user.name
    visitor = Browser(writing).sign_in(user)
    visitor.post(path, status=status)
    assert name_of(session, user) == before
    assert acts(session) == []
    visitor.post("/answers", status=200)
    assert name_of(session, user) == "Kept"


def test_a_refusal_is_kept_when_everything_else_is_undone(writing: Flask, make: Make, session: Session) -> None:
    doctor, stranger = make.doctor(), make.patient()
    before = doctor.name
    Browser(writing).sign_in(doctor).post(f"/refuses/{stranger.id}", status=404)
    assert name_of(session, doctor) == before
    assert acts(session) == ["refused"]
    assert audit.verify(session).is_intact


@pytest.mark.parametrize("path", ["/changes-by-reading", "/flushes-by-reading"])
def test_a_page_view_that_changes_data_fails_and_changes_nothing(
    writing: Flask, make: Make, session: Session, path: str
) -> None:
    user = make.patient().user
    before = user.name
    Browser(writing).sign_in(user).get(path, status=500)
    assert name_of(session, user) == before


def test_a_page_view_is_written_down_although_others_wrote_meanwhile(
    writing: Flask, make: Make, session: Session
) -> None:
    patient = make.patient()
    visitor = Browser(writing).sign_in(patient.user)
    assert visitor.client.get(f"/others-write-meanwhile/{patient.id}").text == "read"
    assert acts(session) == ["unit:save", "patient:read"]
    assert audit.verify(session).is_intact


def test_others_write_while_a_view_reads_before_it_writes(writing: Flask, make: Make, session: Session) -> None:
    user = make.patient().user
    Browser(writing).sign_in(user).post("/reads-first", status=200)
    assert name_of(session, user) == "Kept"
    assert acts(session) == ["unit:save", "account:rename"]


def test_a_view_that_reads_first_changes_nothing_before_it_begins_to_write(
    writing: Flask, make: Make, session: Session
) -> None:
    user = make.patient().user
    before = user.name
    Browser(writing).sign_in(user).post("/changes-too-early", status=500)
    assert name_of(session, user) == before


@pytest.mark.usefixtures("noon")
def test_use_is_written_at_most_once_a_minute(app: Flask, make: Make, session: Session) -> None:
    user = make.patient().user
    visitor = Browser(app).sign_in(user)

    def last_used_ago() -> timedelta:
        session.rollback()
        statement = select(BrowserSession).where(BrowserSession.user_id == user.id)
        return utc_now() - session.scalars(statement.execution_options(populate_existing=True)).one().last_used_at

    def used(ago: timedelta) -> None:
        session.rollback()
        session.execute(update(BrowserSession).values(last_used_at=utc_now() - ago))
        session.commit()

    used(timedelta(seconds=30))
    visitor.get("/account")
    assert last_used_ago() >= timedelta(seconds=30)
    used(timedelta(minutes=2))
    visitor.get("/account")
    assert last_used_ago() < timedelta(minutes=1)
