"""How a unit of work ends, for a request, a command and a job alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.database import begin_writing, end_transaction
from app.services import audit


def commit(session: Session) -> None:
    """Chain the audit rows and commit, all in one transaction."""
    try:
        audit.chain_pending(session)
    except BaseException:
        end_transaction(session, keep=False)
        raise
    end_transaction(session, keep=True)


def roll_back(session: Session) -> None:
    """Undo everything but the refusals, which are chained and committed by themselves."""
    end_transaction(session, keep=False)
    audit.keep_refusals(session)
    commit(session)


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """A writing transaction for commands and jobs: committed at the end, rolled back by an exception."""
    begin_writing(session)
    try:
        yield session
    except BaseException:
        roll_back(session)
        raise
    commit(session)
