"""`flask accounts create-admin`: the one way to become an administrator, with exit codes that mean something."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Role, User
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "seven purple otters"
EMAIL = "Ibu.Admin@example.org"
LIMIT_S = 300  # A process that hangs ends the test; one on a slow machine does not.


def create(app: Flask, *, email: str = EMAIL, name: str = "Ibu Admin", typed: str = PASSWORD + "\n") -> Result:
    return app.test_cli_runner().invoke(
        args=["accounts", "create-admin", "--email", email, "--name", name], input=typed
    )


def test_an_administrator_is_made_and_signs_in(app: Flask, browser: Browser, session: Session) -> None:
    done = create(app)
    assert (done.exit_code, done.stdout) == (0, f"administrator {EMAIL} is made\n")
    user = session.scalars(select(User)).one()
    assert (user.name, user.role) == ("Ibu Admin", Role.ADMIN)
    browser.submit("/auth/sign-in", email=EMAIL, password=PASSWORD)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.position)).first()
    assert event is not None
    assert (event.act, event.actor_role, event.object_id) == ("account:create", "operator", str(user.id))


def test_a_second_run_has_nothing_to_do(app: Flask, session: Session) -> None:
    create(app)
    before = session.scalars(select(User.password_hash)).one()
    session.rollback()
    done = create(app, typed="another long one\n")
    assert done.exit_code == 0
    assert "nothing was changed" in done.stdout
    assert session.scalars(select(User.password_hash)).one() == before


def test_another_persons_address_is_refused(app: Flask, make: Make) -> None:
    make.user(email=EMAIL.lower())
    assert create(app).exit_code == 3


def test_a_closed_administrator_is_refused(app: Flask, make: Make, session: Session) -> None:
    admin = make.admin()
    admin.deactivated_at = utc_now()
    session.commit()
    done = create(app, email=admin.email)
    assert done.exit_code == 3
    assert "nothing was changed" in done.stderr


def test_no_terminal_and_no_password_is_refused(app: Flask, session: Session) -> None:
    done = create(app, typed="")
    assert done.exit_code == 3
    assert "no terminal" in done.stderr
    assert session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "admin"}, "this is no e-mail address"),
        ({"name": "  "}, "printable"),
        ({"name": "x" * 256}, "printable"),
        ({"name": "a\x1bb"}, "printable"),
        ({"typed": "short\n"}, "fewer than 10"),
        ({"typed": "x1" * 65 + "\n"}, "more than 128"),
        ({"typed": "password123\n"}, "many people"),
        ({"typed": "ibuadmin2026\n"}, "own name"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error(
    app: Flask, session: Session, changes: dict[str, str], words: str
) -> None:
    done = create(app, **changes)
    assert done.exit_code == 2
    assert words in done.stderr
    assert session.scalars(select(User)).all() == []


def test_a_password_is_never_an_argument(app: Flask) -> None:
    arguments = ["accounts", "create-admin", "--email", EMAIL, "--name", "Ibu", "--password", PASSWORD]
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 2
    assert app.test_cli_runner().invoke(args=["accounts", "create-admin"]).exit_code == 2


def run_at_a_terminal(database_url: str, answers: list[str]) -> int:
    """The exit code of the command at a terminal whose person types `answers`."""
    leader, follower = pty.openpty()
    environment = {
        **os.environ,
        "DOPPLY_ENV": "test",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghij",
    }
    words = ["accounts", "create-admin", "--email", EMAIL, "--name", "Ibu Admin"]
    runner = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=environment,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    seen = b""
    try:
        for answer in answers:
            while not seen.rstrip().endswith(b":"):
                seen += os.read(leader, 1024)
            assert PASSWORD.encode() not in seen
            seen = b""
            os.write(leader, answer.encode() + b"\n")
        return runner.wait(timeout=LIMIT_S)
    finally:
        runner.kill()
        runner.wait()
        os.close(leader)


def test_at_a_terminal_the_password_is_asked_for_twice(app: Flask, session: Session, database_url: str) -> None:
    assert run_at_a_terminal(database_url, [PASSWORD, "another one", PASSWORD, PASSWORD]) == 0
    assert session.scalars(select(User.role)).all() == [Role.ADMIN]


def test_a_database_that_was_never_upgraded_is_exit_code_one(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DOPPLY_ENV": "test",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghij",
    }
    words = ["accounts", "create-admin", "--email", EMAIL, "--name", "Ibu Admin"]
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=environment,
        input=PASSWORD,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
