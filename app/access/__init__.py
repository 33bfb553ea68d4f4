"""Who may what: actors, permissions and one policy map. No HTTP and no database here."""

from app.access.actor import Actor, ActorRole
from app.access.permissions import Permission
from app.access.policy import Relation, is_about_a_patient, may_enter, permits

__all__ = ["Actor", "ActorRole", "Permission", "Relation", "is_about_a_patient", "may_enter", "permits"]
