import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.forbidden_words import ENGLISH, INDONESIAN, found_in


@pytest.mark.parametrize("word", [*ENGLISH, *INDONESIAN])
def test_each_word_is_found_in_any_case_beside_any_mark(word: str) -> None:
    for text in (word, word.upper(), f"It is {word}.", f"({word})", f"not-{word}!"):
        assert found_in(text) == [word]


@pytest.mark.parametrize(
    "text",
    ["abnormal", "Confine yourself", "goodbye", "unsafe", "seaman", "kesehatan", "define", "pengamanan", "normal3", ""],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The all-clear.", "all-clear"),
        ("all - clear", "all - clear"),
        ("Semuanya baik2 saja", "baik2 saja"),
        ("baik² saja", "baik2 saja"),
        ("aman2 saja", "aman2"),
        ("baik baik\u2011saja", "baik baik-saja"),
        ("\uff2eormal", "normal"),
        ("nor\u00admal", "normal"),
        ("he\u200bal\u200dthy", "healthy"),
        ("sehat-sehat saja", "sehat"),
    ],
)
def test_no_way_of_writing_it_hides_a_word(text: str, found: str) -> None:
    assert found_in(text) == [found]


def test_a_phrase_is_found_across_lines_and_named_once() -> None:
    assert found_in("All\n  clear, baik-baik   saja; ALL CLEAR") == ["all clear", "baik-baik saja"]


@given(st.text(), st.sampled_from(ENGLISH))
def test_no_text_around_it_hides_a_word(text: str, word: str) -> None:
    # "all clear" and "normal" may stand in the text around it and take it in.
    assert any(word in found for found in found_in(f"{text} {word} {text}"))
