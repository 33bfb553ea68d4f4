"""`flask unit`: the maternity unit that this instance serves."""

import click
from flask.cli import AppGroup

from app.access.actor import OPERATOR
from app.cli import own_database
from app.extensions import db
from app.services import unit
from app.services.errors import Refused
from app.services.transaction import unit_of_work

group = AppGroup("unit", help="The maternity unit that this instance serves.")

# What an option says when the service refuses its value.
REFUSALS = {
    "unit_name": "--name is needed, at most 255 characters",
    "unit_phone": "--phone is needed: digits, spaces, + ( ) -, at most 40 characters",
    "unit_reading_within_days": f"--reading-within-days is a number from 1 to {unit.MAX_READING_DAYS}",
}


@group.command("set")
@click.option("--name", help="The unit's name, as patients know it.")
@click.option("--phone", help="The number that patients call, day and night.")
@click.option(
    "--reading-within-days", type=int, help="Within how many working days recordings are read; 0: no promise."
)
@click.option("--speed-cm-min", type=click.Choice(["1", "2", "3"]), help="Paper speed that strips open with.")
@click.option("--bpm-per-cm", type=click.Choice(["20", "30"]), help="Vertical scale that strips open with.")
def set_unit(
    name: str | None,
    phone: str | None,
    reading_within_days: int | None,
    speed_cm_min: str | None,
    bpm_per_cm: str | None,
) -> None:
    """Set what is given and keep the rest; the first time --name and --phone are needed."""
    own_database.require(db.session())
    with unit_of_work(db.session()) as session:
        now = unit.find(session)
        promised = now.reading_within_days if now else None
        try:
            saved = unit.save(
                session,
                OPERATOR,
                name=name if name is not None else now.name if now else "",
                phone=phone if phone is not None else now.phone if now else "",
                reading_within_days=promised if reading_within_days is None else reading_within_days or None,
                speed_cm_min=int(speed_cm_min or (now.speed_cm_min if now else unit.DEFAULT_SPEED_CM_MIN)),
                bpm_per_cm=int(bpm_per_cm or (now.bpm_per_cm if now else unit.DEFAULT_BPM_PER_CM)),
            )
        except Refused as refused:
            raise click.UsageError(REFUSALS[refused.code]) from None
    click.echo(f"{saved.name}, {saved.phone}")
