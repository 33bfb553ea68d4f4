"""`python check_tables.py`: every table with its rows, as `flask schema tables`."""

from app.scripts import run_one

if __name__ == "__main__":
    run_one("tables")
