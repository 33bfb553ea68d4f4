"""The look keeps its promises: vendored files untouched, nothing off the host, contrast, fields tied to their words."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import Form, PasswordField, RadioField, SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice

ROOT = Path(__file__).resolve().parents[2]
OWN_SHEETS = sorted((ROOT / "static/css").glob("*.css"))
ALL_SHEETS = [*OWN_SHEETS, *sorted((ROOT / "static/vendor").rglob("*.css"))]

WCAG_AA_TEXT = 4.5  # WCAG 2.2, success criterion 1.4.3
WCAG_AA_CONTROL = 3.0  # WCAG 2.2, success criterion 1.4.11


class Sample(Form):  # type: ignore[misc]  # wtforms ships no types.
    """One field of each kind, all wrong when nothing is sent."""

    email = StringField("E-mail", [validators.InputRequired("Enter your e-mail address.")])
    password = PasswordField("Password", [validators.InputRequired("Enter your password.")])
    moving = RadioField(
        "Moving",
        [validators.InputRequired("Say how your baby moves.")],
        choices=[SelectChoice("usual", "As usual"), SelectChoice("less", "Less")],
    )
    loss = SelectField("Loss", choices=[SelectChoice("", "Choose"), SelectChoice("a", "A")])


def macros(name: str) -> SimpleNamespace:
    """The macros of templates/macros/<name>.html, with English as it is written."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda text: text, lambda one, many, count: one if count == 1 else many, newstyle=True
    )
    return SimpleNamespace(**vars(environment.get_template(f"macros/{name}.html").module))


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` by WCAG 2.2."""
    channels = [int(colour[i:j], 16) / 255 for i, j in pairwise((1, 3, 5, 7))]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tokens() -> dict[str, str]:
    """The colours that base.css names."""
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", (ROOT / "static/css/base.css").read_text()))
    return {
        name: value if len(value) == 7 else "#" + "".join(2 * c for c in value[1:]) for name, value in found.items()
    }


@pytest.mark.parametrize("folder", sorted((ROOT / "static/vendor").iterdir()), ids=lambda folder: folder.name)
def test_vendored_files_are_those_of_their_checksums(folder: Path) -> None:
    lines = (folder / "CHECKSUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    kept = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert kept - set(listed) == {"CHECKSUMS", "README.md"}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert "LICENSE" in listed


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.name)
def test_stylesheets_ask_no_other_host_and_name_no_foreign_brand(sheet: Path) -> None:
    text = sheet.read_text()
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
    for address in addresses:
        assert (sheet.parent / address).resolve().is_file(), address
    assert "@import" not in text
    assert not re.search(r"frutiger|005eb8|003087", text, re.IGNORECASE)


def test_every_colour_and_size_that_is_used_has_been_named() -> None:
    text = "\n".join(sheet.read_text() for sheet in OWN_SHEETS)
    assert set(re.findall(r"var\((--[a-z-]+)", text)) <= set(re.findall(r"^\s+(--[a-z-]+):", text, re.MULTILINE))


def test_no_colour_of_ours_is_green() -> None:
    text = "\n".join(sheet.read_text() for sheet in OWN_SHEETS)
    for colour in re.findall(r"#([0-9a-f]{6})\b", text):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
        assert green <= max(red, blue), f"#{colour}"


@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [
        ("ink", "ground", WCAG_AA_TEXT),
        ("muted", "ground", WCAG_AA_TEXT),
        ("accent", "ground", WCAG_AA_TEXT),
        ("white", "accent", WCAG_AA_TEXT),
        ("bar-text", "bar", WCAG_AA_TEXT),
        ("due", "due-pale", WCAG_AA_TEXT),
        ("call", "white", WCAG_AA_TEXT),
        ("problem", "ground", WCAG_AA_TEXT),
        ("ink", "focus", WCAG_AA_TEXT),
        ("line-strong", "white", WCAG_AA_TEXT),
        ("line-strong", "ground", WCAG_AA_CONTROL),
        ("focus", "bar", WCAG_AA_CONTROL),
    ],
)
def test_contrast(front: str, ground: str, least: float) -> None:
    named = tokens()
    assert contrast(named[front], named[ground]) >= least


@pytest.mark.parametrize(
    ("macro", "field"),
    [("text_field", "email"), ("password_field", "password"), ("radios_field", "moving"), ("select_field", "loss")],
)
def test_field_is_tied_to_its_label_hint_and_error(macro: str, field: str) -> None:
    form = Sample(MultiDict({"loss": "no such"}))
    assert not form.validate()
    page = parsed(getattr(macros("forms"), macro)(form[field], hint="A hint."))
    described = page.select_one("[aria-describedby]")
    assert described is not None
    assert described["aria-describedby"] == f"{field}-hint {field}-error"
    for part in str(described["aria-describedby"]).split():
        assert page.select_one(f"#{part}") is not None
    assert page.select_one(f"label[for={field}]") is not None
    assert form[field].errors[0] in page.get_text()


def test_error_summary_leads_to_the_first_control_of_each_field() -> None:
    form = Sample(MultiDict())
    assert not form.validate()
    made = macros("forms")
    links = parsed(made.error_summary(form)).select("a")
    controls = parsed(made.text_field(form.email) + made.password_field(form.password) + made.radios_field(form.moving))
    assert [link.get_text() for link in links[:3]] == [form[name].errors[0] for name in ("email", "password", "moving")]
    assert all(controls.select_one(f"input{link['href']}") is not None for link in links[:3])
    assert made.error_summary(Sample()).strip() == ""


def test_nothing_is_chosen_or_filled_in_beforehand() -> None:
    form, made = Sample(), macros("forms")
    assert not parsed(made.radios_field(form.moving)).select("[checked]")
    email = parsed(made.text_field(form.email)).select_one("input")
    assert email is not None
    assert email["value"] == ""


def test_password_is_never_sent_back() -> None:
    form = Sample(MultiDict({"password": "correct horse"}))
    assert "correct horse" not in macros("forms").password_field(form.password)


def test_what_was_typed_is_shown_again_as_text() -> None:
    form = Sample(MultiDict({"email": '"><script>'}))
    field = parsed(macros("forms").text_field(form.email)).select_one("input")
    assert field is not None
    assert field["value"] == '"><script>'


@pytest.mark.parametrize("full_page", [False, True])
def test_emergency_card_says_the_agreed_words_and_calls_the_unit(full_page: bool) -> None:
    emergency = SimpleNamespace(label="The unit", phone="021 555 0100", phone_href="tel:+62215550100")
    card = parsed(macros("emergency_card").emergency_card(emergency, 2, full_page=full_page))
    assert " ".join(card.get_text(" ").split()) == (
        "Contact your maternity unit now, day or night, if: "
        "your baby moves less than usual, stops moving, or the pattern changes; "
        "you bleed or lose fluid; you have strong pain. "
        "Do not wait until tomorrow. Do not use a Doppler or this portal to decide. "
        "Phone: 021 555 0100 The unit"
    )
    link = card.select_one("a")
    assert link is not None
    assert link["href"] == "tel:+62215550100"
