"""What a use case can answer instead of a result; the web layer turns each into a page with its status."""

from collections.abc import Mapping


class DomainError(Exception):
    """Nothing was changed, and the caller can be told why: `code` names the sentence, `values` fill it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, object] = values


class NotFound(DomainError):
    """It does not exist, or it is not for this actor: the two look the same (404)."""


class Moved(DomainError):
    """It is hers, and it gave way to another record of hers: `patient_id` is in the values (303)."""


class Conflict(DomainError):
    """Somebody or something else came first, or the form belongs to another patient (409)."""


class Refused(DomainError):
    """The input or the moment forbids it (422)."""


class Throttled(DomainError):
    """Too many tries; `retry_after_s` is in the values (429)."""
