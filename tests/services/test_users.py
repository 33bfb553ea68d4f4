"""Accounts as an administrator searches, closes and opens them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.extensions import db
from app.models import AuditEvent, BrowserSession, Role, User
from app.services import browser_sessions, users
from app.services.errors import NotFound, Refused
from app.services.transaction import unit_of_work
from tests.make import Make


def as_admin(user: User) -> Actor:
    return Actor(role=ActorRole.ADMIN, user_id=user.id)


def names(session: Session, text: str = "", role: Role | None = None) -> list[str]:
    return [user.name for user in users.search(session, text=text, role=role).users]


def test_the_search_takes_text_literally(session: Session, make: Make) -> None:
    for name in ("Ayu 100%", "Ayu 1000", "Dewi_Sari", "DewiXSari", r"Back\slash"):
        make.user(name=name)
    assert names(session, "100%") == ["Ayu 100%"]
    assert names(session, "dewi_s") == ["Dewi_Sari"]
    assert names(session, "\\") == [r"Back\slash"]
    assert names(session, "/") == []
    assert names(session, "'; --") == []
    assert len(names(session, "%")) == 1


def test_the_search_finds_by_address_and_role(session: Session, make: Make) -> None:
    make.user(Role.PATIENT, name="Ayu", email="ayu.lestari@example.org")
    make.user(Role.ADMIN, name="Bima", email="bima@example.org")
    assert names(session, "LESTARI@") == ["Ayu"]
    assert names(session, "example.org", Role.ADMIN) == ["Bima"]
    assert names(session, role=Role.DOCTOR) == []


def test_the_list_pages_both_ways(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "PAGE_SIZE", 2)
    ids = [make.user().id for _ in range(5)][::-1]
    first = users.search(session)
    assert [user.id for user in first.users] == ids[:2]
    assert (first.newer_than, first.older_than) == (None, ids[1])
    second = users.search(session, older_than=first.older_than)
    assert [user.id for user in second.users] == ids[2:4]
    assert (second.newer_than, second.older_than) == (ids[2], ids[3])
    third = users.search(session, older_than=second.older_than)
    assert [user.id for user in third.users] == ids[4:]
    assert (third.newer_than, third.older_than) == (ids[4], None)
    back = users.search(session, newer_than=third.newer_than)
    assert [user.id for user in back.users] == ids[2:4]
    assert (back.newer_than, back.older_than) == (ids[2], ids[3])
    top = users.search(session, newer_than=back.newer_than)
    assert [user.id for user in top.users] == ids[:2]
    assert (top.newer_than, top.older_than) == (None, ids[1])


def test_closing_an_account_ends_its_browsers_and_opening_brings_none_back(session: Session, make: Make) -> None:
    admin, user = as_admin(make.admin()), make.user()
    with unit_of_work(session):
        browser_sessions.start(session, user, user_agent="one")
    with unit_of_work(session):
        users.deactivate(session, admin, user.id)
    with unit_of_work(session):
        users.reactivate(session, admin, user.id)
    assert session.scalars(select(BrowserSession).where(BrowserSession.ended_at.is_(None))).first() is None
    assert session.scalars(select(User.deactivated_at).where(User.id == user.id)).one() is None
    assert session.scalars(select(AuditEvent.act).order_by(AuditEvent.position)).all() == [
        "account:deactivate",
        "account:reactivate",
    ]


def test_nobody_closes_her_own_account_here(session: Session, make: Make) -> None:
    admin = as_admin(make.admin())
    make.admin()
    with pytest.raises(Refused, match="oneself"), unit_of_work(session):
        users.deactivate(session, admin, admin.signed_in_id)


def test_the_last_administrator_cannot_be_removed(session: Session, make: Make) -> None:
    last, closed = make.admin(), make.admin()
    with unit_of_work(session):
        users.deactivate(session, as_admin(last), closed.id)
    # A request of the closed one that was already on its way.
    with pytest.raises(Refused, match="last_admin"), unit_of_work(session):
        users.deactivate(session, as_admin(closed), last.id)


def test_two_administrators_cannot_remove_each_other_at_once(session: Session, make: Make, app: Flask) -> None:
    one, other = make.admin(), make.admin()
    session.rollback()
    with app.app_context():
        engine = db.engine

    def remove(actor: User, user: User) -> str:
        with Session(engine) as own:
            try:
                with unit_of_work(own):
                    users.deactivate(own, as_admin(actor), user.id)
            except Refused as refused:
                return refused.code
            return "removed"

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(remove, (one, other), (other, one)))
    assert sorted(answers) == ["last_admin", "removed"]


def test_an_unknown_account_is_not_found(session: Session, make: Make) -> None:
    admin = as_admin(make.admin())
    for act in (users.deactivate, users.reactivate):
        with pytest.raises(NotFound), unit_of_work(session):
            act(session, admin, 10**6)
