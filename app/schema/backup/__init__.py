"""Backup and restore of a whole database: one file, whole or not there, checked before anything is changed."""

from app.schema.backup.places import default_path
from app.schema.backup.take import Backup, backup_to

__all__ = ["Backup", "backup_to", "default_path"]
