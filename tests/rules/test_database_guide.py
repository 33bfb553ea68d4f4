"""docs/database.md knows every revision and every table."""

from app.models import Base
from tests.migrations import chain
from tests.rules.tree import ROOT


def guide() -> str:
    return (ROOT / "docs" / "database.md").read_text(encoding="utf-8")


def test_every_revision_stands_in_the_guide() -> None:
    assert [revision for revision in chain.revisions() if f"| `{revision}` |" not in guide()] == []


def test_every_table_stands_in_the_guide() -> None:
    assert [table for table in sorted(Base.metadata.tables) if f"| `{table}` |" not in guide()] == []
