"""Access to a patient's record, apart from her care status: who asked, who decided, until when.

A link of the original becomes live, carried over, if its doctor is validated and its status is missing or is
exactly active, inactive or discharged; any other one ("Active", " active ", "pending") becomes a request, and
`status` keeps its text.

The original takes every link for access. So on the way down a link that does not open the record says so in
`status` ("access ended: active"; a text that then has more than 50 characters loses its end), and the way up
reads it again: access that was ended does not come back to life.

Revision ID: 008_access
Revises: 007_accounts
"""

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import instant, vocabulary

revision = "008_access"
down_revision = "007_accounts"
branch_labels = None
depends_on = None

CARE_STATUSES = {"active", "inactive", "discharged", None}
NOT_LIVE = ("requested", "declined", "ended")
STATUS_LENGTH = 50
NEW_COLUMNS = (
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
DECIDED_BY = steps.Reference("fk_doctor_patient_decided_by_id", "decided_by_id", "users")
ENDED_BY = steps.Reference("fk_doctor_patient_ended_by_id", "ended_by_id", "users")

links = sa.table(
    "doctor_patient",
    sa.column("doctor_id"),
    sa.column("patient_id"),
    sa.column("status"),
    sa.column("access_state"),
    sa.column("access_basis"),
    sa.column("access_expires_at"),
)
doctors = sa.table("doctors", sa.column("doctor_id"), sa.column("is_valid", sa.Boolean()))


def upgrade() -> None:
    steps.add_columns(
        "doctor_patient",
        # Without a value a row has not been looked at yet: that makes the data step safe to repeat.
        sa.Column("access_state", vocabulary(), nullable=True),
        sa.Column("access_basis", vocabulary(), nullable=True),
        sa.Column("access_expires_at", instant(), nullable=True),
        sa.Column("access_reason", sa.String(255), nullable=True),
        sa.Column("requested_at", instant(), nullable=True),
        sa.Column("decided_at", instant(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
    )
    _carry_access_over()
    steps.make_required("doctor_patient", "access_state", vocabulary(), default="requested")
    steps.add_constraints("doctor_patient", DECIDED_BY, ENDED_BY)
    steps.create_index("ix_doctor_patient_patient_id_access_state", "doctor_patient", ["patient_id", "access_state"])
    steps.drop_superseded_index("patient_id", "doctor_patient")
    steps.add_columns("doctors", sa.Column("on_unit_cover", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    if "access_state" in steps.column_names("doctor_patient"):
        _write_access_into_status()
    steps.drop_columns("doctors", "on_unit_cover")
    steps.restore_superseded_index("patient_id", "doctor_patient")
    steps.drop_index("ix_doctor_patient_patient_id_access_state", "doctor_patient")
    steps.drop_constraints("doctor_patient", DECIDED_BY, ENDED_BY)
    steps.drop_columns("doctor_patient", *NEW_COLUMNS)


def _carry_access_over() -> None:
    connection = op.get_bind()
    validated = set(connection.scalars(sa.select(doctors.c.doctor_id).where(doctors.c.is_valid)))
    rows = connection.execute(
        sa.select(links.c.doctor_id, links.c.patient_id, links.c.status).where(links.c.access_state.is_(None))
    ).all()
    changes = [
        {"doctor": row.doctor_id, "patient": row.patient_id}
        | _access_of(row.status, is_validated=row.doctor_id in validated)
        for row in rows
    ]
    if changes:
        connection.execute(
            links.update()
            .where(links.c.doctor_id == sa.bindparam("doctor"), links.c.patient_id == sa.bindparam("patient"))
            .values(
                status=sa.bindparam("care"), access_state=sa.bindparam("state"), access_basis=sa.bindparam("basis")
            ),
            changes,
        )


def _access_of(status: str | None, *, is_validated: bool) -> dict[str, str | None]:
    for state in NOT_LIVE:
        if status == _mark(state):
            return {"care": None, "state": state, "basis": None}
        if status is not None and status.startswith(_mark(state) + ": "):
            return {"care": status.removeprefix(_mark(state) + ": "), "state": state, "basis": None}
    if is_validated and status in CARE_STATUSES:
        return {"care": status, "state": "live", "basis": "carried_over"}
    return {"care": status, "state": "requested", "basis": None}


def _mark(state: str) -> str:
    return f"access {state}"


def _write_access_into_status() -> None:
    connection = op.get_bind()
    # Access for a limited time would come back without its limit, so it counts as ended.
    closed = sa.or_(links.c.access_state != "live", links.c.access_expires_at.is_not(None))
    rows = connection.execute(
        sa.select(links.c.doctor_id, links.c.patient_id, links.c.status, links.c.access_state).where(closed)
    ).all()
    changes = []
    for row in rows:
        mark = _mark("ended" if row.access_state == "live" else row.access_state)
        is_marked = row.status is not None and row.status.startswith(mark)
        # Any text that is no care status is a request on the way up, and needs no mark.
        is_request = row.access_state == "requested" and row.status not in CARE_STATUSES
        if not is_marked and not is_request:
            care = mark if row.status is None else f"{mark}: {row.status}"
            changes.append({"doctor": row.doctor_id, "patient": row.patient_id, "care": care[:STATUS_LENGTH]})
    if changes:
        connection.execute(
            links.update()
            .where(links.c.doctor_id == sa.bindparam("doctor"), links.c.patient_id == sa.bindparam("patient"))
            .values(status=sa.bindparam("care")),
            changes,
        )
