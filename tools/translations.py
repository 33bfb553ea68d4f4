"""Brings the catalogues of app/translations up to date with the sentences of the sources, by `make translations`.

A new sentence comes in empty, one that nobody says any more goes, and a changed one is a new one: nothing is guessed
from a sentence that looks like it. The files hold no dates and no line numbers, so that a change of a sentence is all
that a difference shows.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "app" / "translations"

# Sentences stand in code and in templates; those in tables are marked by N_ and looked up when they are shown.
METHODS = {
    ROOT / "app": [("**.py", "python")],
    ROOT / "templates": [("**.html", "jinja2")],
}
OPTIONS = {"**.html": {"encoding": "utf-8", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_lazy": None}

HEADER = """\
# {name} translation of Dopply.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
WIDTH = 110


def extracted() -> Catalog:
    """Every sentence of the sources, each with the files that say it."""
    template = Catalog()
    for folder, methods in METHODS.items():
        found = extract_from_dir(folder, method_map=methods, options_map=OPTIONS, keywords=KEYWORDS)
        for name, line, message, _comments, context in sorted(found, key=lambda place: place[:2]):
            place = (folder / name).relative_to(ROOT).as_posix()
            template.add(message, locations=[(place, line)], context=context)
    return template


def paths() -> list[Path]:
    """The catalogue of each language."""
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """The catalogue in the file; its folder says the language."""
    return read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name, domain="messages", abort_invalid=True)


def updated(path: Path) -> str:
    """What the file says once every sentence of the sources, and no other, is in it."""
    catalogue = read(path)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    text = BytesIO()
    write_po(
        text, catalogue, width=WIDTH, omit_header=True, ignore_obsolete=True, sort_by_file=True, include_lineno=False
    )
    if catalogue.locale is None:
        raise ValueError(f"{path} is in no language that is known")
    header = HEADER.format(
        name=catalogue.locale.english_name, language=catalogue.locale, plural_forms=catalogue.plural_forms
    )
    return header + text.getvalue().decode("utf-8")


def main() -> int:
    """Update each catalogue and say what is left to be translated."""
    for path in paths():
        path.write_text(updated(path), encoding="utf-8")
        empty = [message for message in read(path) if message.id and not all(strings_of(message.string))]
        print(f"{path.relative_to(ROOT)}: {len(empty)} sentences without a translation")
    return 0


def strings_of(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message's one text, or each of its plural forms."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


if __name__ == "__main__":
    sys.exit(main())
