"""S2 and S5: 90 minutes of a monitor's samples into the database, and the room that they take there."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.ctg.trace import Trace
from app.models import WaveformChunk
from app.services import waveforms
from benchmarks.lines import Line, at_least, at_most
from benchmarks.measure import WALL, side_by_side
from benchmarks.naive.orm_rows import store_samples
from benchmarks.naive.tables import NaiveBase, NaiveSample
from benchmarks.run import Run
from benchmarks.signals import public, with_quality
from benchmarks.stores import Store, engine_of, stores
from benchmarks.world import World

MINUTES = 90
TIMES = 200
LIMIT_BYTES = 4.0
# Enough that what a database sets aside for a table at a time does not count; a few recordings, again and again.
OURS_STORED, NAIVE_STORED = 200, 10
DIFFERENT = 20


def lines(run: Run) -> Iterator[Line]:
    """The time to store, then the room; of synthetic recordings, and of public ones where they are at hand."""
    for store in stores(run):
        with store.portal() as app, World(app) as world:
            NaiveBase.metadata.create_all(engine_of(app))
            yield _stored(store, world)
        yield _room(store, "", [with_quality(MINUTES, seed) for seed in range(DIFFERENT)])
        real = public(60, DIFFERENT)
        if real:
            yield _room(store, ", public recordings, which have no quality", real)


def _stored(store: Store, world: World) -> Line:
    trace, session = with_quality(MINUTES), world.session
    session_id = world.empty_recording().id

    def ours() -> None:
        waveforms.write_trace(session, session_id, trace)
        session.commit()

    def clear() -> None:
        session.execute(delete(WaveformChunk))
        session.execute(delete(NaiveSample))
        session.commit()
        session.expunge_all()

    found = side_by_side(
        {"naive": lambda: store_samples(session, session_id, trace), "ours": ours},
        clock=WALL,
        repeats=False,
        after=clear,
    )
    return at_least(
        "S2",
        f"store {MINUTES} min of a waveform at 4 Hz, {store.name}",
        naive_s=found.median_s("naive"),
        ours_s=found.median_s("ours"),
        ratio=found.ratio("naive", "ours"),
        times=TIMES,
    )


def _room(store: Store, what: str, traces: Sequence[Trace]) -> Line:
    ours = _bytes_per_sample(store, "waveform_chunks", waveforms.write_trace, _stretched(traces, OURS_STORED))
    naive = _bytes_per_sample(store, "naive_samples", store_samples, _stretched(traces, NAIVE_STORED))
    return at_most(
        "S5",
        f"bytes per stored sample, {store.name}{what}",
        naive=f"{naive:.1f}",
        ours=f"{ours:.2f}",
        value=ours,
        limit=LIMIT_BYTES,
    )


def _stretched(traces: Sequence[Trace], count: int) -> list[Trace]:
    return list(islice(cycle(traces), count))


def _bytes_per_sample(
    store: Store, table: str, write: Callable[[Session, str, Trace], None], traces: list[Trace]
) -> float:
    """How much a new database grows, by the samples that were stored; a sample is what a moment holds."""
    with store.portal() as app, World(app) as world:
        NaiveBase.metadata.create_all(engine_of(app))
        ids = [world.empty_recording().id for _ in traces]
        before = _size_bytes(app, table)
        for session_id, trace in zip(ids, traces, strict=True):
            write(world.session, session_id, trace)
            world.session.commit()
            world.session.expunge_all()
        return (_size_bytes(app, table) - before) / sum(map(len, traces))


def _size_bytes(app: Flask, table: str) -> int:
    """The file of SQLite, or the pages of one table of MariaDB."""
    with engine_of(app).connect() as connection:
        if connection.dialect.name == "sqlite":
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        connection.exec_driver_sql(f"ANALYZE TABLE {table}")
        size = text(
            "SELECT data_length + index_length FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_name = :table"
        )
        return int(connection.execute(size, {"table": table}).scalar_one())
