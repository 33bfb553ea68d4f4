"""What a database holds, for tests that prove that nothing of it changed."""

from sqlalchemy import Engine

from app.extensions import db

# Every request may write these: the trail, when a browser was last used, and how often somebody tried.
WRITTEN_BY_ANY_REQUEST = frozenset({"audit_events", "audit_head", "browser_sessions", "throttle_counters"})


def contents(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table but those that any request may write."""
    with engine.connect() as connection:
        return {
            # As the driver gives them: turning each value into Python's would be half of the time.
            table.name: sorted(map(str, connection.exec_driver_sql(f"SELECT * FROM {table.name}")))  # noqa: S608
            for table in db.metadata.sorted_tables
            if table.name not in WRITTEN_BY_ANY_REQUEST
        }
