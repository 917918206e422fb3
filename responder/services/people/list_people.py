"""Look at who belongs to a circle, and to which partners they can belong."""

from responder.domain.people.access import Action, Viewer
from responder.domain.people.account import Person
from responder.domain.people.partner import Partner
from responder.ports import Clock, Database
from responder.ports.clock import moment


async def list_people(database: Database, *, viewer: Viewer, clock: Clock) -> tuple[Person, ...]:
    """Return all people of the circle, by partner and name."""
    viewer.must(Action.MANAGE_PEOPLE)
    async with database.begin() as transaction:
        return await transaction.people.of_circle(viewer.circle_id, now=moment(clock))


async def list_partners(database: Database, *, viewer: Viewer) -> tuple[Partner, ...]:
    if not viewer.may(Action.MANAGE_PEOPLE):
        viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return await transaction.partners.of_circle(viewer.circle_id)
