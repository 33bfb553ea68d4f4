"""What the request at hand works with: settings, database session, actor."""

from flask import current_app, g
from sqlalchemy.orm import Session

from app.access import Actor
from app.extensions import db
from config import Settings


def settings() -> Settings:
    """The settings of the running instance."""
    found: Settings = current_app.extensions["settings"]
    return found


def database() -> Session:
    """The database session of this request."""
    return db.session()


def actor() -> Actor:
    """Who acts in this request; set by the guard before any view runs."""
    found: Actor = g.actor
    return found
