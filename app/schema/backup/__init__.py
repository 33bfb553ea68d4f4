"""Backup and restore of a whole database: one file, whole or not there, checked before anything is changed."""

from app.schema.backup.manifest import Manifest
from app.schema.backup.places import default_path
from app.schema.backup.restore import Restored, describe, present, restore_from
from app.schema.backup.take import Backup, backup_to
from app.schema.backup.unfinished import UNFINISHED

__all__ = [
    "UNFINISHED",
    "Backup",
    "Manifest",
    "Restored",
    "backup_to",
    "default_path",
    "describe",
    "present",
    "restore_from",
]
