"""Mail: written with its cause, sent once by a real server, tried again, given up, never by the demo."""

import io
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import OutgoingMail
from app.services import mail_delivery, outbox
from app.services.mail_settings import leaves_the_machine, portal_address, server
from app.services.mail_transport import MailNotSent, MailServerAway, Message, transport
from app.services.transaction import unit_of_work
from tests.smtp_server import closed_port, mail_server

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def write(session: Session, number: int = 1, *, to: str = "siti@example.org") -> None:
    with unit_of_work(session):
        for count in range(number):
            outbox.send(session, to=to, subject=f"Subject {count}", body=f"Körper {count}\n.\n..dots\n")


def stored(session: Session) -> list[OutgoingMail]:
    session.rollback()
    return list(
        session.scalars(select(OutgoingMail).order_by(OutgoingMail.id).execution_options(populate_existing=True))
    )


def deliver(session: Session, mail_url: str) -> int:
    session.rollback()
    return mail_delivery.deliver(session, transport(mail_url, io.StringIO()))


def message(to: str = "siti@example.org", subject: str = "Subject") -> Message:
    return Message(number=7, to=to, subject=subject, body="Body\n", created_at=START)


def test_mail_goes_with_the_transaction_that_wrote_it(session: Session) -> None:
    outbox.send(session, to="siti@example.org", subject="Subject", body="Body")
    session.rollback()
    assert stored(session) == []


def test_a_subject_is_one_line(session: Session) -> None:
    with unit_of_work(session):
        outbox.send(session, to="siti@example.org", subject="One\r\nBcc: all@example.org", body="Body")
    assert stored(session)[0].subject == "One Bcc: all@example.org"


def test_mail_is_sent_once_and_its_words_are_forgotten(session: Session) -> None:
    write(session, 3)
    with mail_server() as to:
        assert deliver(session, to.url) == 3
        assert deliver(session, to.url) == 0
    assert [mail["Subject"] for mail in to.messages] == ["Subject 0", "Subject 1", "Subject 2"]
    first = to.messages[0]
    assert (first["From"], first["To"], first["Auto-Submitted"]) == (
        "unit@example.org",
        "siti@example.org",
        "auto-generated",
    )
    assert first.get_content().splitlines() == ["Körper 0", ".", "..dots"]
    for mail in stored(session):
        assert (mail.body, mail.attempts, mail.given_up_at) == ("", 1, None)
        assert mail.sent_at is not None


