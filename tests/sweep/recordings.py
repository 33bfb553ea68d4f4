"""The public recordings that the sweep uploads, as files a user could choose; none is opened before its turn."""

import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from app.ctg.formats import SourceFile

# Of the large archive, sorted by name, every 21st file from the first on: 50 of the 1,065.
ARCHIVE_STEP = 21
ARCHIVE_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Recording:
    """One upload; `refused_as` is the code of the true reason why it cannot be taken, None where it must be."""

    name: str
    load: Callable[[], Sequence[SourceFile]]
    refused_as: str | None = None


def every_recording(folder: Path) -> list[Recording]:
    """All that the sweep is about, in a fixed order; it begins with a refusal, so that each sample has one."""
    return [*stvcalc(folder), *ctu_uhb(folder), *fhrma(folder), *fhrma_archive(folder)]


def ctu_uhb(folder: Path) -> Iterator[Recording]:
    """WFDB pairs, the header chosen together with its signal file."""
    for header in sorted((folder / "ctu_uhb" / "dev").glob("*.hea")):
        yield _on_disk(folder, header, header.with_suffix(".dat"))


def fhrma(folder: Path) -> Iterator[Recording]:
    """The `.fhr` files of both halves."""
    for path in sorted((folder / "fhrma").glob("t*/*.fhr")):
        yield _on_disk(folder, path)


def fhrma_archive(folder: Path) -> Iterator[Recording]:
    """A stated sample of the `.fhrm` files."""
    archive = folder / "fhrma_fs" / "FSdataset_fhrm.tar.xz"
    for name in sorted(_archive_sample(archive)):
        yield Recording(name, partial(_from_archive, archive, name))


def stvcalc(folder: Path) -> Iterator[Recording]:
    """Recordings in a binary format of one research program, which Dopply says it does not know."""
    for path in sorted((folder / "stvcalc").glob("*.ctg")):
        yield _on_disk(folder, path, refused_as="is_unknown_binary")


def _on_disk(folder: Path, *paths: Path, refused_as: str | None = None) -> Recording:
    return Recording(str(paths[0].relative_to(folder)), partial(_from_disk, paths), refused_as)


def _from_disk(paths: Sequence[Path]) -> list[SourceFile]:
    return [SourceFile(path.name, path.read_bytes()) for path in paths]


def _from_archive(archive: Path, name: str) -> list[SourceFile]:
    return [SourceFile(Path(name).name, _archive_sample(archive)[name])]


@cache
def _archive_sample(archive: Path) -> dict[str, bytes]:
    """Contents by name. The archive can only be read from its beginning, so it is read once for all of them."""
    contents = {}
    with tarfile.open(archive) as members:
        names = sorted(member.name for member in members if member.name.endswith(".fhrm"))
    wanted = set(names[::ARCHIVE_STEP][:ARCHIVE_SAMPLE])
    with tarfile.open(archive) as members:
        for member in members:
            if member.name in wanted and (packed := members.extractfile(member)) is not None:
                contents[member.name] = packed.read()
    return contents
