"""`python reset_migrations.py`: the revision read anew from the tables, as `flask schema reset-migrations`."""

from app.scripts import run_one

if __name__ == "__main__":
    run_one("reset-migrations")