def test_a_refused_message_is_tried_again_later_each_time(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock, mail_server() as to:
        to.refusals = ["451 not now", "451 not now"]
        write(session)
        assert deliver(session, to.url) == 0
        assert stored(session)[0].last_error == "SMTPDataError 451"
        clock.shift(timedelta(seconds=59))
        assert deliver(session, to.url) == 0
        assert stored(session)[0].attempts == 1
        clock.shift(timedelta(seconds=1))
        assert deliver(session, to.url) == 0
        clock.shift(timedelta(seconds=119))
        assert deliver(session, to.url) == 0
        assert stored(session)[0].attempts == 2
        clock.shift(timedelta(seconds=1))
        assert deliver(session, to.url) == 1
    assert len(to.messages) == 1
    assert stored(session)[0].last_error is None


def test_the_same_message_keeps_its_number(session: Session) -> None:
    with mail_server() as to:
        send = transport(to.url, io.StringIO())
        send(message())
        send(message())
    assert {mail["Message-ID"] for mail in to.messages} == {"<dopply-7-20261122080000000000@example.org>"}


def test_a_message_is_given_up_after_ten_tries_and_its_words_are_forgotten(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock, mail_server() as to:
        to.refusals = ["554 never"] * 20
        write(session)
        for _ in range(12):
            deliver(session, to.url)
            clock.shift(timedelta(hours=9))
    mail = stored(session)[0]
    assert (mail.attempts, mail.body, mail.sent_at, mail.last_error) == (10, "", None, "SMTPDataError 554")
    assert mail.given_up_at is not None


def test_one_bad_address_does_not_hold_up_the_others(session: Session) -> None:
    write(session, to="refused@example.org")
    write(session)
    with mail_server() as to:
        assert deliver(session, to.url) == 1
    bad, good = stored(session)
    assert bad.last_error == "the receiver was refused"
    assert good.sent_at is not None


def test_a_server_that_is_away_is_asked_once_and_not_for_every_message(session: Session) -> None:
    write(session, 3)
    with closed_port() as port:
        assert deliver(session, f"smtp://127.0.0.1:{port}") == 0
    assert [mail.attempts for mail in stored(session)] == [1, 0, 0]
    assert stored(session)[0].last_error == "ConnectionRefusedError"


def test_two_runners_never_send_one_message_twice(app: Flask, session: Session) -> None:
    write(session, 20)
    session.rollback()
    with app.app_context():
        engine = db.engine
    sent: list[int] = []
    failed: list[Exception] = []
    start = threading.Barrier(4)

    def run(mail_url: str) -> None:
        try:
            start.wait(timeout=60)
            with Session(engine, expire_on_commit=False) as own:
                sent.append(mail_delivery.deliver(own, transport(mail_url, io.StringIO())))
        except Exception as error:
            failed.append(error)

    with mail_server() as to:
        threads = [threading.Thread(target=run, args=(to.url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert sum(sent) == 20
    assert sorted(str(mail["Subject"]) for mail in to.messages) == sorted(f"Subject {number}" for number in range(20))


def test_the_console_prints_the_message(session: Session) -> None:
    write(session)
    stream = io.StringIO()
    session.rollback()
    assert mail_delivery.deliver(session, transport("console:", stream)) == 1
    assert "To: siti@example.org\nSubject: Subject 0\n\nKörper 0" in stream.getvalue()


def test_the_demo_names_a_message_once_without_its_words(session: Session) -> None:
    write(session)
    stream = io.StringIO()
    session.rollback()
    assert mail_delivery.announce(session, stream) == 1
    assert mail_delivery.announce(session, stream) == 0
    printed = stream.getvalue()
    assert printed.endswith("would be sent now; the demo sends none\n")
    assert "siti" not in printed
    assert "Körper" not in printed
    mail = stored(session)[0]
    assert (mail.body, mail.sent_at) == ("", None)


@pytest.mark.parametrize(
    ("mail_url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, False, "", "", "dopply@mail.example.org")),
        ("smtps://mail.example.org", ("mail.example.org", 465, True, "", "", "dopply@mail.example.org")),
        (
            "smtp://us%40er:p%2Fw@mail.example.org:587?from=unit@example.org",
            ("mail.example.org", 587, False, "us@er", "p/w", "unit@example.org"),
        ),
    ],
)
def test_the_url_names_the_server(mail_url: str, expected: tuple[object, ...]) -> None:
    found = server(mail_url)
    assert found is not None
    assert (found.host, found.port, found.is_tls, found.user, found.password, found.sender) == expected
    assert leaves_the_machine(mail_url)


def test_the_console_is_no_server() -> None:
    assert server("console:") is None
    assert not leaves_the_machine("console:")
    assert portal_address("console:?portal=http://127.0.0.1:8000") == "http://127.0.0.1:8000"


def test_a_password_is_never_sent_in_clear_over_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as to:
        to.extensions = ["AUTH PLAIN LOGIN"]
        # The name of the loopback address that is not known to be one stands for a server elsewhere.
        monkeypatch.setattr("app.services.mail_transport._is_this_machine", lambda _host: False)
        with pytest.raises(MailNotSent, match="no encryption"):
            transport(f"smtp://user:secret@127.0.0.1:{to.port}", io.StringIO())(message())
    assert not [command for command in to.commands if command.startswith("AUTH")]


def test_a_relay_on_this_machine_may_ask_for_a_password() -> None:
    with mail_server() as to:
        to.extensions = ["AUTH PLAIN LOGIN"]
        transport(f"smtp://user:secret@127.0.0.1:{to.port}", io.StringIO())(message())
    assert len(to.messages) == 1


def test_a_message_that_cannot_be_written_is_an_error_of_its_own() -> None:
    with mail_server() as to, pytest.raises(MailNotSent, match="ValueError"):
        transport(to.url, io.StringIO())(message(to="a@example.org\nBcc: b@example.org"))


def test_a_server_that_speaks_no_tls_is_away() -> None:
    with mail_server() as to, pytest.raises(MailServerAway):
        transport(f"smtps://127.0.0.1:{to.port}", io.StringIO())(message())
