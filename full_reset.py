"""`python full_reset.py`: every table dropped and built anew, as `flask schema full-reset`."""

from app.scripts import run_one

if __name__ == "__main__":
    run_one("full-reset")
