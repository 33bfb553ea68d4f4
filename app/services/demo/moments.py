"""Moments of the demo world, counted back from its build."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Moment:
    """So many minutes before the build or, with a `clock`, that time of day so many days before it."""

    days: int = 0
    clock: time | None = None
    minutes: int = 0

    def before(self, now: datetime, zone: tzinfo) -> datetime:
        """The instant that this is when the world is built at `now`."""
        if self.clock is None:
            return now - timedelta(minutes=self.minutes)
        return datetime.combine(now.astimezone(zone).date() - timedelta(days=self.days), self.clock, zone)


def minutes_ago(minutes: int) -> Moment:
    """So many minutes before the build."""
    return Moment(minutes=minutes)


def days_ago(days: int, clock: str) -> Moment:
    """At `clock` (`06:45`) so many days before the day of the build, at least one: later today has not been yet."""
    if days < 1:
        raise ValueError("count today's moments in minutes: this clock time may not have come yet")
    return Moment(days=days, clock=time.fromisoformat(clock))
