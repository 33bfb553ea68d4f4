"""The age of a pregnancy as arithmetic on days; no clock, no database.

Source of the two constants: Naegele's rule as ACOG Committee Opinion 700 (2017) uses it, 280 days from the first day
of the last menstrual period, 266 from conception.
"""

from datetime import date, timedelta

TERM_DAYS = 280
CONCEPTION_TO_TERM_DAYS = 266
DAYS_PER_WEEK = 7
# The last week that is counted: a pregnancy does not last longer, a wrong or forgotten date does.
LAST_WEEK = 44


def gestation_days(due_date: date, on: date) -> int:
    """Days of gestation on the day `on`: 280 on the due date; negative or beyond term when the dates say so."""
    return TERM_DAYS - (due_date - on).days


def due_date_from_last_period(first_day: date) -> date:
    """The due date when the last menstrual period began on `first_day`."""
    return first_day + timedelta(days=TERM_DAYS)


def due_date_from_ovulation(day: date) -> date:
    """The due date when ovulation, or fertilisation in the laboratory, was on `day`."""
    return day + timedelta(days=CONCEPTION_TO_TERM_DAYS)


def due_date_from_gestation(days: int, on: date) -> date:
    """The due date when an examination found `days` of gestation on the day `on`: the inverse of `gestation_days`."""
    return on + timedelta(days=TERM_DAYS - days)


def last_period_of(due_date: date) -> date:
    """The day that counts as the first of the pregnancy, whichever way it was dated."""
    return due_date - timedelta(days=TERM_DAYS)


def is_countable(days: int) -> bool:
    """Whether this is an age that a pregnancy can have: from 0 to 44 weeks."""
    return 0 <= days <= LAST_WEEK * DAYS_PER_WEEK
