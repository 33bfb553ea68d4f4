"""How a command about the schema ends when it did not do its work; the exit codes are part of the contract."""


class SchemaError(Exception):
    """The command ends with `exit_code`; the message says which part failed and how things stand now."""

    exit_code = 1


class SchemaFailed(SchemaError):
    """It did not work; the database is unchanged, or the same command can safely be run again."""

    exit_code = 1


class SchemaRefused(SchemaError):
    """The state of the database or an answer forbids it; nothing was changed."""

    exit_code = 3
