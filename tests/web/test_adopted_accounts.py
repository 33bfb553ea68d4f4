"""Accounts that came with an older database: old passwords, none at all, a shared address, a photo that is gone."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import OutgoingMail, User
from app.services import passwords
from tests.make import Make
from tests.page import PASSWORD, Browser

OLD_PASSWORD = "ibu-sehat-2024"
# As the original hashed it (SCHEMA.md, 4), and as another version of its library did.
ORIGINAL = "$argon2id$v=19$m=65536,t=3,p=4$lbQyhWLCz1Xe/NdBEoVQbA$cCzA70jbCp4bGNoNznDB1qNErmVUv2HOwBqx3t5IyMA"
OTHER_PARAMETERS = "$argon2id$v=19$m=102400,t=2,p=8$Ri+NhqDG1UfoMpbY8moYpQ$9R7K0C4CHwZ5pklXUzRhp2aWMksZMtsh5isO2HN1kyo"
BCRYPT = "$2b$12$KIXIDLrSxkTlbDMFDcQuOe8Xc1nKQ1yX2mQ4dLrZJZbqv9wQyq9rK"


def with_hash(make: Make, session: Session, password_hash: str) -> User:
    user = make.patient().user
    user.password_hash = password_hash
    session.commit()
    return user


def newest_mail(session: Session) -> OutgoingMail:
    session.rollback()
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()


def mailed_path(session: Session) -> str:
    found = re.search(r"http://localhost(/\S+)", newest_mail(session).body)
    assert found is not None
    return found[1]


@pytest.mark.real_hashes
@pytest.mark.parametrize("stored", [ORIGINAL, OTHER_PARAMETERS])
def test_an_old_password_signs_in_and_is_kept_with_our_parameters(
    browser: Browser, make: Make, session: Session, stored: str
) -> None:
    user = with_hash(make, session, stored)
    browser.submit("/auth/sign-in", status=422, email=user.email, password="ibu-sehat-2025")
    browser.sign_in(user, OLD_PASSWORD).get("/account")
    session.rollback()
    session.refresh(user)
    assert passwords.verify(user.password_hash, OLD_PASSWORD)
    assert not passwords.needs_rehash(user.password_hash)


@pytest.mark.parametrize("stored", ["", BCRYPT, "plain text", "$argon2id$"])
def test_without_a_hash_of_ours_the_mailbox_is_the_only_way_in(
    app: Flask, browser: Browser, make: Make, session: Session, stored: str
) -> None:
    user = with_hash(make, session, stored)
    for guess in (OLD_PASSWORD, stored, PASSWORD):
        Browser(app).submit("/auth/sign-in", status=422, email=user.email, password=guess or " ")
    browser.submit("/auth/password/forgot", email=user.email)
    assert newest_mail(session).subject == ("Choose a new password" if stored else "Activate your account")
    browser.submit(mailed_path(session), password="seven purple otters")
    browser.sign_in(user, "seven purple otters").get("/patients/mine", status=303)


def test_an_administrator_sends_the_activation(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    waiting, active = with_hash(make, session, ""), make.patient().user
    browser.sign_in(make.admin())
    said = browser.follow(browser.submit("/admin/users", to=f"/admin/users/{waiting.id}/activation")).words
    assert f"A link to choose a password goes to {waiting.email}" in said
    Browser(app).submit(mailed_path(session), password="seven purple otters")
    Browser(app).sign_in(waiting, "seven purple otters")
    for user in (waiting, active):
        page = browser.get("/admin/users")
        assert not page.soup.select(f'form[action="/admin/users/{user.id}/activation"]')
        said = browser.follow(browser.post(f"/admin/users/{user.id}/activation")).words
        assert "This account has a password" in said


def test_a_shared_address_is_listed_with_what_to_do_and_settled(
    app: Flask, browser: Browser, make: Make, session: Session
) -> None:
    first, second = make.user(name="Ana", email="ana@example.org"), make.user(name="Anna", email=" ana@example.org")
    admin = make.admin()
    browser.sign_in(admin)
    assert "share an e-mail address" not in browser.get("/admin/doctors").words
    assert "No shared addresses" in browser.get("/admin/addresses").words
    first.email_lower = second.email_lower = None
    session.commit()

    assert "share an e-mail address" in browser.get("/admin/doctors").words
    assert browser.get("/admin/users").words.count("cannot sign in: shared address") == 2
    page = browser.get("/admin/addresses")
    assert "Ask the people" in page.words
    assert page.form(f"/admin/addresses/{second.id}")["email"] == "ana@example.org"

    for email, words in (("none", "Enter an e-mail address"), (admin.email, "Another account has this address")):
        path = f"/admin/addresses/{second.id}"
        assert words in browser.follow(browser.submit("/admin/addresses", to=path, email=email)).words
    browser.submit("/admin/addresses", to=f"/admin/addresses/{second.id}", email="anna@example.org")
    said = browser.follow(browser.submit("/admin/addresses", to=f"/admin/addresses/{first.id}")).words
    assert "Ana signs in with ana@example.org" in said
    assert "No shared addresses" in said
    session.rollback()
    for user in (first, second):
        session.refresh(user)
        Browser(app).sign_in(user).get("/account")
    browser.post(f"/admin/addresses/{first.id}", {"email": "other@example.org"}, status=404)


def test_a_photo_that_is_gone_breaks_no_page(app: Flask, make: Make, session: Session) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    for user in (doctor, patient.user):
        user.photo_url = "/static/photos/gone%00\U0001f930.jpg"
    session.commit()
    for user in (doctor, patient.user):
        browser = Browser(app).sign_in(user)
        for path in ("/account", "/links", f"/patients/{patient.id}"):
            assert "photos" not in browser.get(path).text
