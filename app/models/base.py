"""The declarative base, the naming of our constraints, and the column types that both databases share."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import CHAR, JSON, Date, DateTime, Enum, LargeBinary, MetaData, String
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Tables of ours state their charset, so that a latin1 server cannot choose another one.
OWN_TABLE = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_unicode_ci"}


class Base(DeclarativeBase):
    """All tables; one metadata for models, migrations' checks and Flask-SQLAlchemy."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds: DATETIME(6) on MySQL and MariaDB, ISO text on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """DATETIME without `fsp` would cut the fraction off on MySQL."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive UTC for the driver; a naive value is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


# What stands where an original database holds MySQL's zero date: the instant that clocks without a time show.
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)

# From here on a time of the original is none either: a recording would run out of the calendar while it is drawn.
TOO_LATE = datetime(9999, 1, 1, tzinfo=UTC)

# Before this day the original wrote UTC, afterwards its server's local time, into the same columns.
LEGACY_TIMES_CERTAIN_FROM = date(2025, 7, 3)


class sql_no_time(FunctionElement[datetime]):  # noqa: N801 - used as a function
    """NO_TIME in SQL, of the type of our own columns: a bound value beside them would make MariaDB compare texts."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(sql_no_time)
def _sql_no_time(_element: sql_no_time, compiler: SQLCompiler, **_: Any) -> str:
    text = "'1970-01-01 00:00:00.000000'"
    return text if compiler.dialect.name == "sqlite" else f"TIMESTAMP{text}"


_LEGACY_ZONE = "dopply_legacy_zone"


def legacy_zone(dialect: Dialect) -> tzinfo:
    """The zone of the seed's naive columns behind this dialect; UTC where none has been recorded."""
    found: tzinfo = getattr(dialect, _LEGACY_ZONE, UTC)
    return found


def has_legacy_zone(dialect: Dialect) -> bool:
    """Whether the zone has been read from the database behind this dialect."""
    return hasattr(dialect, _LEGACY_ZONE)


def set_legacy_zone(dialect: Dialect, zone: tzinfo) -> None:
    """Read and write the seed's naive columns behind this dialect in `zone` from now on."""
    setattr(dialect, _LEGACY_ZONE, zone)


class SeedDateTime(UtcDateTime):
    """A DATETIME column of the seed: whole seconds, naive in the one zone that `installation` records.

    Python sees aware UTC, and a comparison in SQL binds in that zone too; `app.database` gives the zone to the engine's
    dialect. A zero date of MySQL is NO_TIME, or None where the column may be NULL (`is_optional`), and so is TOO_LATE.
    """

    cache_ok = True

    def __init__(self, *, is_optional: bool = False) -> None:
        super().__init__()
        self.is_optional = is_optional

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The seed's plain DATETIME."""
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive in the recorded zone, cut to whole seconds on both databases: MariaDB would cut and MySQL round."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(legacy_zone(dialect)).replace(tzinfo=None, microsecond=0)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC."""
        if value is None:
            return None
        try:
            instant = value.replace(tzinfo=legacy_zone(dialect)).astimezone(UTC)
        except (TypeError, OverflowError):
            # The driver hands a zero date over as text; and the first hours of the year 1 have no instant in UTC.
            instant = TOO_LATE
        if instant >= TOO_LATE:
            return None if self.is_optional else NO_TIME
        return instant


class SeedDate(TypeDecorator[date]):
    """A DATE column of the seed, which may be NULL; a zero date of MySQL says as little, and so does TOO_LATE."""

    impl = Date
    cache_ok = True

    def process_result_value(self, value: date | None, dialect: Dialect) -> date | None:
        """The date, or None; the driver hands a zero date over as text."""
        return value if isinstance(value, date) and value < TOO_LATE.date() else None


class SeedJson(TypeDecorator[Any]):
    """A JSON column of the seed, which may be NULL; where an older database holds no JSON, the text that it holds."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Our own reading in place of the column type's, which raises at the first text that is no JSON."""
        return _json_or_text


def _json_or_text(stored: Any) -> Any:
    """The value in `stored`; SQLite gives a number as it is."""
    if not isinstance(stored, str | bytes):
        return stored
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        return stored


def as_patient_id(context: DefaultExecutionContext) -> int | None:
    """The default of `woman_id`: a new row is written on the woman's current record."""
    found: int | None = context.get_current_parameters().get("patient_id")  # type: ignore[no-untyped-call]
    return found


def text_enum(values: type[StrEnum]) -> Enum:
    """A vocabulary of ours as VARCHAR(20): a later value needs no ALTER of an ENUM, a wrong one is refused here."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=20,
        validate_strings=True,
        values_callable=lambda vocabulary: [member.value for member in vocabulary],
    )


def seed_enum(values: type[StrEnum]) -> Enum:
    """A vocabulary of the seed: a native ENUM on MySQL and MariaDB, VARCHAR on SQLite."""
    return Enum(
        values,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda vocabulary: [member.value for member in vocabulary],
    )


def ascii_text(length: int) -> String:
    """Machine-made ASCII of at most `length` characters, compared byte by byte."""
    return String(length).with_variant(
        mysql.VARCHAR(length, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
    )


def exact_text(length: int) -> String:
    """Text compared character by character: under the tables' own collation josé@x would equal jose@x."""
    return String(length).with_variant(
        mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


def ascii_digest() -> CHAR:
    """A SHA-256 in 64 hexadecimal digits."""
    return CHAR(64).with_variant(mysql.CHAR(64, charset="ascii", collation="ascii_bin"), "mysql", "mariadb")


def medium_blob() -> LargeBinary:
    """Up to 16 MiB; a plain BLOB ends at 64 KiB on MySQL."""
    return LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")
