"""Two accounts of an older database with one address: neither signs in until an administrator has settled it."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.access.actor import OPERATOR
from app.models import AccountToken, AuditEvent, Language, OutgoingMail, Role, User
from app.services import accounts, password_changes, shared_addresses, sign_in
from app.services.account_mails import Links
from app.services.accounts import Registration
from app.services.errors import NotFound, Refused
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.page import PASSWORD

ANONYMOUS = Actor(role=ActorRole.ANONYMOUS, address="192.0.2.1")
LINKS = Links(sign_in="/in", forgot="/forgot", reset=lambda token: f"/r/{token}", activate=lambda token: f"/a/{token}")
# What both databases of the original could hold twice: MariaDB takes these two for different addresses.
FIRST, SECOND = "ana@example.org", " ana@example.org"


@pytest.fixture
def pair(session: Session, make: Make) -> tuple[User, User]:
    """Two accounts as 007_accounts leaves them."""
    first, second = make.user(email=FIRST), make.user(email=SECOND)
    first.email_lower = second.email_lower = None
    session.commit()
    return first, second


def enter(session: Session, email: str, password: str = PASSWORD) -> str:
    session.rollback()  # What the test has read.
    with unit_of_work(session):
        return sign_in.sign_in(session, ANONYMOUS, email=email, password=password, user_agent="")


def settle(session: Session, admin: User, user: User, email: str) -> User:
    actor = Actor(role=ActorRole.ADMIN, user_id=admin.id)
    session.rollback()
    with unit_of_work(session):
        return shared_addresses.settle(session, actor, user.id, email, LINKS)


def mails(session: Session) -> list[tuple[str, str]]:
    return [(mail.to_address, mail.subject) for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def person(email: str) -> Registration:
    return Registration(
        role=Role.PATIENT,
        name="Ana",
        email=email,
        language=Language.ENGLISH,
        password=None,
        birth_date=date(1994, 3, 12),
    )


@pytest.mark.usefixtures("pair")
def test_nobody_signs_in_with_it(session: Session) -> None:
    for email in (FIRST, SECOND, "ANA@example.org"):
        with pytest.raises(Refused, match="sign_in"):
            enter(session, email)


def test_no_third_account_takes_it(session: Session, pair: tuple[User, User]) -> None:
    with unit_of_work(session):
        accounts.register(session, ANONYMOUS, person("Ana@Example.org"), LINKS)
    with pytest.raises(Refused, match="address_taken"):
        accounts.create_user(
            session,
            OPERATOR,
            name="Ana",
            email=FIRST,
            role=Role.PATIENT,
            password=None,
            language=None,
        )
    assert session.scalars(select(User.id).order_by(User.id)).all() == [user.id for user in pair]
    assert mails(session) == [(FIRST, "This address has several accounts")]


@pytest.mark.usefixtures("pair")
def test_a_forgotten_password_gives_no_link(session: Session) -> None:
    with unit_of_work(session):
        password_changes.request_reset(session, ANONYMOUS, FIRST, LINKS)
    assert mails(session) == [(FIRST, "This address has several accounts")]
    assert session.scalar(select(func.count()).select_from(AccountToken)) == 0


def test_one_keeps_it_and_the_other_gets_its_own(session: Session, make: Make, pair: tuple[User, User]) -> None:
    first, second = pair
    admin = make.admin()
    settle(session, admin, second, "Ana.Other@example.org")
    settle(session, admin, first, "ANA@example.org")

    assert not shared_addresses.any_unsettled(session)
    assert (first.email, second.email) == (FIRST, "Ana.Other@example.org")
    for email, user in ((FIRST, first), ("ana.other@example.org", second)):
        enter(session, email)
        assert (
            session.scalars(
                select(AuditEvent.actor_id)
                .where(AuditEvent.act == "account:sign_in")
                .order_by(AuditEvent.position.desc())
            ).first()
            == user.id
        )
    assert [to for to, _ in mails(session)] == [SECOND, "Ana.Other@example.org", FIRST]
    settled = session.scalars(select(AuditEvent).where(AuditEvent.act == "account:settle_address")).all()
    assert [(event.actor_id, event.object_id) for event in settled] == [
        (admin.id, str(second.id)),
        (admin.id, str(first.id)),
    ]


def test_only_one_can_keep_it(session: Session, make: Make, pair: tuple[User, User]) -> None:
    first, second = pair
    admin = make.admin()
    settle(session, admin, first, FIRST)
    for email in (FIRST, admin.email.upper()):
        with pytest.raises(Refused, match="address_taken"):
            settle(session, admin, second, email)
    with pytest.raises(Refused, match=r"^address$"):
        settle(session, admin, second, "no address")
    assert second.email_lower is None


def test_who_can_sign_in_is_given_no_other_address(session: Session, make: Make) -> None:
    admin, user = make.admin(), make.user()
    for user_id in (user.id, admin.id, 10**6):
        with pytest.raises(NotFound):
            shared_addresses.settle(session, OPERATOR, user_id, "other@example.org", LINKS)


def test_the_list_pages(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_addresses, "PAGE_SIZE", 2)
    users = [make.user() for _ in range(3)]
    for user in users:
        user.email_lower = None
    session.commit()
    make.user()
    page = shared_addresses.unsettled(session)
    assert [user.id for user in page.users] == [user.id for user in users[:2]]
    assert page.goes_on_after == users[1].id
    page = shared_addresses.unsettled(session, after_id=users[1].id)
    assert [user.id for user in page.users] == [users[2].id]
    assert page.goes_on_after is None


def test_an_address_that_only_mariadb_takes_for_another_is_answered_like_a_known_one(
    session: Session, make: Make
) -> None:
    """josé@… of an older database, and somebody registers jose@…: no error page, and no second account there."""
    make.user(email="josé@example.org")
    with unit_of_work(session):
        accounts.register(session, ANONYMOUS, person("jose@example.org"), LINKS)
    is_same_to_the_database = session.get_bind().dialect.name != "sqlite"
    assert session.scalar(select(func.count()).select_from(User)) == (1 if is_same_to_the_database else 2)
    assert len(mails(session)) == 1
