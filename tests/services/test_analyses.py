"""What was computed, for a page and for its picture."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.services import analyses, traces
from tests import older
from tests.make import Make
from tests.services.readings import writing
from tests.services.uploads import as_doctor, csv_file, store
from tests.statements import counted

ZONE = ZoneInfo("Asia/Jakarta")


def test_a_picture_of_readings_shows_what_their_page_shows(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient(), older.values(25))
    trace = traces.read(session, row).trace
    (found,) = analyses.drawn(session, row, zone=ZONE)
    assert found.input_digest == trace.digest()
    assert [found] == list(analyses.shown(session, row, trace, zone=ZONE))


def test_a_picture_of_a_stored_analysis_reads_no_sample(session: Session, make: Make) -> None:
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(25)).monitoring_session
    session.refresh(row)
    with counted(session) as statements:
        found = analyses.drawn(session, row, zone=ZONE)
    assert found == analyses.newest(session, row) != []
    assert len(statements) == 1


def test_of_several_engines_the_newest_says_what_it_found_of_each_fetus(session: Session, make: Make) -> None:
    twins = csv_file(25, fhr2_bpm=[150.0] * 6000)
    row = store(session, as_doctor(make.doctor()), make.patient(), twins, fetuses=2).monitoring_session
    first, second = analyses.newest(session, row)
    later = replace(second, engine_version="later")
    with writing(session):
        analyses.keep(session, row, [later], gestation_days=None)
    assert analyses.newest(session, row) == [first, later]
