"""The layers of the application, as pyproject.toml states them, and what stays out of its start."""

import subprocess
import sys
from pathlib import Path

from tests.rules.tree import ROOT

# Slow to import or wanted by a few pages only; fhir.resources is imported as `fhir`.
LAZY = ["fhir", "matplotlib", "pandas", "scipy", "wfdb"]

START = f"""
import sys
import wsgi
assert wsgi.app.url_map is not None
loaded = [name for name in {LAZY} if name in sys.modules]
sys.exit(f"loaded at start: {{loaded}}" if loaded else 0)
"""


def test_imports_follow_the_layers() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_application_starts_without_the_slow_libraries() -> None:
    environment = {"DOPPLY_ENV": "test", "DATABASE_URL": "sqlite://", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv"}
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
