"""The command line: `flask accounts`, `flask jobs`, `flask audit`, …; exit code 0 only when it worked."""

from flask import Flask

from app.cli import accounts, audit, demo, jobs, schema, unit


def init_app(app: Flask) -> None:
    """Register every command group."""
    for commands in (accounts, audit, demo, jobs, schema, unit):
        app.cli.add_command(commands.group)
