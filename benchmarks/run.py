"""What one run of the benchmarks was asked for."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """`readings` is how many rows the larger table of S4 has."""

    readings: int

    @property
    def cache(self) -> Path:
        """Where databases that take minutes to build are kept, outside the project."""
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "dopply-bench"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def tell(self, text: str) -> None:
        """Say on the terminal what is being done; it belongs to no result."""
        print(text, file=sys.stderr, flush=True)
