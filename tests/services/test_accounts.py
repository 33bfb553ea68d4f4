"""Accounts: made, given another role, closed; the last administrator stays."""

import threading
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.access.actor import OPERATOR
from app.extensions import db
from app.models import AccountToken, Doctor, Language, OutgoingMail, Role, TokenPurpose, User
from app.services import account_mails, account_tokens, accounts, audit, passwords, words
from app.services.account_mails import Links
from app.services.accounts import Registration
from app.services.email_addresses import is_plausible
from app.services.errors import NotFound, Refused
from app.services.transaction import unit_of_work
from tests.make import Make

PASSWORD = "seven purple otters"
ANONYMOUS = Actor(role=ActorRole.ANONYMOUS, address="192.0.2.1")
LINKS = Links(sign_in="/in", forgot="/forgot", reset=lambda token: f"/r/{token}", activate=lambda token: f"/a/{token}")


def create(
    session: Session,
    *,
    name: str = "Siti",
    email: str = "Siti@Example.org",
    role: Role = Role.PATIENT,
    password: str | None = PASSWORD,
) -> User:
    with unit_of_work(session):
        return accounts.create_user(
            session, OPERATOR, name=name, email=email, role=role, password=password, language=Language.INDONESIAN
        )


def test_a_user_is_made_with_a_hash_and_a_folded_address(session: Session) -> None:
    user = create(session)
    assert (user.email, user.email_lower, user.language) == (
        "Siti@Example.org",
        "siti@example.org",
        Language.INDONESIAN,
    )
    assert passwords.verify(user.password_hash, PASSWORD)


def test_a_pre_registered_user_has_no_password(session: Session) -> None:
    assert not create(session, password=None).has_password


def test_only_a_known_address_is_answered_as_one(session: Session) -> None:
    """A row that cannot be kept for another reason is a defect, and no account that somebody has."""
    nameless = cast(str, None)
    person = Registration(
        role=Role.DOCTOR, name=nameless, email="ana@example.org", language=Language.ENGLISH, password=None
    )

    with pytest.raises(IntegrityError):
        create(session, name=nameless, password=None)
    with pytest.raises(IntegrityError), unit_of_work(session):
        accounts.register(session, ANONYMOUS, person, LINKS)

    assert session.scalars(select(User)).all() == []


def test_a_new_doctor_waits_for_validation(session: Session) -> None:
    user = create(session, role=Role.DOCTOR)
    assert session.execute(select(Doctor.doctor_id, Doctor.is_valid)).one() == (user.id, False)


@pytest.mark.parametrize(
    ("email", "password", "code"),
    [
        ("siti@example.ORG", PASSWORD, "address_taken"),
        ("no address", PASSWORD, "address"),
        ("another@example.org", "short", "too_short"),
    ],
)
def test_a_user_that_cannot_be_made_is_refused(session: Session, email: str, password: str, code: str) -> None:
    create(session)
    with pytest.raises(Refused) as refused:
        create(session, email=email, password=password)
    assert refused.value.code == code
    assert session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": Role.ADMIN}, "role"),
        ({"email": "no address"}, "address"),
        ({"birth_date": None}, "birth_date"),
        ({"password": "password123"}, "common"),
    ],
)
def test_the_service_refuses_what_a_form_should_have(session: Session, changes: dict[str, object], code: str) -> None:
    values: dict[str, object] = {
        "role": Role.PATIENT,
        "name": "Siti",
        "email": "siti@example.org",
        "language": Language.ENGLISH,
        "password": PASSWORD,
        "birth_date": date(1994, 3, 12),
    }
    with pytest.raises(Refused) as refused:
        accounts.register(session, ANONYMOUS, Registration(**{**values, **changes}), LINKS)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_parallel_registrations_of_one_address_make_one_account(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
    failed: list[Exception] = []
    start = threading.Barrier(4)

    def register(number: int) -> None:
        person = Registration(
            role=Role.DOCTOR, name="Siti", email="siti@example.org", language=Language.ENGLISH, password=PASSWORD
        )
        try:
            start.wait(timeout=60)
            with Session(engine, expire_on_commit=False) as own:
                actor = Actor(role=ActorRole.ANONYMOUS, address=f"192.0.2.{number}")
                accounts.register(own, actor, person, LINKS)
                audit.chain_pending(own)
                own.commit()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=register, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
        assert sorted(session.scalars(select(OutgoingMail.subject))) == [
            *["You have an account already"] * 3,
            "Your account is made",
        ]


def test_the_last_administrator_stays(make: Make, session: Session) -> None:
    first, second = make.admin(), make.admin()
    with unit_of_work(session):
        accounts.deactivate(session, OPERATOR, first.id)
    with pytest.raises(Refused, match="last_admin"), unit_of_work(session):
        accounts.deactivate(session, OPERATOR, second.id)
    with unit_of_work(session):
        accounts.deactivate(session, OPERATOR, first.id)


def test_a_closed_account_has_no_open_token(make: Make, session: Session) -> None:
    user = make.user()
    with unit_of_work(session):
        token = account_tokens.issue(session, user, TokenPurpose.RESET)
        accounts.deactivate(session, OPERATOR, user.id)
    assert session.scalars(select(AccountToken.used_at)).one() is not None
    with pytest.raises(NotFound):
        account_tokens.holder(session, token, TokenPurpose.RESET)


def test_nobody_unknown_is_closed(session: Session) -> None:
    with pytest.raises(NotFound):
        accounts.deactivate(session, OPERATOR, 999)


def test_mail_speaks_the_language_of_its_receiver(
    make: Make, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="id")
    catalogue.add("Your account is made", "Akun Anda sudah dibuat")
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    words._catalogue.cache_clear()
    languages = [Language.INDONESIAN, Language.ENGLISH, None]
    try:
        for language in languages:
            user = make.user()
            user.language = language
            account_mails.welcome(session, user, LINKS)
        session.commit()
    finally:
        words._catalogue.cache_clear()
    assert session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)).all() == [
        "Akun Anda sudah dibuat",
        "Your account is made",
        "Your account is made",
    ]


@pytest.mark.parametrize("email", ["a@b.co", "siti.rahma+dopply@rs-ibu.example.org", "x_y-z@123.example"])
def test_addresses_that_mail_can_reach(email: str) -> None:
    assert is_plausible(email)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "@",
        "a@b",
        "a b@c.de",
        "a@b..de",
        "a@-b.de",
        "a@b.de\n",
        "a@b.de, c@d.ef",
        "<a@b.de>",
        "ä@b.de",
        "a" * 65 + "@b.de",
    ],
)
def test_addresses_that_it_cannot(email: str) -> None:
    assert not is_plausible(email)
