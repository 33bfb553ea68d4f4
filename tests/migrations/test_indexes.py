"""018_indexes and 019_strip_storage: an index for each question in use, none beside a primary key.

The way down brings those of the original back.
"""

from tests.migrations import chain, facts

WANTED: dict[str, list[tuple[str, ...]]] = {
    "records": [("patient_id", "start_time")],
    "fetal_monitoring_sessions": [("patient_id", "start_time"), ("start_time",)],
    # All that is drawn of a reading stands in the index; a row is not looked up beside it.
    "fetal_heart_rate_readings": [("session_id", "timestamp", "id", "bpm", "signal_quality")],
    "notifications": [("to_doctor_id", "status")],
}


def keys(url: str) -> dict[str, set[tuple[str, ...]]]:
    with chain.connection(url) as connection:
        return {name: {key.columns for key in table.keys} for name, table in facts.read(connection).items()}


def test_the_questions_in_use_have_an_index_and_primary_keys_have_no_second_one(empty_database: str) -> None:
    chain.upgrade(empty_database)
    found = keys(empty_database)
    for table, columns in WANTED.items():
        assert set(columns) <= found[table]
    assert not {table for table, columns in found.items() if ("id",) in columns}


def test_no_index_is_the_beginning_of_another(empty_mariadb: str) -> None:
    """MariaDB makes one for each foreign key by itself, and drops it when a composite one begins with its column."""
    chain.upgrade(empty_mariadb)
    found = keys(empty_mariadb)
    repeated = [
        (table, one)
        for table, columns in found.items()
        for one in columns
        for other in columns
        if one != other and other[: len(one)] == one
    ]
    assert repeated == []


def test_the_way_down_brings_the_indexes_of_the_original_back(empty_database: str) -> None:
    chain.upgrade(empty_database, "017_notifications")
    before = keys(empty_database)
    chain.upgrade(empty_database, "018_indexes")
    chain.downgrade(empty_database, "017_notifications")
    assert keys(empty_database) == before
