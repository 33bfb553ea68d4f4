"""`flask audit verify` and `flask unit set`: what they do, say, and exit with."""

from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Unit
from tests.make import Make


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def test_an_intact_trail(app: Flask) -> None:
    run(app, "unit", "set", "--name", "RSIA Contoh", "--phone", "119")
    result = run(app, "audit", "verify")
    assert (result.exit_code, result.output) == (0, "1 row, intact\n")


def test_the_first_bad_row_is_named(app: Flask, session: Session) -> None:
    for name in ("A", "B", "C"):
        run(app, "unit", "set", "--name", name, "--phone", "119")
    session.execute(delete(AuditEvent).where(AuditEvent.position == 2))
    session.commit()
    result = run(app, "audit", "verify")
    assert result.exit_code == 1
    assert "row 2: missing" in result.output


def test_the_unit_needs_a_name_and_a_phone(app: Flask, session: Session) -> None:
    for arguments in (
        (),
        ("--phone", "119"),
        ("--name", "RSIA Contoh"),
        ("--name", "RSIA Contoh", "--phone", "call us"),
        ("--name", "RSIA Contoh", "--phone", "119", "--speed-cm-min", "4"),
        ("--name", "RSIA Contoh", "--phone", "119", "--reading-within-days", "99"),
    ):
        assert run(app, "unit", "set", *arguments).exit_code == 2
    assert session.scalars(select(Unit)).all() == []


def test_what_is_not_given_stays(app: Flask, make: Make, session: Session) -> None:
    run(app, "unit", "set", "--name", "RSIA Contoh", "--phone", "021 555 0100", "--reading-within-days", "2")
    result = run(app, "unit", "set", "--phone", "021 555 0199", "--speed-cm-min", "3")
    assert (result.exit_code, result.output) == (0, "RSIA Contoh, 021 555 0199\n")
    unit = session.scalars(select(Unit)).one()
    assert (unit.name, unit.phone, unit.reading_within_days, unit.speed_cm_min, unit.bpm_per_cm) == (
        "RSIA Contoh",
        "021 555 0199",
        2,
        3,
        20,
    )
    run(app, "unit", "set", "--reading-within-days", "0")
    session.rollback()
    assert session.scalars(select(Unit.reading_within_days)).one() is None
