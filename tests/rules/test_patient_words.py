"""No word of ours can be read by a patient as "no need to call" (SAFETY.md, rule 1)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.services.forbidden_words import ALLOWED_SENTENCES, found_in, is_allowed
from tests.rules import tree
from tools import translations

# Everything that we say is taken to be read by patients, but what these files say to others.
NOT_FOR_PATIENTS: Mapping[str, str] = {
    "app/web/monitoring/analysis_block.py": "names the class of the rule set of 2025, on the page of a clinician only",
}


def is_for_patients(name: str) -> bool:
    """Whether a patient may read what stands in this file."""
    return name not in NOT_FOR_PATIENTS


@cache
def our_sentences() -> Catalog:
    """Every sentence of the code and of the templates that goes through gettext."""
    return translations.extracted()


def shown_words(template: str) -> str:
    """A template without what only its authors read."""
    return re.sub(r"\{#.*?#\}", " ", template, flags=re.DOTALL)


def forbidden(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each message for patients, but those allowed by their id, with the forbidden words of its two texts."""
    for message in catalogue:
        ids = translations.strings_of(message.id)
        words = found_in(" | ".join([*ids, *translations.strings_of(message.string)]))
        if words and not is_allowed(ids[0]) and any(is_for_patients(name) for name, _ in message.locations):
            yield ids[0], ", ".join(words)


@pytest.mark.parametrize("path", tree.templates(), ids=lambda path: str(path.relative_to(tree.ROOT / "templates")))
def test_templates_have_none_of_the_words(path: Path) -> None:
    if is_for_patients(path.relative_to(tree.ROOT).as_posix()):
        assert found_in(shown_words(path.read_text(encoding="utf-8"))) == []


def test_sentences_have_none_of_the_words() -> None:
    assert list(forbidden(our_sentences())) == []


@pytest.mark.parametrize("path", translations.paths(), ids=lambda path: path.parent.parent.name)
def test_translations_have_none_of_the_words(path: Path) -> None:
    assert list(forbidden(translations.read(path))) == []


def test_every_part_of_the_portal_is_scanned() -> None:
    scanned = {name for message in our_sentences() for name, _ in message.locations}

    assert {"app/ctg", "app/services", "app/web", "templates/account", "templates/links"} <= {
        "/".join(name.split("/")[:2]) for name in scanned
    }


def test_what_is_left_out_is_there_and_has_such_a_word() -> None:
    """An exception that is not needed any more goes."""
    for name in NOT_FOR_PATIENTS:
        said = [message for message in our_sentences() if name in [place for place, _ in message.locations]]
        assert [message.id for message in said if found_in(str(message.id))], name
    ids = {translations.strings_of(message.id)[0] for message in our_sentences()}
    assert ids >= ALLOWED_SENTENCES


def test_the_scan_of_a_catalogue_finds_what_it_looks_for() -> None:
    text = """
#: templates/patients/home.html:3
msgid "Your baby is well."
msgstr "Bayi Anda sehat."

#: templates/macros/advice.html:4
msgid "Finding a heartbeat does not mean your baby is well."
msgstr "Terdengarnya detak jantung tidak berarti bayi Anda sehat."

#: app/web/monitoring/analysis_block.py:9
msgid "normal range"
msgstr "rentang normal"

#: app/web/monitoring/analysis_block.py:9 templates/patients/home.html:5
msgid "a good one"
msgstr "yang lain"
"""
    assert list(forbidden(read_po(BytesIO(text.encode())))) == [
        ("Your baby is well.", "sehat"),
        ("a good one", "good"),
    ]
