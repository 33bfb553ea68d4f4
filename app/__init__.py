"""Dopply: fetal heart rate recordings, from the Doppler at home to a signed reading."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, web
from app.database import engine_options, prepare_engine
from app.extensions import babel, csrf, db, login_manager, migrate
from app.web import body_limit, i18n, signed_in
from config import INSTANCE, ROOT, Settings


def create_app(settings: Settings) -> Flask:
    """A Dopply application for `settings`; nothing is read from the environment or the database here."""
    app = Flask(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(INSTANCE),
    )
    configure(app, settings)
    believe_proxies(app, settings)
    body_limit.init_app(app)
    bind_extensions(app)
    web.init_app(app)
    cli.init_app(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Give Flask and its extensions what they read from app.config; our own code reads `settings`."""
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-dopply" if settings.is_https_only else "dopply",
        SESSION_COOKIE_SECURE=settings.is_https_only,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # The token lives as long as the sign-in.
        WTF_CSRF_SSL_STRICT=False,  # A proxy ends TLS; SameSite and the token do the work.
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE=settings.time_zone.key,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
    )


def believe_proxies(app: Flask, settings: Settings) -> None:
    """Take a reader's address and scheme from as many proxies as the settings trust, and from nobody else."""
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def bind_extensions(app: Flask) -> None:
    """Bind the shared extension objects to this application."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.user_loader(signed_in.load)
    babel.init_app(app, locale_selector=i18n.select_locale, timezone_selector=i18n.select_time_zone)
