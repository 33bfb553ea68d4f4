"""Every sentence is in Indonesian too, says the same, and stands on the pages."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Language, OutgoingMail
from app.web import i18n
from tests.make import Make
from tests.page import Browser
from tools import translations

INDONESIAN = translations.CATALOGUES / "id" / "LC_MESSAGES" / "messages.po"

PLACEHOLDER = re.compile(r"%\(\w+\)[ds]|%%|%")
END = re.compile(r"[.:?;]?$")

# What Indonesian writes as English does, and why.
SAME_IN_BOTH = {
    **dict.fromkeys(["bpm", "bpm/cm", "%(bpm)d bpm", "%(scale)s bpm/cm"], "a unit"),
    **dict.fromkeys(["1", "2 (+20 bpm)"], "a number"),
    **dict.fromkeys(
        ["%(name)s, %(date)s", "%(name)s, %(role)s", "%(kind)s, %(length)s", "%(kind)s, %(when)s"], "a list"
    ),
    **dict.fromkeys(
        ["Administrator", "administrator", "Audit", "Menu", "Sinusoidal", "Unit", "abnormal"], "a loanword"
    ),
}

# The draft of SAFETY.md, section 3, word for word.
SAFETY_SENTENCES = {
    "Your recording is saved. Nobody has checked it yet.": "Rekaman Anda sudah tersimpan. Belum ada yang memeriksanya.",
    "Contact your maternity unit now, day or night, if:": (
        "Hubungi fasilitas bersalin sekarang, siang atau malam, jika:"
    ),
    "your baby moves less than usual, stops moving, or the pattern changes;": (
        "gerakan bayi berkurang, berhenti, atau polanya berubah;"
    ),
    "you bleed or lose fluid;": "ada perdarahan atau cairan keluar;",
    "you have strong pain.": "nyeri hebat.",
    "Do not wait until tomorrow.": "Jangan menunggu sampai besok.",
    "Do not use a Doppler or this portal to decide.": "Jangan memakai Doppler atau portal ini untuk memutuskan.",
    "Phone: %(unit_phone)s": "Telepon: %(unit_phone)s",
    "Finding a heartbeat does not mean your baby is well.": "Terdengarnya detak jantung tidak berarti bayi Anda sehat.",
    "Your baby's movements matter more than this recording.": "Gerakan bayi lebih penting daripada rekaman ini.",
    "Dr %(name)s read this recording on %(date)s. What they wrote to you:": (
        "dr. %(name)s membaca rekaman ini pada %(date)s. Pesan untuk Anda:"
    ),
    "This recording could not be read (%(reason)s). This says nothing about your baby.": (
        "Rekaman ini tidak dapat dibaca (%(reason)s). Ini tidak menyatakan apa pun tentang bayi Anda."
    ),
    "Please call %(unit)s now about this recording. If you cannot reach us, come in.": (
        "Mohon telepon %(unit)s sekarang tentang rekaman ini. Jika tidak terhubung, datanglah langsung."
    ),
    "We have left a message in the portal. It may not be read now. Call.": (
        "Kami telah meninggalkan pesan di portal. Pesan ini mungkin belum dibaca. Teleponlah."
    ),
}


@cache
def messages() -> list[Message]:
    """Every sentence of the Indonesian catalogue."""
    return [message for message in translations.read(INDONESIAN) if message.id]


def english(message: Message) -> tuple[str, ...]:
    return translations.strings_of(message.id)


def both(message: Message) -> Iterator[tuple[str, str]]:
    """The English and the Indonesian text; of plurals the most general English form beside each Indonesian one."""
    yield from ((english(message)[-1], text) for text in translations.strings_of(message.string))


def test_each_language_but_english_has_a_catalogue() -> None:
    named = {path.parent.parent.name for path in translations.paths()}

    assert named == {language.value for language in Language} - {Language.ENGLISH.value}


@pytest.mark.parametrize("path", translations.paths(), ids=lambda path: str(path.relative_to(translations.ROOT)))
def test_a_catalogue_holds_the_sentences_of_the_sources_and_no_others(path: Path) -> None:
    assert said_in(translations.read(path)) == said_in(translations.extracted()), "run: make translations"


def said_in(catalogue: Catalog) -> dict[tuple[str, ...], set[str]]:
    """Each sentence with the files that say it; their order in the catalogue does not matter."""
    return {english(message): {name for name, _line in message.locations} for message in catalogue if message.id}


def test_every_sentence_is_translated_and_none_is_a_guess() -> None:
    assert [english(message) for message in messages() if not all(translations.strings_of(message.string))] == []
    assert [english(message) for message in messages() if message.fuzzy] == []


def test_what_runs_is_what_was_translated() -> None:
    compiled = INDONESIAN.with_suffix(".mo")
    assert compiled.exists(), "run: make setup"
    with compiled.open("rb") as file:
        running = GNUTranslations(file)

    def said(message: Message) -> str:
        if isinstance(message.id, str):
            return running.gettext(message.id)
        return running.ngettext(message.id[0], message.id[1], 2)

    stale = [message.id for message in messages() if said(message) not in translations.strings_of(message.string)]
    assert stale == [], "run: make setup"


def test_a_translation_is_filled_with_the_same_values() -> None:
    assert [
        (one, other)
        for message in messages()
        for one, other in both(message)
        if Counter(PLACEHOLDER.findall(one)) != Counter(PLACEHOLDER.findall(other))
    ] == []


def test_a_translation_ends_as_the_sentence_does_and_keeps_its_paragraphs() -> None:
    for message in messages():
        for one, other in both(message):
            assert END.search(one)[0] == END.search(other)[0], (one, other)  # type: ignore[index]  # it matches always.
            assert one.count("\n\n") == other.count("\n\n"), (one, other)
            assert other == other.strip(), other


def test_only_what_is_the_same_word_in_both_languages_is_left_as_it_is() -> None:
    same = {one for message in messages() for one, other in both(message) if one == other}

    assert same == set(SAME_IN_BOTH)


@pytest.mark.parametrize("sentence", SAFETY_SENTENCES)
def test_the_sentences_on_safety_stand_word_for_word(sentence: str) -> None:
    assert {message.id: message.string for message in messages()}[sentence] == SAFETY_SENTENCES[sentence]


def english_left(page_words: str) -> list[str]:
    """The English sentences that a page still says."""
    return [
        text
        for message in messages()
        for text in english(message)
        if len(text.split()) > 2 and text not in SAME_IN_BOTH and "%" not in text and text in page_words
    ]


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/register", "/auth/password/forgot", "/auth/activate"])
def test_who_is_not_signed_in_reads_indonesian(browser: Browser, path: str) -> None:
    assert english_left(browser.get(path).words) != []

    page = browser.get(f"{path}?lang=id")

    assert page.one("html")["lang"] == "id"
    assert english_left(page.words) == []
    assert "Hubungi fasilitas bersalin sekarang, siang atau malam, jika:" in page.words


def test_a_patient_reads_indonesian(browser: Browser, make: Make) -> None:
    patient, doctor = make.patient(), make.doctor()
    make.link(doctor, patient)
    make.pregnancy(patient)
    recording = make.monitoring_session(patient)
    browser.sign_in(patient.user)

    for address in (
        f"/patients/{patient.id}",
        f"/patients/{patient.id}/access-log",
        "/links",
        "/monitoring/sessions",
        f"/monitoring/sessions/{recording.public_id}",
        "/monitoring/upload",
        "/account",
        "/account/password",
    ):
        assert english_left(browser.get(f"{address}?lang=en").words) != [], address
        assert english_left(browser.get(f"{address}?lang=id").words) == [], address


def test_an_error_and_what_is_wrong_in_a_form_are_said_in_indonesian(browser: Browser) -> None:
    browser.get("/auth/sign-in?lang=id")

    assert browser.get("/nowhere", status=404).heading == "Halaman ini tidak ditemukan"
    assert browser.submit("/auth/sign-in", status=422, email="", password="").errors == [
        "Isi alamat email Anda.",
        "Isi kata sandi Anda.",
    ]


def test_what_the_form_library_says_is_said_in_indonesian(browser: Browser) -> None:
    browser.get("/auth/sign-in?lang=id")

    page = browser.submit("/auth/register", status=422, language="fr", role="king")

    assert page.errors.count("Pilihan ini tidak berlaku.") == 2
    assert english_left(page.words) == []


def test_a_mail_is_in_the_language_of_the_account_and_not_of_the_page(
    browser: Browser, make: Make, session: Session
) -> None:
    user = make.patient().user
    user.language = Language.INDONESIAN
    session.commit()

    browser.submit("/auth/password/forgot", email=user.email)

    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Pilih kata sandi baru"
    assert mail.body.startswith("Seseorang meminta kata sandi baru untuk akun Anda di Dopply.")


def test_weeks_and_days_read_as_indonesians_say_them(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert i18n.gestation_words(31 * 7 + 4) == "31 weeks and 4 days"
    with app.test_request_context("/?lang=id"):
        assert i18n.gestation_words(31 * 7 + 4) == "31 minggu 4 hari"
        assert i18n.gestation_words(1 * 7 + 1) == "1 minggu 1 hari"
