"""A new revision: numbered, named after what it does, filled with what the models have and the database lacks."""

import re
import unicodedata
from pathlib import Path

from app.schema import chain
from app.schema.errors import SchemaRefused
from app.schema.status import State, read

LONGEST_ID = 32  # alembic_version.version_num is VARCHAR(32); a longer one fails on MariaDB only.


class BadMessage(ValueError):
    """No file can be named and no first line be written with it; the text says why."""


def write(url: str, message: str) -> tuple[Path, tuple[str, ...]]:
    """The new file, and the differences it was filled with; BadMessage, or SchemaError before anything is written.

    What the models have is compared with the database at `url`, which therefore must be at the head.
    """
    message = " ".join(message.split())
    revision = name(message, number=len(chain.revisions()) + 1)
    found = read(url)
    if found.state is not State.AT_HEAD:
        raise SchemaRefused(
            f"The models are compared with a database at the head, {found.head}, and this one is {found.state}; "
            f"nothing was written. {found.next_step}"
        )
    path = chain.write_revision(url, message, revision)
    # Two branches that both add a revision conflict here in git, and not on a server.
    chain.HEAD_FILE.write_text(f"{revision}\n", encoding="utf-8")
    return path, (*(found.drift or ()), *found.beside)


def name(message: str, *, number: int) -> str:
    """`number` and the words of `message` as an id, which is the file's name too: 019_description_of_changes."""
    if not message or not message.isprintable() or '"""' in message or "\\" in message:
        raise BadMessage('the message becomes the first line of the file: one line of plain text without \\ or """')
    ascii_text = unicodedata.normalize("NFKD", message).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", ascii_text.lower()).strip("_")
    if not words:
        raise BadMessage("the message has no letter from a to z and no digit to name the file after")
    revision = f"{number:03}_{words}"
    if len(revision) > LONGEST_ID:
        raise BadMessage(
            f"{revision} has {len(revision)} characters and a revision id at most {LONGEST_ID}: say it in fewer "
            "words here, and the rest in the file"
        )
    return revision
