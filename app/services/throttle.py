"""Throttling: at most five tries a minute for one account and from one network, counted in the database.

Sign-in alone lets an account have ACCOUNT_LIMIT tries from all networks together, five from each: else anybody who
knows an address could keep its owner out with five wrong passwords a minute.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from sqlalchemy import Insert, case, delete, func, select, update
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

from app.database import begin_writing, end_transaction
from app.models import ThrottleCounter
from app.services.clock import utc_now
from app.services.errors import Throttled

LIMIT = 5
ACCOUNT_LIMIT = 30
WINDOW = timedelta(minutes=1)
# Whoever has one IPv6 address has the 2^64 of its network.
IPV6_NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted try, so that it can be taken back."""

    kind: str
    keys: tuple[str, ...]


def count(session: Session, kind: str, *, account: str, address: str, account_limit: int = LIMIT) -> Attempt:
    """The try, counted for `account` and for the network `address`; Throttled when either has had its number.

    This is the one use case that ends the transaction: the count must hold whatever becomes of the request, and
    before it costs a hash. So it comes first in a request, and writes afterwards begin a transaction of their own.
    `kind` is at most 16 characters: tries of one kind do not count for another.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a try is counted before anything else is changed")
    begin_writing(session)
    now = utc_now()
    keys = (_hash("address", _network(address)), _hash("account", account))
    wait_s = 0
    # The address first: one that has had its five makes no more rows for invented accounts.
    for key, limit in zip(keys, (LIMIT, account_limit), strict=True):
        wait_s = _count_one(session, key, kind, now, limit)
        if wait_s:
            break
    end_transaction(session, keep=True)
    if wait_s:
        raise Throttled("too_many_tries", retry_after_s=wait_s)
    return Attempt(kind, keys)


def take_back(session: Session, attempt: Attempt) -> None:
    """Count this try no longer: it succeeded, and a clinic whose people share one address signs in all morning."""
    for key in attempt.keys:
        session.execute(
            update(ThrottleCounter)
            .where(ThrottleCounter.key_hash == key, ThrottleCounter.window == attempt.kind, ThrottleCounter.count > 0)
            .values(count=ThrottleCounter.count - 1)
        )


def purge(session: Session) -> int:
    """How many counters are deleted because their minute is over."""
    is_over = ThrottleCounter.expires_at <= utc_now()
    found = session.scalar(select(func.count()).select_from(ThrottleCounter).where(is_over)) or 0
    session.execute(delete(ThrottleCounter).where(is_over))
    return found


def _count_one(session: Session, key: str, kind: str, now: datetime, limit: int) -> int:
    """Seconds to wait, 0 while this key may try; its minute begins with its first try."""
    session.execute(_upsert(session, key, kind, now))
    tries, expires_at = session.execute(
        select(ThrottleCounter.count, ThrottleCounter.expires_at).where(
            ThrottleCounter.key_hash == key, ThrottleCounter.window == kind
        )
    ).one()
    return max(1, ceil((expires_at - now).total_seconds())) if tries > limit else 0


def _upsert(session: Session, key: str, kind: str, now: datetime) -> Insert:
    """One statement that begins a minute or counts on in it, so that parallel tries are all counted."""
    values = {"key_hash": key, "window": kind, "count": 1, "expires_at": now + WINDOW}
    is_over = ThrottleCounter.expires_at <= now
    # In this order: MySQL sets one column after the other, and the first must still see the old end.
    changes = {
        "count": case((is_over, 1), else_=ThrottleCounter.count + 1),
        "expires_at": case((is_over, now + WINDOW), else_=ThrottleCounter.expires_at),
    }
    if session.get_bind().dialect.name == "sqlite":
        return (
            sqlite.insert(ThrottleCounter)
            .values(values)
            .on_conflict_do_update(index_elements=["key_hash", "window"], set_=changes)
        )
    return mysql.insert(ThrottleCounter).values(values).on_duplicate_key_update(list(changes.items()))


def _network(address: str) -> str:
    """`address` itself, or the network of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return f"{int(parsed) >> (128 - IPV6_NETWORK_BITS):x}::/{IPV6_NETWORK_BITS}"
    return address


def _hash(kind_of_key: str, text: str) -> str:
    return hashlib.sha256(f"{kind_of_key}:{text}".encode("utf-8", "surrogatepass")).hexdigest()
