"""Uploaded files as they came: each content is kept once, whoever sent it, in compressed parts."""

import hashlib
import zlib
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import SessionFile, StoredFile, StoredFilePart
from app.services.clock import utc_now

# Well below the smallest packet limit in use (4 MiB), also when nothing can be compressed.
PART_BYTES = 1024 * 1024
MAX_NAME_CHARACTERS = 255


def sha256(content: bytes) -> str:
    """The name under which a content is stored."""
    return hashlib.sha256(content).hexdigest()


def content_sha256(files: Sequence[SourceFile]) -> str:
    """What makes an upload the same upload: its contents, whatever the files are called and however ordered."""
    if len(files) == 1:
        return sha256(files[0].content)
    parts = sorted(f"{len(file.content)}:{sha256(file.content)}" for file in files)
    return sha256("\n".join(parts).encode())


def keep(session: Session, files: Sequence[SourceFile]) -> None:
    """Store each content that is not there yet. A simultaneous upload of the same content waits here for ours."""
    # In one order for everybody, so that two uploads never wait for each other.
    for digest, content in sorted({sha256(file.content): file.content for file in files}.items()):
        try:
            with session.begin_nested():
                session.execute(insert(StoredFile).values(sha256=digest, byte_count=len(content), stored_at=utc_now()))
        except IntegrityError:
            continue
        if content:
            session.execute(insert(StoredFilePart), _parts(digest, content))


def name(session: Session, session_id: str, files: Sequence[SourceFile]) -> None:
    """Note which files a session came from, under the names that they were sent with."""
    session.execute(
        insert(SessionFile),
        [
            {
                "session_id": session_id,
                "position": position,
                "sha256": sha256(file.content),
                "name": file.name[:MAX_NAME_CHARACTERS],
            }
            for position, file in enumerate(files)
        ],
    )


def _parts(digest: str, content: bytes) -> list[dict[str, object]]:
    return [
        {"sha256": digest, "part_no": number, "content": zlib.compress(content[first : first + PART_BYTES])}
        for number, first in enumerate(range(0, len(content), PART_BYTES))
    ]
