"""Where a sign-in leads: the page that was asked for, if it is one of ours."""

from urllib.parse import unquote, urlsplit


def inside(wanted: str | None) -> str | None:
    """`wanted` when it is a path of this portal, None for everything that a browser could take elsewhere.

    Browsers drop control characters and read a backslash as a slash, also where a proxy has decoded them first,
    so both are refused in the text and in what it decodes to.
    """
    if wanted is None:
        return None
    for text in (wanted, unquote(wanted), unquote(unquote(wanted))):
        if not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable():
            return None
        # `/%09/host` becomes `//host` once the tabulator is dropped; blanks in a path are never ours.
        if text.lstrip("/ ").startswith("/") or text[1:2].isspace():
            return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else wanted
