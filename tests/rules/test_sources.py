"""Habits of the house that no linter knows."""

import re

from tests.rules import tree

MAX_LINES = 400

UNESCAPED = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=")
INLINE_HANDLER = re.compile(r"\son[a-z]+\s*=|\bjavascript:", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.*-])/(?:work|root|farm)/")


def test_tables_are_made_by_migrations_only() -> None:
    found = [
        tree.where(path, line)
        for path in tree.python_files("app", "migrations", "tools", "config.py", "wsgi.py")
        for line, name in tree.called(path)
        if name == "create_all"
    ]
    assert found == []


def test_only_the_naive_peers_of_benchmarks_touch_the_global_state_of_pyplot() -> None:
    found = [
        tree.where(path, line)
        for path in tree.python_files("app", "benchmarks", "tests", "tools")
        if path.parent != tree.ROOT / "benchmarks" / "naive"
        for line, name in tree.imported(path)
        if name.startswith(("matplotlib.pyplot", "matplotlib.pylab", "pylab"))
    ]
    assert found == []


def test_the_core_reads_no_clock_and_opens_no_file() -> None:
    forbidden = {"open", "now", "utcnow", "today", "read_text", "read_bytes", "loadtxt", "genfromtxt", "fromfile"}
    found = [
        f"{tree.where(path, line)} {name}()"
        for path in tree.python_files("app/ctg")
        for line, name in tree.called(path)
        if name in forbidden
    ]
    # Pure paths only compute with names; a Path can open what it names.
    found += [
        f"{tree.where(path, line)} {name}"
        for path in tree.python_files("app/ctg")
        for line, name in tree.imported(path)
        if name.startswith("pathlib") and not name.startswith("pathlib.Pure")
    ]
    assert found == []


def test_revisions_never_import_the_application() -> None:
    """A revision must still run when today's models are gone; only env.py compares with them."""
    found = [
        f"{tree.where(path, line)} {name}"
        for path in tree.python_files("migrations")
        if path.name != "env.py"
        for line, name in tree.imported(path)
        if name.split(".")[0] in {"app", "config", "wsgi"}
    ]
    assert found == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in tree.python_files("app", "benchmarks", "config.py")
    }
    assert [tree.where(path, lines) for path, lines in lengths.items() if lines > MAX_LINES] == []


def test_templates_escape_everything() -> None:
    found = [
        place for path in tree.templates() for place in tree.matches(UNESCAPED, path, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_templates_carry_no_inline_style_or_handler() -> None:
    found = [
        place
        for path in tree.templates()
        for pattern in (INLINE_STYLE, INLINE_HANDLER)
        for place in tree.matches(pattern, path, tree.markup(path))
    ]
    assert found == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in tree.tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # A picture or another binary file.
        found += tree.matches(MACHINE_PATH, path, text)
    assert found == []
