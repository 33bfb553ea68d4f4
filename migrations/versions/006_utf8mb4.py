"""Text that holds every character, in every table of the first five revisions (MariaDB, MySQL).

The original left the character set to the server. Where that was latin1, a name with an emoji cannot be
stored, and no new utf8mb4 table can refer to fetal_monitoring_sessions.id (errno 150). CONVERT TO is no way
out: it fails on columns that a foreign key refers to, and it turns TEXT into MEDIUMTEXT. So each column is
modified by name to its own type. JSON columns are left alone. On SQLite text is always Unicode.

Session ids are compared byte by byte from here on; a reading or result that spells the id of its session
otherwise takes over its spelling.

There is nothing to undo on the way down: text that arrived since may not fit the narrower character set,
and the five older revisions do not say which one it was. The character set stays.

Revision ID: 006_utf8mb4
Revises: 692e6f2120e5
"""

import sqlalchemy as sa
from alembic import op

from migrations import steps

revision = "006_utf8mb4"
down_revision = "692e6f2120e5"
branch_labels = None
depends_on = None

PEOPLE_ORDER = "utf8mb4_unicode_ci"
EXACT = "utf8mb4_bin"

# table -> column -> its type and nullability, literally as the five revisions made it.
TEXT_COLUMNS = {
    "users": {
        "name": "VARCHAR(255) {charset} NOT NULL",
        "email": "VARCHAR(255) {charset} NOT NULL",
        "password_hash": "VARCHAR(255) {charset} NOT NULL",
        "role": "ENUM('admin','doctor','patient') {charset} NOT NULL",
        "photo_url": "VARCHAR(255) {charset} NULL",
    },
    "patients": {
        "address": "VARCHAR(255) {charset} NULL",
        "medical_note": "TEXT {charset} NULL",
        "gender": "VARCHAR(10) {charset} NULL",
        "phone": "VARCHAR(20) {charset} NULL",
    },
    "doctors": {},
    "doctor_patient": {
        "status": "VARCHAR(50) {charset} NULL",
        "note": "TEXT {charset} NULL",
    },
    "records": {
        "source": "ENUM('clinic','self') {charset} NOT NULL",
        "classification": "VARCHAR(255) {charset} NULL",
        "notes": "TEXT {charset} NULL",
    },
    "notifications": {
        "status": "ENUM('unread','read') {charset} NOT NULL",
    },
    "patient_status_history": {
        "old_status": "VARCHAR(50) {charset} NULL",
        "new_status": "VARCHAR(50) {charset} NOT NULL",
        "notes": "TEXT {charset} NULL",
    },
    "fetal_monitoring_sessions": {
        "id": "VARCHAR(50) {charset} NOT NULL",
        "monitoring_type": "ENUM('clinic','home') {charset} NOT NULL",
        "notes": "TEXT {charset} NULL",
        "doctor_notes": "TEXT {charset} NULL",
    },
    "fetal_heart_rate_readings": {
        "session_id": "VARCHAR(50) {charset} NOT NULL",
        "classification": "ENUM('normal','bradycardia','tachycardia','irregular') {charset} NOT NULL",
    },
    "fetal_monitoring_results": {
        "session_id": "VARCHAR(50) {charset} NOT NULL",
        "overall_classification": "ENUM('normal','concerning','abnormal') {charset} NOT NULL",
        "risk_level": "ENUM('low','medium','high') {charset} NOT NULL",
    },
    "pregnancy_info": {},
}

# Session ids come from devices and are compared byte by byte: "A1" and "a1" are two recordings.
SESSION_IDS = {
    ("fetal_monitoring_sessions", "id"),
    ("fetal_heart_rate_readings", "session_id"),
    ("fetal_monitoring_results", "session_id"),
}
TABLES_THAT_REFER_BY_SESSION_ID = ("fetal_heart_rate_readings", "fetal_monitoring_results")


def upgrade() -> None:
    if steps.on_sqlite():
        return
    wanted = _wanted_collations()
    present = _collations()
    stale = {place for place, collation in wanted.items() if present[place] != collation}
    if stale & SESSION_IDS:
        for table in TABLES_THAT_REFER_BY_SESSION_ID:
            _spell_session_ids_as_their_session(table)
            steps.drop_foreign_keys(table, ["session_id"])
    for table, columns in TEXT_COLUMNS.items():
        _modify(table, {name: kind for name, kind in columns.items() if (table, name) in stale}, wanted)
        _set_table_default(table)
    _set_database_default()
    for table in TABLES_THAT_REFER_BY_SESSION_ID:
        steps.create_foreign_key(None, table, ["session_id"], "fetal_monitoring_sessions")


def downgrade() -> None:
    """Nothing: see above."""


def _wanted_collations() -> dict[tuple[str, str], str]:
    wanted = {
        (table, column): EXACT if (table, column) in SESSION_IDS else PEOPLE_ORDER
        for table, columns in TEXT_COLUMNS.items()
        for column in columns
    }
    if _addresses_would_collide():
        # A database that told a@x from A@x keeps doing so: no account is dropped or merged.
        wanted["users", "email"] = EXACT
    return wanted


def _spell_session_ids_as_their_session(table: str) -> None:
    """A server that compares without case let a reading of "a1" refer to "A1"; afterwards it would refer to nothing."""
    op.execute(
        f"UPDATE {table} JOIN fetal_monitoring_sessions AS sessions ON sessions.id = {table}.session_id "  # noqa: S608
        f"SET {table}.session_id = sessions.id WHERE CAST({table}.session_id AS BINARY) <> CAST(sessions.id AS BINARY)"
    )


def _addresses_would_collide() -> bool:
    count = op.get_bind().scalar(
        sa.text("SELECT COUNT(*) - COUNT(DISTINCT CONVERT(email USING utf8mb4) COLLATE utf8mb4_unicode_ci) FROM users")
    )
    return bool(count)


def _collations() -> dict[tuple[str, str], str | None]:
    rows = op.get_bind().execute(
        sa.text(
            "SELECT TABLE_NAME, COLUMN_NAME, COLLATION_NAME FROM information_schema.COLUMNS "
            "WHERE TABLE_SCHEMA = DATABASE()"
        )
    )
    return {(table, column): collation for table, column, collation in rows}


def _modify(table: str, columns: dict[str, str], wanted: dict[tuple[str, str], str]) -> None:
    if not columns:
        return
    # One statement for each table, because each statement copies all its rows.
    changes = []
    for name, kind in columns.items():
        charset = f"CHARACTER SET utf8mb4 COLLATE {wanted[table, name]}"
        changes.append(f"MODIFY COLUMN {name} {kind.format(charset=charset)}")
    op.execute(sa.text(f"ALTER TABLE {table} {', '.join(changes)}"))


def _set_table_default(table: str) -> None:
    collation = op.get_bind().scalar(
        sa.text(
            "SELECT TABLE_COLLATION FROM information_schema.TABLES "
            "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :name"
        ),
        {"name": table},
    )
    if collation != PEOPLE_ORDER:
        op.execute(sa.text(f"ALTER TABLE {table} DEFAULT CHARACTER SET utf8mb4 COLLATE {PEOPLE_ORDER}"))


def _set_database_default() -> None:
    if op.get_bind().scalar(sa.text("SELECT @@collation_database")) != PEOPLE_ORDER:
        # The one at hand: a name would have to be quoted, and a % in it doubled for the driver.
        op.execute(sa.text(f"ALTER DATABASE CHARACTER SET utf8mb4 COLLATE {PEOPLE_ORDER}"))
