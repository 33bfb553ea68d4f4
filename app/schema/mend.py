"""Small differences between an adopted database and the models, put right; nothing that holds data ever goes."""

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops

from app.models import Base
from app.models.base import NAMING_CONVENTION
from app.schema import chain, drift, json_columns, shapes
from app.schema.shapes import Shape
from app.schema.status import SEED_HEAD
from migrations.connections import refuse_broken_references

# In this order: a foreign key always finds an index, the new one before the old one goes.
MENDED = (
    ops.AlterColumnOp,
    ops.CreateIndexOp,
    ops.CreateUniqueConstraintOp,
    ops.CreateForeignKeyOp,
    ops.DropConstraintOp,
    ops.DropIndexOp,
)


def mend(url: str) -> list[str]:
    """What was different in a database at the head and is so no more, in sentences.

    In the tables of the original NULL or not, lengths, names and constraints are made as the models have them.
    Tables and columns are neither made nor dropped. Whoever calls this holds the lock of the schema.
    """
    before = left(url)
    if not before:
        return []
    seed = shapes.along_the_chain()[SEED_HEAD]
    with chain.connection(url) as connection:
        json_columns.make_long(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        script = produce_migrations(context, Base.metadata)
        operations = Operations(context)
        for group in script.upgrade_ops.ops if script.upgrade_ops else ():
            if isinstance(group, ops.ModifyTableOps) and group.table_name in shapes.tables(seed):
                changes = [op for op in group.ops if isinstance(op, MENDED) and not _is_ours(op, seed)]
                if changes and connection.dialect.name == "sqlite":
                    _rebuild(operations, group.table_name)
                else:
                    for change in sorted(changes, key=lambda op: MENDED.index(type(op))):
                        operations.invoke(change)
        refuse_broken_references(connection)
        connection.commit()
    after = left(url)
    return [sentence for sentence in before if sentence not in after]


def left(url: str) -> list[str]:
    """What is still different, beyond what stands beside the tables and columns of Dopply and is kept."""
    return [sentence for sentence in drift.found(url) if not drift.is_beside(sentence)]


def _is_ours(operation: ops.MigrateOperation, seed: Shape) -> bool:
    """Whether it changes a column that the original did not have: then the models want a revision."""
    return isinstance(operation, ops.AlterColumnOp) and (operation.table_name, operation.column_name) not in seed


def _rebuild(operations: Operations, name: str) -> None:
    """The table made anew as the models have it, with its rows and with the columns that stand beside (SQLite).

    Constraints without a name, as the original has them there, cannot be dropped one by one.
    """
    table = Base.metadata.tables[name].to_metadata(sa.MetaData(naming_convention=NAMING_CONVENTION))
    for entry in sa.inspect(operations.get_bind()).get_columns(name):
        if entry["name"] not in table.columns:
            default = None if entry["default"] is None else sa.text(entry["default"])
            table.append_column(
                sa.Column(entry["name"], entry["type"], nullable=entry["nullable"], server_default=default)
            )
    with operations.batch_alter_table(name, copy_from=table, recreate="always"):
        pass
