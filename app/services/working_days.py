"""Working days: what a unit promises to read within; Monday to Friday, holidays are not known."""

from datetime import datetime, timedelta, tzinfo

SATURDAY = 5


def after(instant: datetime, days: int, zone: tzinfo) -> datetime:
    """The time of day of `instant` so many working days later in `zone`; the days between are weekends.

    What comes on a Saturday or Sunday waits from then on: the Monday is its first working day.
    """
    local = instant.astimezone(zone)
    counted = 0
    while counted < days:
        local += timedelta(days=1)
        counted += local.weekday() < SATURDAY
    # Wall-clock arithmetic above; the offset of the day on which it ends may be another one.
    return local.astimezone(instant.tzinfo)
