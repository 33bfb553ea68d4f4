"""The page after a sign-in is one of ours or none."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.auth.next_page import inside


@pytest.mark.parametrize(
    "path", ["/", "/account", "/patients?q=siti%20rahma&page=2", "/monitoring/sessions/a-b_c?x=%C3%A9"]
)
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert inside(path) == path


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "account",
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/%5Cevil.example/",
        "/%5cevil.example/",
        "/%09/evil.example/",
        "/\t/evil.example/",
        "/%2509/evil.example/",
        "/%0d%0aLocation:%20https://evil.example/",
        "/\r\nSet-Cookie: a=b",
        "/%2F/evil.example/",
        "/%2fevil.example/",
        "/ /evil.example/",
        "/%20/evil.example/",
        "\t//evil.example/",
        " /account",
        "/account\x00",
        "/account\x7f",
        "/\u2028/evil.example",
        "/\u202e/evil.example",
        "//[evil",
    ],
)
def test_everything_else_is_refused(wanted: str | None) -> None:
    assert inside(wanted) is None


@given(st.text(alphabet="/\\%0592fFdDaA:.@?#e \t\r\n\x00é"))
def test_what_is_kept_stays_on_the_host_however_it_is_read(wanted: str) -> None:
    kept = inside(wanted)
    if kept is None:
        return
    assert kept == wanted
    for text in (kept, unquote(kept)):
        dropped = "".join(character for character in text if character not in "\t\r\n").replace("\\", "/")
        assert dropped.startswith("/")
        assert not dropped.startswith("//")
        assert not urlsplit(dropped).netloc
