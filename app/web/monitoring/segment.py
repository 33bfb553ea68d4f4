"""One link of a group of which one is current, as `macros/segments.html` draws it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A label, where it leads (None: nowhere from here), and whether that is where the reader is."""

    label: str
    href: str | None
    is_current: bool
