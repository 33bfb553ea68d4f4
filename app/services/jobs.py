"""Background jobs: what has to be done and how often, each under a leased lock in the database."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import JobLease, OutgoingMail
from app.services import account_tokens, mail_delivery, throttle
from app.services.clock import utc_now
from app.services.mail_transport import transport
from app.services.transaction import unit_of_work

logger = logging.getLogger(__name__)

# A runner that died holds its lease for this long; a mail batch against a dead server is over before.
LEASE = timedelta(minutes=10)
# A notice that is this old is late, and doctors are told (PRODUCT.md 9).
LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What jobs know of their instance."""

    mail_url: str
    is_demo: bool
    output: TextIO


@dataclass(frozen=True, slots=True)
class Job:
    """A job that may be run again at any time; `run` opens its own units of work and answers how much it did."""

    name: str
    every: timedelta
    run: Callable[[Session, Surroundings], int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job: `done` counts, None when another runner has it."""

    name: str
    done: int | None
    error: str = ""


def send_mail(session: Session, surroundings: Surroundings) -> int:
    """How many messages left; the demo only names them."""
    if surroundings.is_demo:
        return mail_delivery.announce(session, surroundings.output)
    return mail_delivery.deliver(session, transport(surroundings.mail_url, surroundings.output))


def purge(session: Session, _surroundings: Surroundings) -> int:
    """How many throttle counters and tokens are deleted because they mean nothing any more."""
    with unit_of_work(session):
        counters = throttle.purge(session)
    with unit_of_work(session):
        return counters + account_tokens.purge(session)


MAIL = Job("mail", timedelta(seconds=10), send_mail)
PURGE = Job("purge", timedelta(hours=1), purge)
JOBS: tuple[Job, ...] = (MAIL, PURGE)


def run(
    session: Session,
    surroundings: Surroundings,
    *,
    holder: str,
    only_due: bool = False,
    registry: Sequence[Job] = JOBS,
) -> list[Outcome]:
    """What became of each job; one that fails does not keep the others from running.

    `holder` names this runner, in at most 40 characters. With `only_due` a job rests until its time has come.
    """
    outcomes = []
    for job in registry:
        if not _take_lease(session, job, holder, only_due=only_due):
            outcomes.append(Outcome(job.name, None))
            continue
        try:
            done = job.run(session, surroundings)
        except Exception as error:
            session.rollback()
            logger.exception("job %s failed", job.name)
            _give_back(session, job, holder, succeeded_at=None)
            outcomes.append(Outcome(job.name, 0, type(error).__name__))
        else:
            _give_back(session, job, holder, succeeded_at=utc_now())
            outcomes.append(Outcome(job.name, done))
    return outcomes


def notices_may_be_late(session: Session) -> bool:
    """Whether doctors should know that notices may not arrive: the runner stands still, or mail waits. One statement.

    An instance whose jobs have never run is late only once mail waits: before, there was nothing for them to do.
    """
    long_ago = utc_now() - LATE_AFTER
    stands_still = exists().where(JobLease.name == MAIL.name, JobLease.last_success_at < long_ago)
    mail_waits = exists().where(
        OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None), OutgoingMail.created_at < long_ago
    )
    return bool(session.scalar(select(or_(stands_still, mail_waits))))


def _take_lease(session: Session, job: Job, holder: str, *, only_due: bool) -> bool:
    """Whether this runner may run the job until the lease ends; committed, so that every other runner sees it."""
    now = utc_now()
    try:
        with unit_of_work(session):
            lease = session.scalars(
                select(JobLease)
                .where(JobLease.name == job.name)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).one_or_none()
            if lease is None:
                session.add(JobLease(name=job.name, holder=holder, leased_until=now + LEASE))
                return True
            if lease.leased_until > now or (only_due and not _is_due(job, lease.last_success_at, now)):
                return False
            lease.holder = holder
            lease.leased_until = now + LEASE
            return True
    except IntegrityError:  # Two runners have made the first lease at once, and the other one was faster.
        return False


def _is_due(job: Job, last_success_at: datetime | None, now: datetime) -> bool:
    return last_success_at is None or now - last_success_at >= job.every


def _give_back(session: Session, job: Job, holder: str, *, succeeded_at: datetime | None) -> None:
    """End the lease, unless it ran out and is another runner's by now."""
    values: dict[str, datetime] = {"leased_until": utc_now()}
    if succeeded_at is not None:
        values["last_success_at"] = succeeded_at
    with unit_of_work(session):
        session.execute(update(JobLease).where(JobLease.name == job.name, JobLease.holder == holder).values(**values))
