"""E1: from the database to the picture."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.charts import Strip, strip_svg
from app.ctg.trace import Trace
from app.models import MonitoringSession
from app.services import analyses, traces
from benchmarks.lines import Line, at_least, duration, reported
from benchmarks.measure import WALL, side_by_side
from benchmarks.naive.orm_rows import read_samples, store_samples
from benchmarks.naive.pyplot_strip import pyplot_png
from benchmarks.naive.tables import NaiveBase
from benchmarks.run import Run
from benchmarks.signals import START, ZONE, with_quality
from benchmarks.stores import Store, engine_of, stores
from benchmarks.strips import CAPTION
from benchmarks.world import World

MINUTES = 90
TIMES = 100


def lines(run: Run) -> Iterator[Line]:
    """A stored recording of 90 minutes as one strip, on each database."""
    for store in stores(run):
        with store.portal() as app, World(app) as world:
            NaiveBase.metadata.create_all(engine_of(app))
            yield from _of(store, world)


def _of(store: Store, world: World) -> Iterator[Line]:
    session, stored = world.session, world.upload(with_quality(MINUTES))
    public_id, session_id = stored.public_id, stored.id
    store_samples(session, session_id, with_quality(MINUTES))

    def naive() -> bytes:
        fhr1, toco, _ = read_samples(session, session_id)
        return pyplot_png(Trace(START, 4.0, fhr1, toco=toco), None, minutes=MINUTES)

    def forget() -> None:
        session.rollback()
        session.expunge_all()

    found = side_by_side(
        {
            "naive": naive,
            "ours": lambda: _drawn(session, public_id, is_stored=True),
            "cold": lambda: _drawn(session, public_id, is_stored=False),
        },
        clock=WALL,
        repeats=False,
        after=forget,
    )
    yield at_least(
        "E1",
        f"stored {MINUTES} min with its analysis to strip SVG, {store.name}",
        naive_s=found.median_s("naive"),
        ours_s=found.median_s("ours"),
        ratio=found.ratio("naive", "ours"),
        times=TIMES,
    )
    name = f"the same, analysed anew, {store.name}"
    ratio = f"{found.ratio('naive', 'cold'):.3g}x"
    yield reported("E1", name, ours=duration(found.median_s("cold")), ratio=ratio)


def _drawn(session: Session, public_id: str, *, is_stored: bool) -> bytes:
    """What the route does after it has checked who asks."""
    recording = session.scalars(select(MonitoringSession).where(MonitoringSession.public_id == public_id)).one()
    stretch = traces.read_stretch(session, recording, 0.0, MINUTES * 60.0)
    if is_stored:
        found = analyses.drawn(session, recording, zone=ZONE)
    else:
        found = analyses.compute(stretch.part, gestation_days=None, maternal_bpm=recording.maternal_bpm)
    return strip_svg(Strip(stretch, CAPTION, minutes=MINUTES, analyses=tuple(found)))
