"""The address of the page beside a place in a list of the administrator."""

from flask import request, url_for


def link(endpoint: str, name: str, number: int | None, *, kept: tuple[str, ...] = ()) -> str | None:
    """The address of the page beside that place with the arguments `kept`; None where the list ends."""
    if number is None:
        return None
    arguments = {key: request.args[key] for key in kept if request.args.get(key)}
    return url_for(endpoint, **{**arguments, name: number})  # type: ignore[arg-type]  # Arguments of the page.
