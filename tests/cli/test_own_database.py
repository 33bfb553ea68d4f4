"""Commands refuse a database of the other kind and change nothing in it."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.models import Installation, InstallationKind, OutgoingMail, Unit, User
from app.services import outbox
from app.services.transaction import unit_of_work
from config import Environment
from tests.conftest import make_settings

COMMANDS = [
    ["jobs", "run"],
    ["jobs", "run", "--forever"],
    ["accounts", "create-admin", "--email", "a@example.org", "--name", "A"],
    ["unit", "set", "--name", "Unit", "--phone", "021 555 0100"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("environment", [Environment.DEMO, Environment.TEST])
def test_the_other_kind_is_refused_with_exit_code_three(
    app: Flask, session: Session, database_url: str, command: list[str], environment: Environment
) -> None:
    kind = InstallationKind.REAL if environment is Environment.DEMO else InstallationKind.DEMO
    session.execute(update(Installation).values(kind=kind))
    session.commit()
    with unit_of_work(session):
        outbox.send(session, to="siti@example.org", subject="s", body="b")
    other = create_app(replace(make_settings(database_url), environment=environment))
    done = other.test_cli_runner().invoke(args=command, input="seven purple otters\n")
    assert done.exit_code == 3, done.output
    assert "refused" in done.stderr
    session.rollback()
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.body, mail.sent_at, mail.given_up_at) == ("b", None, None)
    assert session.scalars(select(User)).all() == []
    assert session.scalars(select(Unit)).all() == []
