"""The project's own files, as the rules read them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def tracked() -> list[Path]:
    """Every file of the project that git knows or would take, without what others wrote (static/vendor)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if "/vendor/" not in name and (ROOT / name).is_file()]


def python_files(*places: str) -> list[Path]:
    """The Python files in `places`, each a folder or a file under the root."""
    found = []
    for place in places:
        path = ROOT / place
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert found, f"{places} hold no Python file"
    return found


def templates() -> list[Path]:
    """Every template: HTML and mail texts."""
    found = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
    assert found, "templates/ is empty"
    return found


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything the file imports, wherever in the file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def called(path: Path) -> Iterator[tuple[int, str]]:
    """Line and last name of everything the file calls: `a.b.now()` is `now`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id


def where(path: Path, line: int) -> str:
    """A place as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}"


def markup(path: Path) -> str:
    """The template's own HTML; what Jinja puts there is blanked, line numbers stay."""
    return JINJA.sub(
        lambda match: "".join(character if character == "\n" else "_" for character in match[0]),
        path.read_text(encoding="utf-8"),
    )


def matches(pattern: re.Pattern[str], path: Path, text: str) -> list[str]:
    """Places and words of every match of `pattern` in the file's `text`."""
    places = []
    for found in pattern.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        places.append(f"{where(path, line)} {found[0].strip()}")
    return places
