"""Pages: guard, one transaction per request, headers, and a blueprint for each part of the portal."""

from flask import Flask

from app.web import (
    account,
    admin,
    auth,
    compression,
    converters,
    errors,
    guard,
    headers,
    health,
    home,
    installation,
    jinja,
    links,
    monitoring,
    not_ready,
    patients,
    records,
    request_log,
    transaction,
)

HOOKS = (
    converters,
    request_log,
    compression,
    headers,
    transaction,
    installation,
    guard,
    not_ready,
    errors,
    jinja,
    health,
    home,
)
BLUEPRINTS = (auth, account, patients, links, monitoring, records, admin)


def init_app(app: Flask) -> None:
    """Hooks first, in the order in which a request meets them, then the pages."""
    for hook in HOOKS:
        hook.init_app(app)
    for pages in BLUEPRINTS:
        app.register_blueprint(pages.blueprint)
