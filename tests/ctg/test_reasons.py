import re

import pytest

from app.ctg.findings import Reason
from app.ctg.reasons import LIMITS, NOT_INTERPRETABLE, RULE_SETS, SENTENCES, sentence
from tests.data import PROJECT

PLACEHOLDER = re.compile(r"%\((\w+)\)[ds]")

# Words that a computed result must not carry (SAFETY.md 2.1): a reader hears "no need to look".
COMFORT = re.compile(r"\b(healthy|safe|fine|good|reassuring|all clear|normal)\b", re.IGNORECASE)


@pytest.mark.parametrize("code", SENTENCES)
def test_each_sentence_can_be_filled_in(code: str) -> None:
    values = dict.fromkeys(PLACEHOLDER.findall(SENTENCES[code]), 7)
    text = sentence(Reason(code, values))
    assert "%(" not in text
    assert "%%" not in text
    assert text.endswith(".")
    assert not COMFORT.search(text)


def test_the_engine_emits_exactly_the_codes_that_have_a_sentence() -> None:
    emitted = {
        code
        for folder in (PROJECT / "app" / "ctg", PROJECT / "app" / "ctg" / "rulesets")
        for path in folder.glob("*.py")
        for code in re.findall(r'Reason\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert emitted == set(SENTENCES)


def test_no_code_belongs_to_two_kinds() -> None:
    assert len(SENTENCES) == len(NOT_INTERPRETABLE) + len(LIMITS) + len(RULE_SETS)


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        sentence(Reason("no_such_code"))
