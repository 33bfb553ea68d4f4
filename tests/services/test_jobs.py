"""Jobs: one runner at a time by a lease in the database, run again when due, and late when nobody runs them."""

import io
import threading
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import AccountToken, JobLease, ThrottleCounter, TokenPurpose
from app.services import account_tokens, jobs, outbox, throttle
from app.services.jobs import Job, Outcome, Surroundings
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.smtp_server import closed_port, mail_server

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def surroundings(mail_url: str = "console:", *, is_demo: bool = False) -> Surroundings:
    return Surroundings(mail_url=mail_url, is_demo=is_demo, output=io.StringIO())


def run(session: Session, job: Job, *, holder: str = "one", only_due: bool = False) -> Outcome:
    return jobs.run(session, surroundings(), holder=holder, only_due=only_due, registry=[job])[0]


def late(session: Session) -> bool:
    session.rollback()
    answer = jobs.notices_may_be_late(session)
    session.rollback()
    return answer


def counting(results: list[str], name: str = "count") -> Job:
    def work(_session: Session, _surroundings: Surroundings) -> int:
        results.append(name)
        return len(results)

    return Job(name, timedelta(minutes=5), work)


def test_a_job_runs_and_its_success_is_noted(session: Session) -> None:
    done: list[str] = []
    with time_machine.travel(START, tick=False):
        assert run(session, counting(done)) == Outcome("count", 1)
    lease = session.scalars(select(JobLease)).one()
    assert (lease.name, lease.holder, lease.last_success_at, lease.leased_until) == ("count", "one", START, START)


def test_a_job_rests_until_it_is_due(session: Session) -> None:
    done: list[str] = []
    job = counting(done)
    with time_machine.travel(START, tick=False) as clock:
        assert run(session, job, only_due=True).done == 1
        clock.shift(timedelta(minutes=4, seconds=59))
        assert run(session, job, only_due=True).done is None
        assert run(session, job).done == 2
        clock.shift(timedelta(minutes=5))
        assert run(session, job, only_due=True).done == 3


def test_a_running_job_is_left_to_its_runner(app: Flask, session: Session) -> None:
    seen: list[Outcome] = []

    def work(_session: Session, _surroundings: Surroundings) -> int:
        with app.app_context(), Session(db.engine, expire_on_commit=False) as other:
            seen.append(run(other, job, holder="two"))
        return 1

    job = Job("slow", timedelta(0), work)
    assert run(session, job).done == 1
    assert seen == [Outcome("slow", None)]


def test_a_dead_runners_lease_ends(session: Session) -> None:
    done: list[str] = []
    with time_machine.travel(START, tick=False) as clock:
        with unit_of_work(session):
            session.add(JobLease(name="count", holder="dead", leased_until=START + jobs.LEASE))
        clock.shift(jobs.LEASE - timedelta(seconds=1))
        assert run(session, counting(done)).done is None
        clock.shift(timedelta(seconds=1))
        assert run(session, counting(done)).done == 1


def test_a_runner_whose_lease_ran_out_does_not_end_the_next_ones(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:

        def work(own: Session, _surroundings: Surroundings) -> int:
            clock.shift(jobs.LEASE)
            with unit_of_work(own):
                lease = own.scalars(select(JobLease)).one()
                lease.holder, lease.leased_until = "two", START + 2 * jobs.LEASE
            return 1

        run(session, Job("slow", timedelta(0), work))
    lease = session.scalars(select(JobLease)).one()
    assert (lease.holder, lease.leased_until) == ("two", START + 2 * jobs.LEASE)


def test_a_job_that_fails_is_named_and_the_others_run(session: Session, caplog: object) -> None:
    def fail(own: Session, _surroundings: Surroundings) -> int:
        own.execute(select(JobLease))
        raise ZeroDivisionError

    done: list[str] = []
    outcomes = jobs.run(
        session,
        surroundings(),
        holder="one",
        registry=[Job("bad", timedelta(0), fail), counting(done)],
    )
    assert outcomes == [Outcome("bad", 0, "ZeroDivisionError"), Outcome("count", 1)]
    leases = {lease.name: lease.last_success_at for lease in session.scalars(select(JobLease))}
    assert leases["bad"] is None
    assert leases["count"] is not None


def test_parallel_runners_run_a_job_once(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
    done: list[str] = []
    failed: list[Exception] = []
    start = threading.Barrier(6)
    job = counting(done)

    def work(number: int) -> None:
        try:
            start.wait(timeout=60)
            with Session(engine, expire_on_commit=False) as own:
                jobs.run(own, surroundings(), holder=str(number), only_due=True, registry=[job])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(done) == 1


def test_purging_deletes_what_means_nothing_any_more(make: Make, session: Session) -> None:
    user = make.user()
    with time_machine.travel(START, tick=False) as clock:
        with unit_of_work(session):
            account_tokens.issue(session, user, TokenPurpose.RESET)
            account_tokens.issue(session, user, TokenPurpose.ACTIVATE)
        throttle.count(session, "sign_in", account="siti", address="192.0.2.1")
        assert run(session, jobs.PURGE).done == 0
        clock.shift(timedelta(hours=1))
        assert run(session, jobs.PURGE).done == 3
        assert session.scalars(select(AccountToken.purpose)).all() == [TokenPurpose.ACTIVATE]
        assert session.scalar(select(func.count()).select_from(ThrottleCounter)) == 0


def test_the_mail_job_sends(session: Session) -> None:
    with unit_of_work(session):
        outbox.send(session, to="siti@example.org", subject="Subject", body="Body")
    with mail_server() as to:
        outcomes = jobs.run(session, surroundings(to.url), holder="one")
    assert Outcome("mail", 1) in outcomes
    assert len(to.messages) == 1


def test_the_demo_never_sends(session: Session) -> None:
    with unit_of_work(session):
        outbox.send(session, to="siti@example.org", subject="Subject", body="Body")
    with mail_server() as to:
        jobs.run(session, surroundings(to.url, is_demo=True), holder="one")
    assert to.commands == []


def test_before_the_first_run_only_mail_that_waits_is_late(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:
        assert not late(session)
        with unit_of_work(session):
            outbox.send(session, to="siti@example.org", subject="Subject", body="Body")
        clock.shift(timedelta(minutes=10))
        assert not late(session)
        clock.shift(timedelta(seconds=1))
        assert late(session)
        run(session, jobs.MAIL)
        assert not late(session)


def test_notices_may_be_late_while_nobody_runs_the_jobs(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:
        run(session, jobs.MAIL)
        assert not late(session)
        clock.shift(timedelta(minutes=10))
        assert not late(session)
        clock.shift(timedelta(seconds=1))
        assert late(session)


def test_notices_may_be_late_while_no_server_takes_them(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock, closed_port() as port:
        with unit_of_work(session):
            outbox.send(session, to="siti@example.org", subject="Subject", body="Body")
        clock.shift(timedelta(minutes=10, seconds=1))
        jobs.run(session, surroundings(f"smtp://127.0.0.1:{port}"), holder="one")
        assert late(session)
        clock.shift(timedelta(minutes=1))
        run(session, jobs.MAIL)
        assert not late(session)
