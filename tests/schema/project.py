"""A copy of the project as git would hand it out, in which commands may write revisions and backups."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.schema.backup.places import SUFFIX
from tests.rules.tree import ROOT, tracked

# What the commands about the schema need; the rest is only slow to copy.
FOLDERS = {"app", "migrations"}
LIMIT_S = 180


@dataclass(frozen=True, slots=True)
class Project:
    """The copy, and running the project's commands in it as a person with an active virtual environment does."""

    root: Path

    def run(self, *words: str, url: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """What became of the command, DATABASE_URL its only setting beside `more`; nobody is at a terminal."""
        return subprocess.run(
            words,
            cwd=self.root,
            env=environment(url, **more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )

    def versions(self) -> set[Path]:
        """The revision files."""
        return set((self.root / "migrations" / "versions").glob("*.py"))

    def backups(self) -> set[Path]:
        """The backups made where nobody said where."""
        return set((self.root / "instance" / "backups").glob(f"*{SUFFIX}"))


def environment(url: str, **more: str) -> dict[str, str]:
    """An environment with the virtual environment of the tests first on its PATH, and DATABASE_URL."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"PATH": path, "DATABASE_URL": url, "PYTHONWARNINGS": "error", **more}


def copy_to(folder: Path) -> Project:
    """A copy of the project in the new folder."""
    for path in tracked():
        place = path.relative_to(ROOT)
        if place.parts[0] in FOLDERS or (len(place.parts) == 1 and path.suffix in {".py", ".ini", ".toml"}):
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / place)
    return Project(folder)
