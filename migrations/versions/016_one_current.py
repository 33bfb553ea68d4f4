"""One current record for each account and one current pregnancy for each woman; nothing is deleted or merged.

The original never refused a second one. Uniqueness is kept by `current_user_id` and `current_patient_id`, which a
surplus row leaves empty.

Of several records of one account the current one has the most links, sessions and notes of recordings, and of
equals the lowest id. Another one gives way to it (`superseded_by_id`), unless its birth date is known and differs
from the woman's: it may be another woman, so it stays a record of its own that the account does not see. The
woman's birth date is the first one that is known in that order.

Of several pregnancies of one woman, those of the records that gave way included, the newest is current. An older
one that began within 42 days of it is the same pregnancy and gives way; any other one is an earlier pregnancy.
`current_patient_id` is the woman's current record, which need not be the one that the pregnancy was written on.

A doctor's own link to the current record decides, whatever stands on one that gave way. Where there is none, it is a
copy of the link to a record that gave way, of several the one that opens most.
Sessions and recordings keep their `patient_id`; `woman_id` beside it is the woman's current record.

Accounts of patients without a record and of doctors without a row get one, the doctors not validated. The way down
leaves these rows and the copied links. It forgets what is current, and the way up decides again. A live link to a
record that gave way counts no more where the one to the current record is over: the way down ends it, because an older
application goes by it, and so would the way up that finds that record current.

Revision ID: 016_one_current
Revises: 015_unit
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import vocabulary
from migrations.legacy_time import as_day, as_naive

revision = "016_one_current"
down_revision = "015_unit"
branch_labels = None
depends_on = None

Row = sa.Row[Any]
Change = dict[str, int | str | None]

SAME_PREGNANCY_DAYS = 42
PREGNANCY_DAYS = 280
DAYS_PER_WEEK = 7
TABLES_THAT_COUNT = ("doctor_patient", "fetal_monitoring_sessions", "records")

SEED_LINK_COLUMNS = ("assigned_at", "updated_at", "status", "note")
ACCESS_COLUMNS = (
    "access_state",
    "access_basis",
    "access_expires_at",
    "access_reason",
    "requested_at",
    "decided_at",
    "decided_by_id",
    "ended_at",
    "ended_by_id",
)
OPENS_MOST_FIRST = ("live", "requested")
RECORDINGS = ("fetal_monitoring_sessions", "records")

PATIENTS = sa.table("patients", sa.column("id"), sa.column("user_id"), sa.column("current_user_id"))
DOCTORS = sa.table("doctors", sa.column("id"), sa.column("doctor_id"), sa.column("is_valid", sa.Boolean()))
OF_PATIENTS = (
    steps.Unique("uq_patients_current_user_id", ("current_user_id",)),
    steps.Reference("fk_patients_current_user_id", "current_user_id", "users"),
    steps.Reference("fk_patients_superseded_by_id", "superseded_by_id", "patients"),
)
OF_PREGNANCIES = (
    steps.Unique("uq_pregnancy_info_current_patient_id", ("current_patient_id",)),
    steps.Reference("fk_pregnancy_info_current_patient_id", "current_patient_id", "patients"),
    steps.Reference("fk_pregnancy_info_superseded_by_id", "superseded_by_id", "pregnancy_info"),
)


def upgrade() -> None:
    steps.add_columns("patients", sa.Column("current_user_id", sa.Integer(), nullable=True), *_surplus_columns())
    steps.add_columns("pregnancy_info", sa.Column("current_patient_id", sa.Integer(), nullable=True))
    steps.add_columns("pregnancy_info", *_surplus_columns())
    _settle_records()
    _settle_pregnancies()
    _carry_links()
    _add_missing_rows()
    steps.add_constraints("patients", *OF_PATIENTS)
    steps.add_constraints("pregnancy_info", *OF_PREGNANCIES)
    for table in RECORDINGS:
        _find_by_woman(table)


def downgrade() -> None:
    if "superseded_by_id" in steps.column_names("patients"):
        _end_links_that_could_reopen()
    for table in RECORDINGS:
        steps.drop_constraints(table, _woman_of(table))
        steps.drop_index(_by_woman(table), table)
        steps.drop_columns(table, "woman_id")
    # In reverse: a foreign key needs the index of the unique constraint until it is gone.
    steps.drop_constraints("pregnancy_info", *reversed(OF_PREGNANCIES))
    steps.drop_columns("pregnancy_info", "current_patient_id", "superseded_by_id", "superseded_reason")
    steps.drop_constraints("patients", *reversed(OF_PATIENTS))
    steps.drop_columns("patients", "current_user_id", "superseded_by_id", "superseded_reason")


def _surplus_columns() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("superseded_reason", vocabulary(), nullable=True),
    )


def _settle_records() -> None:
    query = "SELECT id, user_id, birth_date, current_user_id AS current_of, superseded_reason FROM patients"
    uses = _uses()
    changes = []
    for user_id, rows in _groups_with_a_new_row(query, key=lambda row: row.user_id):
        ranked = sorted(rows, key=lambda row: (row.current_of is None, -uses[row.id], row.id))
        current = ranked[0]
        birth_date = next((day for row in ranked if (day := as_day(row.birth_date)) is not None), None)
        changes.append(_change(current, current_of=user_id))
        for row in ranked[1:]:
            if as_day(row.birth_date) in (None, birth_date):
                changes.append(_change(row, by=current.id, reason="same_account"))
            else:
                changes.append(_change(row, reason="birth_date_differs"))
    _write("patients", "current_user_id", changes)


def _settle_pregnancies() -> None:
    query = (
        "SELECT pregnancy_info.id, COALESCE(patients.superseded_by_id, patients.id) AS woman_id, gestational_age, "
        "last_menstrual_period, expected_due_date, created_at, current_patient_id AS current_of, "
        "pregnancy_info.superseded_reason FROM pregnancy_info JOIN patients ON patients.id = patient_id"
    )
    changes = []
    for woman_id, rows in _groups_with_a_new_row(query, key=lambda row: row.woman_id):
        newest_first = sorted(
            rows, key=lambda row: (row.current_of is not None, str(row.created_at), row.id), reverse=True
        )
        current = newest_first[0]
        changes.append(_change(current, current_of=woman_id))
        for row in newest_first[1:]:
            if _is_same_pregnancy(row, current):
                changes.append(_change(row, by=current.id, reason="same_pregnancy"))
            else:
                changes.append(_change(row, reason="earlier_pregnancy"))
    _write("pregnancy_info", "current_patient_id", changes)


def _is_same_pregnancy(row: Row, current: Row) -> bool:
    one, other = _first_day(row), _first_day(current)
    return one is not None and other is not None and abs(one - other) <= SAME_PREGNANCY_DAYS


def _first_day(row: Row) -> int | None:
    """The day from which the pregnancy is counted, as a number so that no odd date is out of range."""
    if (due := as_day(row.expected_due_date)) is not None:
        return due.toordinal() - PREGNANCY_DAYS
    if (last_period := as_day(row.last_menstrual_period)) is not None:
        return last_period.toordinal()
    if (written := as_naive(row.created_at)) is not None:
        return written.toordinal() - int(row.gestational_age) * DAYS_PER_WEEK
    return None


def _carry_links() -> None:
    connection = op.get_bind()
    surplus = connection.execute(
        sa.text(
            "SELECT doctor_id, patient_id, superseded_by_id AS woman_id, access_state FROM doctor_patient "
            "JOIN patients ON patients.id = patient_id WHERE superseded_by_id IS NOT NULL "
            "ORDER BY doctor_id, patient_id"
        )
    ).all()
    best: dict[tuple[int, int], Row] = {}
    for row in surplus:
        key = (row.doctor_id, row.woman_id)
        if key not in best or _opens(row) < _opens(best[key]):
            best[key] = row
    for (doctor_id, woman_id), row in best.items():
        keys = {"doctor": doctor_id, "woman": woman_id, "patient": row.patient_id}
        there = connection.scalar(
            sa.text("SELECT COUNT(*) FROM doctor_patient WHERE doctor_id = :doctor AND patient_id = :woman"), keys
        )
        if not there:
            copied = ", ".join((*SEED_LINK_COLUMNS, *ACCESS_COLUMNS))
            connection.execute(
                sa.text(
                    f"INSERT INTO doctor_patient (doctor_id, patient_id, {copied}) "  # noqa: S608
                    f"SELECT doctor_id, :woman, {copied} FROM doctor_patient "
                    "WHERE doctor_id = :doctor AND patient_id = :patient"
                ),
                keys,
            )


def _end_links_that_could_reopen() -> None:
    connection = op.get_bind()
    # Access for a limited time comes back as ended from 008_access.
    live = "access_state = 'live' AND access_expires_at IS NULL"
    unlimited = connection.execute(sa.text(f"SELECT doctor_id, patient_id FROM doctor_patient WHERE {live}"))  # noqa: S608
    open_there = {(row.doctor_id, row.patient_id) for row in unlimited}
    surplus = connection.execute(
        sa.text(
            "SELECT doctor_id, patient_id, superseded_by_id AS woman_id FROM doctor_patient "
            "JOIN patients ON patients.id = patient_id WHERE superseded_by_id IS NOT NULL AND access_state = 'live'"
        )
    ).all()
    ended = [
        {"doctor": row.doctor_id, "patient": row.patient_id}
        for row in surplus
        if (row.doctor_id, row.woman_id) not in open_there
    ]
    if ended:
        connection.execute(
            sa.text(
                "UPDATE doctor_patient SET access_state = 'ended' WHERE doctor_id = :doctor AND patient_id = :patient"
            ),
            ended,
        )


def _opens(row: Row) -> int:
    return OPENS_MOST_FIRST.index(row.access_state) if row.access_state in OPENS_MOST_FIRST else len(OPENS_MOST_FIRST)


def _find_by_woman(table: str) -> None:
    steps.add_columns(table, sa.Column("woman_id", sa.Integer(), nullable=True))
    op.execute(
        f"UPDATE {table} SET woman_id = (SELECT COALESCE(superseded_by_id, id) FROM patients "  # noqa: S608
        f"WHERE patients.id = {table}.patient_id) WHERE woman_id IS NULL AND patient_id IS NOT NULL"
    )
    steps.create_index(_by_woman(table), table, ["woman_id", "start_time"])
    steps.add_constraints(table, _woman_of(table))


def _by_woman(table: str) -> str:
    return f"ix_{table}_woman_id_start_time"


def _woman_of(table: str) -> steps.Reference:
    return steps.Reference(f"fk_{table}_woman_id", "woman_id", "patients")


def _add_missing_rows() -> None:
    patients = [row | {"current_user_id": row["user_id"]} for row in _missing("patients", "user_id", role="patient")]
    if patients:
        op.bulk_insert(PATIENTS, patients)
    doctors = [row | {"is_valid": False} for row in _missing("doctors", "doctor_id", role="doctor")]
    if doctors:
        op.bulk_insert(DOCTORS, doctors)


def _missing(table: str, user: str, *, role: str) -> list[dict[str, Any]]:
    """What each user of this role without a row in `table` gets there.

    With an id, because those that the server counts are not given back by a run that was cut.
    """
    connection = op.get_bind()
    query = (
        f"SELECT id FROM users WHERE role = '{role}' "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{user} = users.id) ORDER BY id"
    )
    first = (connection.scalar(sa.text(f"SELECT MAX(id) FROM {table}")) or 0) + 1  # noqa: S608
    user_ids = connection.scalars(sa.text(query)).all()
    return [{"id": number, user: user_id} for number, user_id in enumerate(user_ids, start=first)]


def _uses() -> Counter[int]:
    """How many links, sessions and records each record of a patient has."""
    uses: Counter[int] = Counter()
    for table in TABLES_THAT_COUNT:
        patient = sa.column("patient_id")
        counts = sa.select(patient, sa.func.count()).select_from(sa.table(table)).group_by(patient)
        for patient_id, count in op.get_bind().execute(counts):
            uses[patient_id] += count
    return uses


def _groups_with_a_new_row(query: str, key: Callable[[Row], int]) -> Iterable[tuple[int, list[Row]]]:
    """The rows by owner, where one of them has not been looked at yet: that makes the step safe to repeat."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in op.get_bind().execute(sa.text(query)):
        groups[key(row)].append(row)
    return [(owner, rows) for owner, rows in groups.items() if any(map(_is_new, rows))]


def _is_new(row: Row) -> bool:
    return row.current_of is None and row.superseded_reason is None


def _change(row: Row, *, current_of: int | None = None, by: int | None = None, reason: str | None = None) -> Change:
    return {"key": row.id, "current_of": current_of, "by": by, "reason": reason}


def _write(table: str, current: str, changes: list[Change]) -> None:
    if changes:
        op.get_bind().execute(
            sa.text(
                f"UPDATE {table} SET {current} = :current_of, superseded_by_id = :by, "  # noqa: S608
                "superseded_reason = :reason WHERE id = :key"
            ),
            changes,
        )
