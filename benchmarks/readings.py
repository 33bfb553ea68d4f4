"""S1: a handheld's values into the database, as rows of the original's table."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import delete

from app.models import HeartRateReading
from app.services import readings
from app.services.readings import Readings
from benchmarks.lines import Line, at_least
from benchmarks.measure import WALL, side_by_side
from benchmarks.naive.orm_rows import store_readings
from benchmarks.run import Run
from benchmarks.signals import START, handheld
from benchmarks.stores import Store, stores
from benchmarks.world import World

MINUTES = 360
TIMES = {"SQLite": 30, "MariaDB": 15}


def lines(run: Run) -> Iterator[Line]:
    """Six hours, which are 21,600 values, on each database."""
    for store in stores(run):
        with store.portal() as app, World(app) as world:
            yield _of(store, world)


def _of(store: Store, world: World) -> Line:
    session, trace = world.session, handheld(MINUTES)
    recording = world.empty_recording()
    session_id = recording.id
    values = Readings(
        instant_s=int(START.timestamp()) + np.arange(len(trace)), bpm=trace.fhr1, quality=np.full(len(trace), 0.9)
    )

    def ours() -> None:
        readings.write(session, recording, values)
        session.commit()

    def clear() -> None:
        session.execute(delete(HeartRateReading))
        session.commit()
        session.expunge_all()

    found = side_by_side(
        {"naive": lambda: store_readings(session, session_id, trace), "ours": ours},
        clock=WALL,
        repeats=False,
        after=clear,
    )
    return at_least(
        "S1",
        f"insert {len(trace):,} readings as rows, {store.name}",
        naive_s=found.median_s("naive"),
        ours_s=found.median_s("ours"),
        ratio=found.ratio("naive", "ours"),
        times=TIMES[store.name],
    )
