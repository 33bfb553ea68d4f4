"""Rows that are never changed: what a doctor has signed stands, and a correction is a row of its own."""

from typing import TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from app.models.base import Base

Model = TypeVar("Model", bound=type[Base])

_APPEND_ONLY: set[type] = set()


class AppendOnlyError(RuntimeError):
    """A program tried to change or delete what must stand."""


def append_only(model: Model) -> Model:
    """Declare that rows of `model` are inserted and read, and that anything else raises AppendOnlyError."""
    _APPEND_ONLY.add(model)
    for moment in ("before_update", "before_delete"):
        event.listen(model, moment, _refuse)
    return model


def _refuse(_mapper: Mapper[Base], _connection: Connection, row: Base) -> None:
    raise AppendOnlyError(f"{type(row).__name__} rows are append-only")


@event.listens_for(Session, "do_orm_execute")
def _refuse_in_bulk(state: ORMExecuteState) -> None:
    """UPDATE and DELETE statements pass by the events of single rows."""
    if (state.is_update or state.is_delete) and any(mapper.class_ in _APPEND_ONLY for mapper in state.all_mappers):
        raise AppendOnlyError("these rows are append-only")
