"""The file of a backup: a ZIP archive that any tool opens, sealed with a digest, whole or not there at all."""

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.schema.backup.manifest import Manifest, from_json
from app.schema.errors import SchemaFailed, SchemaRefused

MANIFEST = "manifest.json"
# A manifest has about 500 bytes for each table. One that is packed small could unpack to fill the memory.
MANIFEST_BYTES = 16 * 1024 * 1024
ZIP_START = b"PK\x03\x04"
# The archive's comment is the SHA-256 of everything before it, in hexadecimal digits: the last bytes of the file.
SEAL_BYTES = 64
UNSEALED = b"0" * SEAL_BYTES
# The samples are compressed already; more effort gains little.
COMPRESSION_LEVEL = 1
BLOCK = 1024 * 1024
# What zipfile raises for a member that it cannot unpack: damaged, cut, encrypted, or packed in a way it does not know.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class NewArchive:
    """A backup that is being written; `folder` is for what is needed only meanwhile."""

    folder: Path
    zip: zipfile.ZipFile

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """A part of the backup, to be written; of any size."""
        with self.zip.open(name, "w", force_zip64=True) as file, io.BufferedWriter(file, BLOCK) as buffered:
            yield buffered

    def describe(self, manifest: Manifest) -> None:
        """Add the manifest."""
        self.zip.writestr(MANIFEST, manifest.to_json())


@contextmanager
def writing(path: Path) -> Iterator[NewArchive]:
    """A new backup, which appears at `path` when the block ends well; nothing of it stays otherwise.

    SchemaRefused if something is at `path`, SchemaFailed if the disk does not take it. Only the owner may read
    it. A process that is killed leaves a folder `….part`, which no restore accepts.
    """
    try:
        if os.path.lexists(path):
            raise SchemaRefused(f"{path} is there already and is never overwritten. No backup was made.")
        folder = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent))
    except OSError as error:
        raise SchemaFailed(f"{path}: {error.strerror}. No backup was made.") from error
    try:
        new = folder / "archive"
        with os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as archive:
                archive.comment = UNSEALED
                yield NewArchive(folder, archive)
            _seal(file)
        _publish(new, path)
    except OSError as error:
        raise SchemaFailed(f"{path}: {error.strerror or error}. No backup was made.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _seal(file: IO[bytes]) -> None:
    """Replace the comment by the digest of what stands before it, and wait for the disk."""
    file.flush()
    digest = _digest_of_content(file)
    file.seek(-SEAL_BYTES, os.SEEK_END)
    file.write(digest)
    file.flush()
    os.fsync(file.fileno())


def _publish(new: Path, path: Path) -> None:
    """Give `new` its name; SchemaRefused if another process has taken it meanwhile."""
    try:
        # Claims the name: a rename alone would replace what another process has put there.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise SchemaRefused(f"{path} is there already and is never overwritten. No backup was made.") from None
    new.replace(path)
    with contextlib.suppress(OSError):  # Not every file system lets a folder be synced.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is whole."""

    manifest: Manifest
    zip: zipfile.ZipFile


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """The backup at `path`, every byte of it checked; SchemaRefused if it is none, damaged or incomplete."""
    try:
        with path.open("rb") as file:
            _refuse_damaged(path, file)
            with _opened(path, file) as archive:
                yield Archive(from_json(_manifest_in(path, archive)), archive)
    except OSError as error:
        raise SchemaFailed(f"{path}: {error.strerror or error}.") from error


def _opened(path: Path, file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise SchemaRefused(f"{path} is not a backup of Dopply. Nothing was changed.") from error


def _manifest_in(path: Path, archive: zipfile.ZipFile) -> bytes:
    try:
        if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
            raise SchemaRefused(f"{path} is not a backup of Dopply: its manifest is too long. Nothing was changed.")
        return archive.read(MANIFEST)
    except (KeyError, *UNREADABLE) as error:
        raise SchemaRefused(f"{path} is not a backup of Dopply. Nothing was changed.") from error


def _refuse_damaged(path: Path, file: IO[bytes]) -> None:
    if file.read(len(ZIP_START)) != ZIP_START:
        raise SchemaRefused(f"{path} is not a backup of Dopply. Nothing was changed.")
    size = file.seek(0, os.SEEK_END)
    if size > SEAL_BYTES:
        digest = _digest_of_content(file)
        file.seek(-SEAL_BYTES, os.SEEK_END)
        if file.read() == digest:
            file.seek(0)
            return
    raise SchemaRefused(f"{path} is damaged or incomplete (its checksum is wrong). Nothing was changed.")


def _digest_of_content(file: IO[bytes]) -> bytes:
    left = file.seek(0, os.SEEK_END) - SEAL_BYTES
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0:
        block = file.read(min(BLOCK, left))
        if not block:
            raise OSError("the file became shorter while it was read")
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()
