"""Which recordings a broken-off sweep has done already, so that the next one goes on where it stopped."""

import hashlib
import json
from pathlib import Path

from tests.data import PROJECT

STATE = PROJECT / "build" / "sweep-state.json"
# What decides how a recording is read, stored and analysed.
SOURCES = ("app/**/*.py", "migrations/**/*.py", "tests/sweep/*.py", "requirements.txt")


class Finished:
    """The names done by this very code on this kind of database; another version starts anew."""

    def __init__(self, database: str, path: Path = STATE) -> None:
        self.path = path
        self.key = f"{database}:{code_digest()}"
        self.names: set[str] = set(self._stored().get(self.key, []))

    def add(self, name: str) -> None:
        """Remember `name`; a stop in the middle of the writing leaves the old file."""
        self.names.add(name)
        database = self.key.split(":")[0]
        others = {key: names for key, names in self._stored().items() if not key.startswith(f"{database}:")}
        self.path.parent.mkdir(exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(others | {self.key: sorted(self.names)}), encoding="utf-8")
        new.replace(self.path)

    def _stored(self) -> dict[str, list[str]]:
        try:
            found: dict[str, list[str]] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return found


def code_digest() -> str:
    """A digest over every file that can change what the sweep finds."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
