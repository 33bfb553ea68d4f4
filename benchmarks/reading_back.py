"""S3: what is stored, as arrays again."""

from collections.abc import Iterator

from app.services import readings, traces, waveforms
from benchmarks.lines import Line, at_least, duration, reported
from benchmarks.measure import WALL, side_by_side
from benchmarks.naive.orm_rows import read_readings, read_samples, store_readings, store_samples
from benchmarks.naive.tables import NaiveBase
from benchmarks.run import Run
from benchmarks.signals import handheld, with_quality
from benchmarks.stores import Store, engine_of, stores
from benchmarks.world import World

WAVEFORM_MIN = 90
# As many values as the waveform has samples: six hours of a handheld.
READINGS_MIN = 360
ROWS_TIMES, WAVEFORM_TIMES = 10, 80


def lines(run: Run) -> Iterator[Line]:
    """Readings and a waveform on each database."""
    for store in stores(run):
        with store.portal() as app, World(app) as world:
            NaiveBase.metadata.create_all(engine_of(app))
            yield from _of(store, world)


def _of(store: Store, world: World) -> Iterator[Line]:
    session = world.session
    of_handheld, of_monitor = world.empty_recording(), world.upload(with_quality(WAVEFORM_MIN))
    store_readings(session, of_handheld.id, handheld(READINGS_MIN))
    store_samples(session, of_monitor.id, with_quality(WAVEFORM_MIN))
    found = side_by_side(
        {
            "naive rows": lambda: read_readings(session, of_handheld.id),
            "rows": lambda: readings.read(session, of_handheld.id),
            "curve": lambda: traces.read(session, of_handheld),
            "naive waveform": lambda: read_samples(session, of_monitor.id),
            "waveform": lambda: waveforms.read_trace(session, of_monitor),
        },
        clock=WALL,
        # What the session knows of its objects is forgotten, so that the next turn reads them again.
        after=session.expunge_all,
    )
    for kind, times in (("rows", ROWS_TIMES), ("waveform", WAVEFORM_TIMES)):
        yield at_least(
            "S3",
            f"stored {kind} to arrays, {store.name}",
            naive_s=found.median_s(f"naive {kind}"),
            ours_s=found.median_s(kind),
            ratio=found.ratio(f"naive {kind}", kind),
            times=times,
        )
    ratio = f"{found.ratio('naive rows', 'curve'):.3g}x"
    name = f"the rows as the curve of a recording, {store.name}"
    yield reported("S3", name, ours=duration(found.median_s("curve")), ratio=ratio)
