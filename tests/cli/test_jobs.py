"""`flask jobs run` with its exit codes, and two runners in processes of their own."""

import io
import os
import subprocess
import sys
from pathlib import Path
from threading import Event

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.jobs import run_forever
from app.extensions import db
from app.models import OutgoingMail
from app.services import outbox
from app.services.jobs import Surroundings
from app.services.transaction import unit_of_work
from tests.smtp_server import mail_server

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 300  # A process that hangs ends the test; one on a slow machine does not.


def write(session: Session, number: int) -> None:
    with unit_of_work(session):
        for count in range(number):
            outbox.send(session, to="siti@example.org", subject=f"Subject {count}", body="Body")


def environment(database_url: str, mail_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DOPPLY_ENV": "test",
        "DATABASE_URL": database_url,
        "MAIL_URL": mail_url,
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghij",
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def test_a_run_prints_the_mail_to_standard_error(app: Flask, session: Session) -> None:
    write(session, 1)
    done = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert done.exit_code == 0
    assert "Subject: Subject 0" in done.stderr
    assert done.stdout == ""
    assert app.test_cli_runner().invoke(args=["jobs", "run"]).stderr == ""


def test_a_database_that_does_not_answer_is_exit_code_one(tmp_path: Path) -> None:
    done = subprocess.run(
        command("jobs", "run"),
        cwd=ROOT,
        env=environment(f"sqlite:///{tmp_path / 'missing.db'}", "console:"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr


def test_two_processes_never_send_one_message_twice(app: Flask, session: Session, database_url: str) -> None:
    write(session, 20)
    with mail_server() as to:
        runners = [
            subprocess.Popen(command("jobs", "run"), cwd=ROOT, env=environment(database_url, to.url)) for _ in range(2)
        ]
        assert [runner.wait(timeout=LIMIT_S) for runner in runners] == [0, 0]
    subjects = [str(mail["Subject"]) for mail in to.messages]
    assert sorted(subjects) == sorted(f"Subject {number}" for number in range(20))
    session.rollback()
    assert {mail.body for mail in session.scalars(select(OutgoingMail))} == {""}


def test_forever_ends_when_it_is_told_to(app: Flask, session: Session) -> None:
    write(session, 1)
    stop = Event()

    class Stopping(io.StringIO):
        """Asks for the end once the mail is printed."""

        def write(self, text: str) -> int:
            stop.set()
            return super().write(text)

    output = Stopping()
    with app.app_context():
        run_forever(Surroundings(mail_url="console:", is_demo=False, output=output), "one", stop)
        db.session.remove()
    assert "Subject 0" in output.getvalue()


def test_a_signal_ends_it_in_good_order(app: Flask, session: Session, database_url: str) -> None:
    write(session, 1)
    with mail_server() as to:
        runner = subprocess.Popen(
            command("jobs", "run", "--forever"),
            cwd=ROOT,
            env=environment(database_url, f"{to.url}"),
            stderr=subprocess.PIPE,
        )
        while not to.messages and runner.poll() is None:
            Event().wait(0.02)
        runner.terminate()
        assert runner.wait(timeout=LIMIT_S) == 0
        assert runner.stderr is not None
        runner.stderr.close()
    assert len(to.messages) == 1
