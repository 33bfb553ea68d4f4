from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.services import working_days

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-16 10:00", 2, "2026-11-18 10:00"),  # Monday to Wednesday.
        ("2026-11-19 10:00", 2, "2026-11-23 10:00"),  # Thursday to Monday.
        ("2026-11-20 10:00", 1, "2026-11-23 10:00"),  # Friday to Monday.
        ("2026-11-20 10:00", 2, "2026-11-24 10:00"),
        ("2026-11-21 10:00", 1, "2026-11-23 10:00"),  # Saturday and Sunday wait for Monday.
        ("2026-11-22 10:00", 1, "2026-11-23 10:00"),
        ("2026-11-16 10:00", 5, "2026-11-23 10:00"),
        ("2026-11-18 10:00", 30, "2026-12-30 10:00"),
    ],
)
def test_weekends_do_not_count(received: str, days: int, due: str) -> None:
    instant = datetime.fromisoformat(received).replace(tzinfo=JAKARTA).astimezone(UTC)
    found = working_days.after(instant, days, JAKARTA)
    assert found == datetime.fromisoformat(due).replace(tzinfo=JAKARTA)
    assert found.tzinfo is UTC


def test_the_day_is_that_of_the_unit() -> None:
    # 20:00 UTC on Friday is Saturday in Jakarta.
    friday_night = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert working_days.after(friday_night, 1, JAKARTA) == datetime(2026, 11, 22, 20, tzinfo=UTC)
    assert working_days.after(friday_night, 1, UTC) == datetime(2026, 11, 23, 20, tzinfo=UTC)


def test_the_time_of_day_stays_when_the_clock_is_put_back() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 10, 23, 9, tzinfo=berlin)
    assert working_days.after(friday.astimezone(UTC), 1, berlin) == datetime(2026, 10, 26, 9, tzinfo=berlin)
