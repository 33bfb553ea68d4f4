"""S4: one session's readings among a hundred thousand and among ten million, recorded by many at the same time."""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle

from flask import Flask
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from app.models import Base, HeartRateReading, MonitoringSession, ReadingClassification
from app.services import traces
from benchmarks.lines import Line, at_most, duration
from benchmarks.measure import WALL, Task, side_by_side
from benchmarks.naive.tables import NaiveBase, NaiveReading
from benchmarks.run import Run
from benchmarks.signals import START
from benchmarks.stores import Store, engine_of, head, opened, stores
from tests.databases import sqlite_url

FEW = 100_000
LIMIT = 1.5
ROUNDS = 31
# A ward in the evening: so many devices send a value each second, for half an hour.
AT_ONCE, VALUES = 50, 1800
GROUP = AT_ONCE * VALUES
# How the rows are made: another number makes other files.
RECIPE = 1

OURS = Base.metadata.tables[HeartRateReading.__tablename__]
NAIVE = NaiveBase.metadata.tables[NaiveReading.__tablename__]

_NAIVE_READ = text(
    "SELECT timestamp, bpm, signal_quality FROM naive_readings WHERE session_id = :session_id ORDER BY id"
)


def lines(run: Run) -> Iterator[Line]:
    """The ratio on each database."""
    for store in stores(run):
        with _filled(run, store, FEW) as few, _filled(run, store, run.readings) as many:
            sizes = {"few": _ids(FEW), "many": _ids(run.readings)}
            with Session(engine_of(few)) as among_few, Session(engine_of(many)) as among_many:
                found = side_by_side(
                    {
                        "naive few": _reader(among_few, sizes["few"], _naive),
                        "naive many": _reader(among_many, sizes["many"], _naive),
                        "few": _reader(among_few, sizes["few"], _ours),
                        "many": _reader(among_many, sizes["many"], _ours),
                    },
                    clock=WALL,
                    rounds=ROUNDS,
                    repeats=False,
                )
        yield at_most(
            "S4",
            f"one session among {run.readings:,} readings / {FEW:,}, {store.name}",
            naive=f"{found.ratio('naive many', 'naive few'):.2f}",
            ours=f"{duration(found.median_s('many'))} / {duration(found.median_s('few'))}",
            value=found.ratio("many", "few"),
            limit=LIMIT,
        )


def _reader(session: Session, ids: Sequence[str], read: Callable[[Session, str], object]) -> Task:
    """What reads another session each time it is called."""
    turn = cycle(ids)

    def task() -> object:
        found = read(session, next(turn))
        session.rollback()
        return found

    return task


def _ours(session: Session, session_id: str) -> object:
    """As the portal reads a recording; the row of the recording itself is not what is measured."""
    recording = MonitoringSession(id=session_id, start_time=START)
    return traces.read(session, recording)


def _naive(session: Session, session_id: str) -> object:
    """Even without objects: the rows lie where they came in, between those of everybody else."""
    return session.execute(_NAIVE_READ, {"session_id": session_id}).all()


def _groups(rows: int) -> range:
    """About so many rows in whole groups."""
    return range(max(1, rows // GROUP))


def _ids(rows: int) -> list[str]:
    """Sessions from all over the table, in no order."""
    pairs = [(group, number) for group in _groups(rows) for number in range(AT_ONCE)]
    chosen = random.Random(1).sample(pairs, min(len(pairs), 50))  # noqa: S311  # The same in every run.
    return [_session_id(group, number) for group, number in chosen]


def _session_id(group: int, number: int) -> str:
    """As the portal makes them, but equal in every run: in the order of the index they are anywhere."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{group} {number}"))


@contextmanager
def _filled(run: Run, store: Store, rows: int) -> Iterator[Flask]:
    """The application on a database with about so many readings; a file of SQLite is made once and kept."""
    if store.name != "SQLite":
        with store.portal() as app:
            run.tell(f"S4: fills {store.name} with {rows:,} readings")
            _fill(app, rows)
            yield app
        return
    path = run.cache / f"readings-{rows}-{head()}-{RECIPE}.db"
    if not path.exists():
        for old in run.cache.glob(f"readings-{rows}-*"):
            old.unlink()
        run.tell(f"S4: makes {path} with {rows:,} readings, once")
        unfinished = path.with_suffix(".unfinished")
        with opened(sqlite_url(run.cache, unfinished.name)) as app:
            _fill(app, rows)
        unfinished.rename(path)
    with opened(sqlite_url(run.cache, path.name)) as app:
        yield app


def _fill(app: Flask, rows: int) -> None:
    """Both tables with the same readings, group after group of sessions that are recorded at the same time."""
    engine = engine_of(app)
    NaiveBase.metadata.create_all(engine)
    with engine.connect() as connection:
        _without_checks(connection)
        for group in _groups(rows):
            ids = [_session_id(group, number) for number in range(AT_ONCE)]
            _insert(connection, group, ids)
            connection.commit()


def _insert(connection: Connection, group: int, ids: Sequence[str]) -> None:
    """The first group from here; the others are copies of it that the database makes, which is much faster."""
    if group == 0:
        times = [START + timedelta(seconds=second) for second in range(VALUES)]
        places = [(time, number) for time in times for number in range(AT_ONCE)]
        shared = [
            {"session_id": ids[number], "bpm": 140 + (7 * time.second + number) % 11, "signal_quality": 0.9}
            for time, number in places
        ]
        rest = {"classification": ReadingClassification.NORMAL, "created_at": START}
        connection.execute(
            insert(OURS), [{**row, **rest, "timestamp": time} for row, (time, _) in zip(shared, places, strict=True)]
        )
        naive_times = [time.replace(tzinfo=None) for time, _ in places]
        connection.execute(
            insert(NAIVE), [{**row, "timestamp": time} for row, time in zip(shared, naive_times, strict=True)]
        )
        return
    connection.exec_driver_sql("CREATE TEMPORARY TABLE renamed (old VARCHAR(50) PRIMARY KEY, new VARCHAR(50))")
    pairs = [{"old": _session_id(0, number), "new": new} for number, new in enumerate(ids)]
    connection.execute(text("INSERT INTO renamed VALUES (:old, :new)"), pairs)
    for table in (OURS, NAIVE):
        names = [column.name for column in table.columns if column.name not in {"id", "session_id"}]
        copied = ", ".join(names)
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} (session_id, {copied}) SELECT renamed.new, {copied} FROM {table.name} "  # noqa: S608
            f"JOIN renamed ON renamed.old = session_id WHERE {table.name}.id <= {GROUP} ORDER BY {table.name}.id"
        )
    connection.exec_driver_sql("DROP TABLE renamed")


def _without_checks(connection: Connection) -> None:
    """These readings have no sessions, and what is lost in a crash is made again."""
    if connection.dialect.name == "sqlite":
        for pragma in ("foreign_keys=OFF", "synchronous=OFF"):
            connection.connection.execute(f"PRAGMA {pragma}")
    else:
        connection.exec_driver_sql("SET foreign_key_checks = 0")
        connection.commit()
