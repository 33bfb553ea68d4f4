"""What the database at hand was made for."""

from sqlalchemy.orm import Session

from app.models import Installation, InstallationKind

ROW_ID = 1


def is_demo(session: Session) -> bool:
    """Whether it carries the demo mark; a database without the row is taken for a real one."""
    found = session.get(Installation, ROW_ID)
    return found is not None and found.kind is InstallationKind.DEMO
