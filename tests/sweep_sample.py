"""How much of a long check runs: everything with DOPPLY_SWEEP=full, else the fixed sample that `make check` runs."""

import os
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

SAMPLE_STEP = 20


def is_full() -> bool:
    """Whether the whole check was asked for, as `make sweep` does."""
    return os.environ.get("DOPPLY_SWEEP") == "full"


def swept(items: Sequence[Item]) -> Sequence[Item]:
    """All of `items`, or every twentieth from the first on: the same ones each time."""
    return items if is_full() else items[::SAMPLE_STEP]
