"""The chain is one line, with the ids of the original first, and the models say what its head says."""

import re
from dataclasses import replace
from pathlib import Path

from alembic import command

from app.models import Base
from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain, facts, seed_schema

LONGEST_ID = 32  # alembic_version.version_num is VARCHAR(32)


def test_the_seeds_five_ids_come_first_and_006_follows() -> None:
    assert chain.revisions()[:6] == [*chain.SEED, "006_utf8mb4"]


def test_the_chain_is_linear() -> None:
    scripts = chain.scripts()
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    assert all(isinstance(script.down_revision, str | None) for script in scripts.walk_revisions())


def test_the_head_is_written_down_so_that_two_new_revisions_conflict_in_git() -> None:
    written = (chain.ROOT / "migrations" / "head.txt").read_text(encoding="utf-8")
    assert written == chain.revisions()[-1] + "\n"


def test_our_ids_are_numbered_fit_the_version_column_and_are_the_file_names() -> None:
    for number, revision in enumerate(chain.revisions()[5:], start=6):
        assert re.fullmatch(rf"{number:03}_[a-z0-9_]+", revision)
        assert len(revision) <= LONGEST_ID
        assert Path(str(chain.module(revision).__file__)).stem == revision


def test_each_revision_says_what_it_does_and_how_it_goes_down() -> None:
    for revision in chain.revisions():
        found = chain.module(revision)
        assert found.__doc__
        assert f"Revision ID: {revision}\n" in found.__doc__
        assert callable(found.downgrade)


def test_the_seeds_five_take_no_type_from_elsewhere() -> None:
    for revision in chain.SEED:
        source = Path(str(chain.module(revision).__file__)).read_text(encoding="utf-8")
        imports = re.findall(r"^(?:from|import) .+$", source, flags=re.MULTILINE)
        assert set(imports) <= {
            "import sqlalchemy as sa",
            "from alembic import op",
            "from migrations import steps",
        }, revision


def test_models_and_head_agree_for_alembic(empty_database: str) -> None:
    chain.upgrade(empty_database)
    command.check(chain.config(empty_database))


def test_a_new_column_of_a_type_of_ours_is_written_as_the_plain_type(empty_sqlite: str, tmp_path: Path) -> None:
    chain.upgrade(empty_sqlite, "013_audit")
    settings = chain.config(empty_sqlite, more_versions=tmp_path)
    command.stamp(settings, "heads")
    command.revision(settings, autogenerate=True, rev_id="new", version_path=str(tmp_path))
    source = (tmp_path / "new.py").read_text(encoding="utf-8")
    assert "app." not in source
    assert "sa.Column('leased_until', sa.DateTime(), nullable=False)" in source
    compile(source, "new.py", "exec")


def test_models_and_head_agree_in_everything_a_database_says_of_itself_on_sqlite(tmp_path: Path) -> None:
    upgraded, scratch = sqlite_url(tmp_path, "upgraded.db"), sqlite_url(tmp_path, "scratch.db")
    compare_models_with_head(upgraded, scratch)


def test_models_and_head_agree_in_everything_a_database_says_of_itself_on_mariadb() -> None:
    with fresh_mariadb() as upgraded, fresh_mariadb() as scratch:
        compare_models_with_head(upgraded, scratch)


def compare_models_with_head(upgraded: str, scratch: str) -> None:
    chain.upgrade(upgraded)
    with chain.connection(scratch) as connection:
        # The one create_all of the project: a scratch schema, to compare the chain with.
        Base.metadata.create_all(connection)
        from_models = facts.read(connection)
    with chain.connection(upgraded) as connection:
        from_chain = facts.read(connection)
    assert from_chain.keys() == from_models.keys()
    for name in from_chain:
        assert comparable(name, from_chain[name]) == comparable(name, from_models[name]), name


def comparable(name: str, table: facts.Table) -> facts.Table:
    """The table without the names that a server gives by itself, and without the order of columns.

    The seed's foreign keys have no name of ours in the chain. An index that the server made for a foreign
    key is called after the column or after the constraint.
    """
    seed_columns = seed_schema.TABLES[name].columns if name in seed_schema.TABLES else {}
    given_by_servers = {item.name for item in table.references} | {item.columns[0] for item in table.references}
    return replace(
        table,
        columns=dict(sorted(table.columns.items())),
        keys=frozenset(
            key._replace(name="") if key.name in given_by_servers and not key.is_unique else key for key in table.keys
        ),
        references=frozenset(
            item._replace(name="") if item.columns[0] in seed_columns else item for item in table.references
        ),
    )
