"""019_strip_storage: what is known of each stored waveform without reading it, and how readings are found."""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from app.ctg.stretch import peak
from app.ctg.trace import Trace
from app.ctg.waveform_codec import encode
from migrations.waveform_peaks import MAX_SAMPLES
from tests.migrations import chain, facts, rows
from tests.migrations.test_data_steps import query

BEFORE, REVISION = "018_indexes", "019_strip_storage"
NAN = float("nan")
RATE_HZ = 4.0
FOUND = "SELECT id, channels, toco_peak FROM fetal_monitoring_sessions ORDER BY id"


@dataclass(frozen=True, slots=True)
class Case:
    """A stored waveform and what is to be known of it."""

    trace: Trace
    channels: str


def trace(toco: list[float] | None = None, **channels: Any) -> Trace:
    count = 8 if toco is None else len(toco)
    return Trace(start=None, rate_hz=RATE_HZ, fhr1=np.full(count, 140.0), toco=toco, **channels)  # type: ignore[arg-type]


# Eleven minutes: three chunks, the highest value in the second one.
LONG = [20.0] * 1300 + [99.5] + [NAN] * 100 + [10.0] * 1239
CASES = {
    "heart rate alone": Case(trace(), "fhr1"),
    "every channel": Case(
        trace([5.0, NAN, 12.25, 3.0], fhr2=np.full(4, 150.0), mhr=np.full(4, 80.0), quality=np.full(4, 0.5)),
        "fhr1 fhr2 toco mhr quality",
    ),
    "below zero": Case(trace([-3.0, -1.5, NAN]), "fhr1 toco"),
    "no number of steps": Case(trace([1 / 3, 2 / 3, NAN]), "fhr1 toco"),
    "nothing measured": Case(trace([NAN, NAN]), "fhr1 toco"),
    "no sample": Case(trace([]), "fhr1 toco"),
    "long": Case(trace(LONG), "fhr1 toco"),
}


def insert(url: str, cases: dict[str, Trace]) -> None:
    with chain.connection(url) as connection:
        for number, (key, kept) in enumerate(cases.items()):
            summary = {"rate_hz": kept.rate_hz, "sample_count": len(kept), "fetus_count": kept.fetus_count}
            template = rows.ROWS["fetal_monitoring_sessions"][0] | {"id": key, "public_id": f"public {number}"}
            rows.insert_into(connection, "fetal_monitoring_sessions", [template | summary])
            chunks = [
                {name: getattr(chunk, name) for name in chunk.__slots__} | {"session_id": key} for chunk in encode(kept)
            ]
            rows.insert_into(connection, "waveform_chunks", chunks)


@pytest.fixture
def with_waveforms(empty_database: str) -> str:
    chain.upgrade(empty_database, "692e6f2120e5")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    chain.upgrade(empty_database, BEFORE)
    insert(empty_database, {key: case.trace for key, case in CASES.items()})
    return empty_database


def known(url: str) -> dict[str, tuple[str | None, float | None]]:
    return {key: (channels, top) for key, channels, top in query(url, FOUND)}


def test_each_waveform_says_its_channels_and_its_peak(with_waveforms: str) -> None:
    chain.upgrade(with_waveforms, REVISION)
    found = known(with_waveforms)
    assert {key: found[key] for key in CASES} == {key: (case.channels, peak(case.trace)) for key, case in CASES.items()}
    # What is kept as readings has none.
    assert {found[key] for key in found.keys() - CASES.keys()} == {(None, None)}


def test_the_way_down_and_up_finds_the_same(with_waveforms: str) -> None:
    with chain.connection(with_waveforms) as connection:
        schema = facts.read(connection)
    chain.upgrade(with_waveforms, REVISION)
    found, readings = known(with_waveforms), query(with_waveforms, "SELECT * FROM fetal_heart_rate_readings")
    chain.downgrade(with_waveforms, BEFORE)
    with chain.connection(with_waveforms) as connection:
        assert facts.read(connection) == schema
    chain.upgrade(with_waveforms, REVISION)
    assert known(with_waveforms) == found
    assert query(with_waveforms, "SELECT * FROM fetal_heart_rate_readings") == readings


def test_a_repeated_run_looks_at_no_waveform_again(with_waveforms: str) -> None:
    chain.upgrade(with_waveforms, REVISION)
    with chain.connection(with_waveforms) as connection:
        connection.execute(sa.text("UPDATE fetal_monitoring_sessions SET toco_peak = 1 WHERE id = 'long'"))
    chain.run_body(with_waveforms, REVISION)
    assert known(with_waveforms)["long"] == ("fhr1 toco", 1.0)


def test_a_chunk_that_cannot_be_read_stops_no_upgrade(with_waveforms: str) -> None:
    for chunk_no, change in ((1, "payload = x'616263'"), (2, "encoding = 'another'")):
        with chain.connection(with_waveforms) as connection:
            connection.execute(
                sa.text(
                    f"UPDATE waveform_chunks SET {change} "  # noqa: S608
                    f"WHERE session_id = 'long' AND channel = 'toco' AND chunk_no = {chunk_no}"
                )
            )
    chain.upgrade(with_waveforms, REVISION)
    assert known(with_waveforms)["long"] == ("fhr1 toco", 20.0)


@pytest.mark.parametrize("declared", [-5, -1, MAX_SAMPLES + 1])
def test_a_chunk_that_declares_what_none_holds_stops_no_upgrade(with_waveforms: str, declared: int) -> None:
    payload = zlib.compress(bytes(max(0, 2 * declared)))
    change_chunk(with_waveforms, 1, sample_count=declared, payload=payload)
    chain.upgrade(with_waveforms, REVISION)
    assert known(with_waveforms)["long"] == ("fhr1 toco", 20.0)


def test_an_infinity_is_no_peak(with_waveforms: str) -> None:
    values = np.full(1200, 12.0)
    values[7:10] = np.inf, -np.inf, NAN
    planes = values.view(np.uint8).reshape(1200, 8).T.tobytes()
    change_chunk(with_waveforms, 1, encoding="float64", scale=1, payload=zlib.compress(planes))
    chain.upgrade(with_waveforms, REVISION)
    assert known(with_waveforms)["long"] == ("fhr1 toco", 20.0)


def change_chunk(url: str, chunk_no: int, **changes: Any) -> None:
    """Another content of a chunk of the uterine activity of the long recording."""
    with chain.connection(url) as connection:
        chunks = sa.table("waveform_chunks", *map(sa.column, ("session_id", "channel", "chunk_no", *changes)))
        is_it = (chunks.c.session_id == "long") & (chunks.c.channel == "toco") & (chunks.c.chunk_no == chunk_no)
        connection.execute(sa.update(chunks).where(is_it).values(**changes))


def test_more_recordings_than_are_looked_at_together(empty_database: str) -> None:
    chain.upgrade(empty_database, BEFORE)
    many = {f"{number:03}": trace([float(number)]) for number in range(chain.module(REVISION).SESSIONS_AT_ONCE + 1)}
    insert(empty_database, many)
    chain.upgrade(empty_database, REVISION)
    assert known(empty_database) == {key: ("fhr1 toco", float(key)) for key in many}
