"""How a command about the schema ends when it did not do its work; the exit codes are part of the contract."""

from sqlalchemy.exc import DBAPIError

from app.database import VALUE_IN_MESSAGE


class SchemaError(Exception):
    """The command ends with `exit_code`; the message says which part failed and how things stand now."""

    exit_code = 1


class SchemaFailed(SchemaError):
    """It did not work; the database is unchanged, or the same command can safely be run again."""

    exit_code = 1


class SchemaRefused(SchemaError):
    """The state of the database or an answer forbids it; nothing was changed."""

    exit_code = 3


def reason(error: BaseException) -> str:
    """What an error of a driver or of a revision says, without the values that were to be stored."""
    told: BaseException | str = error
    if isinstance(error, DBAPIError):
        told = (error.orig and error.orig.args and error.orig.args[-1]) or type(error).__name__
    return VALUE_IN_MESSAGE.sub("'…'", str(told)) or type(error).__name__
