"""Every word that a reader sees goes through gettext: in templates, and in the Python that fills them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from jinja2 import Environment, nodes

from tests.rules import tree

LETTER = re.compile(r"[^\W\d_]")
# What a reader takes for a sentence or a label: a capital in front, or several words.
WORDS = re.compile(r"^[A-Z][a-z]+|[^\W\d_] [^\W\d_]")
# What may look so and is none: a tag, a pattern of dates such as d MMM y, HH:mm.
NO_WORDS = re.compile(r"<[^>]*>|^[dMyHms ,:.]+$")
BLOCK_OF_NO_WORDS = re.compile(r"\{% block width %\}.*?\{% endblock %\}")

READ_ALOUD = ("alt", "aria-description", "aria-label", "aria-roledescription", "data-label", "placeholder", "title")
GETTEXT = {"_", "_lazy", "N_", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext"}
# What these are given is for a program or an operator, not for the reader of a page.
NOT_SHOWN = {
    "TypeVar",
    "cast",
    "compile",
    "error",
    "execute",
    "exception",
    "format_datetime",
    "info",
    "text",
    "warning",
}

BRAND = {"Dopply"}
# Names that are the same in every language, and names of things in the protocols that we speak.
NAMES = {
    "app/web/browser_names.py": "browsers and systems",
    "app/web/compression.py": "HTTP headers",
    "app/web/headers.py": "HTTP headers",
    "app/web/health.py": "two lines for whoever watches the machine",
    "app/web/i18n.py": "zones and patterns of dates",
    "app/web/request_log.py": "an HTTP header",
}
CONSTANTS = {
    "Bahasa Indonesia": "a language in its own words",
    "English": "a language in its own words",
    "Cache-Control": "an HTTP header",
    "Content-Disposition": "an HTTP header",
    "Content-Security-Policy": "an HTTP header",
    "CSRFTokenField": "a class of WTForms",
    "HiddenField": "a class of WTForms",
    "MultipleFileField": "a class of WTForms",
    **dict.fromkeys(["Shift", "Home", "End", "Enter", "Esc"], "what stands on a key"),
}


def texts(template: str) -> Iterator[str]:
    """What the template itself says between tags and in attributes that are read aloud."""
    markup = BeautifulSoup(tree.JINJA.sub("", BLOCK_OF_NO_WORDS.sub("", template)), "html.parser")
    for text in markup.find_all(string=True):
        if not isinstance(text, PreformattedString) and LETTER.search(_without_attributes(text)):
            yield text.strip()
    for tag in markup.find_all(True):
        yield from (str(tag[name]) for name in READ_ALOUD if LETTER.search(str(tag.get(name, ""))))


def _without_attributes(text: str) -> str:
    """A text without the attributes that a macro writes: they stand outside of any tag of its own."""
    return re.sub(r'[\w-]*="[^"]*"', "", text)


def constants(template: str) -> Iterator[str]:
    """The words in the template's expressions that gettext does not see."""
    parsed = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(template)
    seen = {
        id(constant)
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for constant in call.find_all(nodes.Const)
    }
    for constant in parsed.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in seen and WORDS.search(constant.value):
            yield constant.value


def words(source: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines and words of the strings that gettext does not see and somebody could read."""
    hidden: set[int] = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in GETTEXT | NOT_SHOWN:
                hidden |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Raise | ast.Assert | ast.Compare):
            hidden |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Expr):  # A docstring.
            hidden.add(id(node.value))
        elif isinstance(node, ast.FunctionDef | ast.AnnAssign | ast.arg):  # A type that is named before it is there.
            annotation = node.returns if isinstance(node, ast.FunctionDef) else node.annotation
            hidden |= {id(part) for part in ast.walk(annotation)} if annotation else set()
    for node in ast.walk(source):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in hidden:
            continue
        if WORDS.search(NO_WORDS.sub("", node.value)):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", tree.templates(), ids=lambda path: str(path.relative_to(tree.ROOT)))
def test_a_template_says_nothing_without_gettext(path: Path) -> None:
    template = path.read_text(encoding="utf-8")

    assert [text for text in texts(template) if text.strip(" –") not in BRAND] == []
    assert [text for text in constants(template) if text not in CONSTANTS] == []


def test_the_web_layer_says_nothing_without_gettext() -> None:
    assert [
        f"{tree.where(path, line)} {text}"
        for path in tree.python_files("app/web")
        if path.relative_to(tree.ROOT).as_posix() not in NAMES
        for line, text in words(tree.parsed(path))
        if text not in CONSTANTS
    ] == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Call now</p>", ["Call now"]),
        ("<p>{{ _('Call now') }}: 112 bpm</p>", [": 112 bpm"]),
        ('<img alt="Strip">', ["Strip"]),
        ('<td data-label="{{ _("Phone") }}" class="numeric">–</td>', []),
        ('{{ tag("call now", "due") }}', ["call now"]),
        ('{{ _("%(name)s reads", name="Ward 3") }}', []),
        ('{% set kind = "due" %}{# A remark #}<!-- Another -->', []),
    ],
)
def test_what_is_found_in_a_template(template: str, found: list[str]) -> None:
    assert [*texts(template), *constants(template)] == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('flash("It is saved.")', ["It is saved."]),
        ('flash(_("It is saved."))', []),
        ('def view() -> "Page":\n    """A page."""\n    raise ValueError("no such page")', []),
        ('LABELS = {"new": "Not read yet", "old": N_("Read")}', ["Not read yet"]),
    ],
)
def test_what_is_found_in_python(source: str, found: list[str]) -> None:
    assert [text for _line, text in words(ast.parse(source))] == found


def test_every_form_takes_the_words_of_the_library_from_our_catalogue() -> None:
    found = [
        f"{tree.where(path, line)} {name}"
        for path in tree.python_files("app")
        if path.name != "portal_form.py"
        for line, name in tree.imported(path)
        if name in {"flask_wtf.FlaskForm", "flask_wtf.form.FlaskForm"}
    ]
    assert found == []
