"""Show the yearly programme of drills."""

from zoneinfo import ZoneInfo

from responder.domain.drills.programme import DrillProgramme, programme_of
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of


async def show_programme(
    database: Database, *, viewer: Viewer, year: int | None, every_days: int, clock: Clock
) -> DrillProgramme:
    """
    Return the drills of a year, of this one if it is not given, and what is due when by now.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        time_zone = (await catalogue_of(transaction, viewer.circle_id)).time_zone
        drills = await transaction.drill_records.of_circle(viewer.circle_id, time_zone=time_zone)
        partners = await transaction.partners.of_circle(viewer.circle_id)
    today = moment(clock).astimezone(ZoneInfo(time_zone)).date()
    return programme_of(
        drills,
        (each.id for each in partners),
        year=today.year if year is None else year,
        today=today,
        every_days=every_days,
    )
