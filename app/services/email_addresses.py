"""E-mail addresses as accounts know them."""

import re

LIMIT = 255

# What mail servers accept from one another without extensions; beyond that a mistyped address shows only by writing.
_SHAPE = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)


def folded(email: str) -> str:
    """The form in which addresses are compared: trimmed and in lower case."""
    return email.strip().lower()


def is_plausible(email: str) -> bool:
    """Whether mail could be sent there. ASCII alone: a look-alike letter must not make a second account."""
    return len(email) <= LIMIT and _SHAPE.fullmatch(email) is not None
