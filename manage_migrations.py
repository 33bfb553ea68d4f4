"""`python manage_migrations.py status | new "message" | apply | history | rollback`: see docs/database.md."""

from app.scripts import run_some

if __name__ == "__main__":
    run_some(["status", "new", "apply", "history", "rollback"])
