"""The scripts at the top level: the commands of older guides, each one call into `flask schema`."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from app import create_app
from app.cli.schema import group
from config import SettingsError, load_settings


def run_one(command: str) -> NoReturn:
    """`flask schema <command>` with this process's arguments, its exit code too; DATABASE_URL is all it needs."""
    _run(group.commands[command], sys.argv[0])


def run_some(commands: Sequence[str]) -> NoReturn:
    """The same for the first argument, which must be one of `commands`."""
    _run(click.Group(commands={name: group.commands[name] for name in commands}), sys.argv[0])


def _run(command: click.Command, program: str) -> NoReturn:
    try:
        app = create_app(load_settings(serves=False))
    except SettingsError as error:
        sys.exit(f"FAILED: {error}")
    with app.app_context():
        command.main(prog_name=program)
    sys.exit(0)
