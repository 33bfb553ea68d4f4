"""The folder of public recordings that some tests read; it is no part of the project."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """The folder, from DOPPLY_TEST_DATA or beside the project; skips the test where it is missing."""
    stated = os.environ.get("DOPPLY_TEST_DATA")
    folder = Path(stated) if stated else PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"public recordings not found at {folder}; set DOPPLY_TEST_DATA")
    return folder
