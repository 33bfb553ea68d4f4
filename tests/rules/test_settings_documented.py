"""Every setting an operator may give is explained where a newcomer looks."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rules.tree import ROOT, parsed, python_files


def read_from_environment(path: Path) -> Iterator[str]:
    """Names of the variables that the file reads by `environ.get("NAME")`, `environ["NAME"]` or `getenv("NAME")`."""
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=str(name)), *_]) if (
                is_environment(owner)
            ):
                yield name
            case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))) if is_environment(owner):
                yield name
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name)), *_]):
                yield name


def is_environment(node: ast.expr) -> bool:
    """Whether the expression is `environ` or `os.environ`."""
    return (isinstance(node, ast.Name) and node.id == "environ") or (
        isinstance(node, ast.Attribute) and node.attr == "environ"
    )


def test_settings_are_read_in_one_place() -> None:
    readers = [path.name for path in python_files("app", "config.py", "wsgi.py") if list(read_from_environment(path))]
    assert readers == ["config.py"]


def test_every_setting_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    settings = set(read_from_environment(ROOT / "config.py"))
    assert "DATABASE_URL" in settings
    assert sorted(name for name in settings if name not in readme) == []
