"""What an older database holds where JSON was meant is read as what it is: no text takes a page with it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import PregnancyInfo
from app.services import pregnancies
from tests.make import Make

DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("stored", "read", "shown"),
    [
        (None, None, ()),
        ("null", None, ()),
        ("", "", ()),
        ("Normal", "Normal", ("Normal",)),
        ("[1, 2", "[1, 2", ("[1, 2",)),
        ('["Anemia", "Preeklampsia"]', ["Anemia", "Preeklampsia"], ("Anemia", "Preeklampsia")),
        ('"Anemia"', "Anemia", ("Anemia",)),
        ("12", 12, ("12",)),
        (DEEP, DEEP, (DEEP,)),
    ],
    ids=lambda value: str(value)[:20],
)
def test_it_is_read_as_json_or_as_the_text_it_is(
    session: Session, make: Make, stored: str | None, read: object, shown: tuple[str, ...]
) -> None:
    pregnancy = make.pregnancy(make.patient())
    pregnancy_id = pregnancy.id
    session.commit()
    if session.get_bind().dialect.name != "sqlite":
        # As the original's own tables have it where somebody has made them by hand.
        session.execute(text("ALTER TABLE pregnancy_info MODIFY complications LONGTEXT"))
    try:
        session.execute(
            text("UPDATE pregnancy_info SET complications = :stored WHERE id = :id"),
            {"stored": stored, "id": pregnancy_id},
        )
        session.commit()
        session.expunge_all()
        found = session.get_one(PregnancyInfo, pregnancy_id)
        assert found.complications == read
        assert pregnancies.known_of(found).complications == shown
    finally:
        if session.get_bind().dialect.name != "sqlite":
            session.execute(text("UPDATE pregnancy_info SET complications = NULL"))
            session.execute(text("ALTER TABLE pregnancy_info MODIFY complications JSON"))


def test_what_is_written_is_json_and_nothing_is_null(session: Session, make: Make) -> None:
    pregnancy = make.pregnancy(make.patient())
    query = text("SELECT complications FROM pregnancy_info WHERE id = :id")
    for written, stored in ((["Anemia"], '["Anemia"]'), ([], "[]"), (None, None)):
        pregnancy.complications = written
        session.commit()
        assert session.scalar(query, {"id": pregnancy.id}) == stored
