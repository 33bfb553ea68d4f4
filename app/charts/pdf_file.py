"""What matplotlib's PDF does not say of itself: that it is to be printed as large as it is, and its language."""

import re

_CATALOG = re.compile(rb"(\d+) 0 obj\n<< (/Type /Catalog [^>]*)>>")
_TRAILER = re.compile(rb"trailer\n<< /Size (\d+) /Root (\d+) 0 R /Info (\d+) 0 R >>\nstartxref\n(\d+)\n%%EOF\s*$")


def unscaled(document: bytes, language: str) -> bytes:
    """The document with a catalogue that asks viewers not to fit its pages to the sheet when they print.

    Viewers would otherwise make it a few percent smaller without a word, and a minute would not measure a centimetre.
    The new catalogue stands after the document, as an update of it (ISO 32000-1, 7.5.6; PrintScaling in 12.2).
    """
    catalog, trailer = _CATALOG.search(document), _TRAILER.search(document)
    if catalog is None or trailer is None:
        raise ValueError("this is no document as matplotlib writes it")
    size, root, info, before = (int(number) for number in trailer.groups())
    place = len(document)
    preferences = "/ViewerPreferences << /PrintScaling /None /DisplayDocTitle true >>"
    update = f"{root} 0 obj\n<< {catalog[2].decode()}/Lang ({language}) {preferences} >>\nendobj\n"
    table = f"xref\n{root} 1\n{place:010d} 00000 n \n"
    end = f"trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R /Prev {before} >>\n"
    return document + f"{update}{table}{end}startxref\n{place + len(update)}\n%%EOF\n".encode()
