"""The report of an adoption and the sign-in judge a stored password by one rule."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.interpretations import people
from app.schema.interpretations.look import Look
from app.schema.report import Kind
from tests.databases import sqlite_url
from tests.schema.commands import execute

REST = "$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("stored", "kinds"),
    [
        ("$argon2id$v=19$m=65536,t=3,p=4" + REST, []),
        ("$argon2id$v=19$m=4194304,t=99999,p=1" + REST, [people.PASSWORD_UNKNOWN]),
        ("$argon2i$v=19$m=65536,t=3,p=4" + REST, [people.PASSWORD_UNKNOWN]),
        ("$argon2id$", [people.PASSWORD_UNKNOWN]),
        ("$2b$12$abcdefghijklmnopqrstuv", [people.PASSWORD_UNKNOWN]),
        ("", [people.PASSWORD_EMPTY]),
    ],
)
def test_who_cannot_sign_in_as_before_is_told(stored: str, kinds: list[Kind], tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    execute(
        url,
        "CREATE TABLE users (id INTEGER, role TEXT, password_hash TEXT, photo_url TEXT)",
        f"INSERT INTO users VALUES (1, 'patient', '{stored}', NULL)",  # noqa: S608
    )
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        lines = list(people.passwords_and_photos(Look(connection, frozenset())))
    engine.dispose()
    assert [line.kind for line in lines] == kinds
