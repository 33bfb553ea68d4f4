"""Throttling: five tries a minute, for an account and for an address, counted by the database."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import Role, ThrottleCounter, User
from app.services import throttle
from app.services.errors import Throttled
from app.services.throttle import ACCOUNT_LIMIT
from app.services.transaction import unit_of_work

pytestmark = pytest.mark.usefixtures("noon")

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def tries(session: Session, number: int, *, account: str = "siti", address: str = "192.0.2.1") -> int:
    """How many of `number` tries were let through."""
    passed = 0
    for _ in range(number):
        try:
            throttle.count(session, "sign_in", account=account, address=address)
        except Throttled:
            continue
        passed += 1
    return passed


def test_the_sixth_try_within_a_minute_is_refused(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:
        assert tries(session, 5) == 5
        clock.shift(timedelta(seconds=20))
        with pytest.raises(Throttled) as refused:
            throttle.count(session, "sign_in", account="siti", address="192.0.2.1")
        assert refused.value.values["retry_after_s"] == 40
        clock.shift(timedelta(seconds=39))
        assert tries(session, 1) == 0
        clock.shift(timedelta(seconds=1))
        assert tries(session, 6) == 5


def test_other_accounts_from_other_addresses_are_unaffected(session: Session) -> None:
    assert tries(session, 6) == 5
    assert tries(session, 5, account="budi", address="192.0.2.2") == 5


def test_an_account_is_throttled_wherever_the_tries_come_from(session: Session) -> None:
    assert sum(tries(session, 1, address=f"192.0.2.{number}") for number in range(9)) == 5


def test_an_address_is_throttled_whatever_it_tries_and_makes_no_more_rows(session: Session) -> None:
    assert sum(tries(session, 1, account=f"account {number}") for number in range(40)) == 5
    assert session.scalar(select(func.count()).select_from(ThrottleCounter)) == 6


def test_five_wrong_passwords_from_elsewhere_do_not_keep_her_out(session: Session) -> None:
    def sign_in(address: str) -> bool:
        try:
            throttle.count(session, "sign_in", account="siti", address=address, account_limit=ACCOUNT_LIMIT)
        except Throttled:
            return False
        return True

    assert [sign_in("192.0.2.1") for _ in range(7)] == [True] * 5 + [False] * 2
    assert sign_in("192.0.2.2")
    passed = sum(sign_in(f"198.51.100.{number}") for number in range(2 * ACCOUNT_LIMIT))
    assert passed == ACCOUNT_LIMIT - 6


def test_one_ipv6_network_is_one_address(session: Session) -> None:
    passed = sum(tries(session, 1, account=f"a{n}", address=f"2001:db8:0:1::{n:x}") for n in range(9))
    assert passed == 5
    assert tries(session, 1, account="b", address="2001:db8:0:2::1") == 1


def test_kinds_are_counted_apart(session: Session) -> None:
    assert tries(session, 6) == 5
    throttle.count(session, "reset", account="siti", address="192.0.2.1")


def test_no_address_is_kept(session: Session) -> None:
    tries(session, 1, account="siti@example.org")
    for counter in session.scalars(select(ThrottleCounter)):
        assert len(counter.key_hash) == 64
        assert "siti" not in counter.key_hash


def test_the_count_survives_a_request_that_is_rolled_back(session: Session, app: Flask) -> None:
    for _ in range(5):
        throttle.count(session, "sign_in", account="siti", address="192.0.2.1")
        session.rollback()
    with app.app_context(), Session(db.engine) as another:
        assert tries(another, 1) == 0


def test_a_try_is_counted_before_anything_is_changed(session: Session) -> None:
    session.add(User(name="x", email="x@example.org", password_hash="", role=Role.PATIENT))
    with pytest.raises(RuntimeError, match="before anything else"):
        throttle.count(session, "sign_in", account="siti", address="192.0.2.1")
    session.rollback()


def test_a_success_takes_its_try_back(session: Session) -> None:
    for _ in range(20):
        attempt = throttle.count(session, "sign_in", account="siti", address="192.0.2.1")
        with unit_of_work(session):
            throttle.take_back(session, attempt)
    assert tries(session, 6) == 5


def test_taking_back_never_gives_more_than_five(session: Session) -> None:
    attempt = throttle.count(session, "sign_in", account="siti", address="192.0.2.1")
    for _ in range(4):
        with unit_of_work(session):
            throttle.take_back(session, attempt)
    assert tries(session, 9) == 5


def test_purging_deletes_what_is_over_and_nothing_else(session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:
        tries(session, 5, account="siti", address="192.0.2.1")
        clock.shift(timedelta(seconds=59))
        with unit_of_work(session):
            assert throttle.purge(session) == 0
        tries(session, 1, account="budi", address="192.0.2.2")
        clock.shift(timedelta(seconds=1))
        with unit_of_work(session):
            assert throttle.purge(session) == 2
        assert session.scalar(select(func.count()).select_from(ThrottleCounter)) == 2


def test_parallel_tries_are_all_counted(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
    passed: list[int] = []
    failed: list[Exception] = []

    def try_often() -> None:
        try:
            with Session(engine) as session:
                passed.append(tries(session, 4))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=try_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(passed) == 5
