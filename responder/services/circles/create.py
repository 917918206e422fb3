"""Make a circle."""

import secrets
from uuid import uuid4

from geo.lonlat import LonLat
from responder.domain.audit import AuditAction, AuditEntry
from responder.domain.errors import InvalidValueError, NotAllowedError
from responder.domain.ids import CircleId
from responder.domain.map.circle import DEFAULT_LIMIT_S, Circle
from responder.domain.people.access import Role
from responder.domain.people.account import Account
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.security_context import as_system
from responder.services.validation.text import checked_text

NAME_LENGTH = 100
LONGEST_LIMIT_S = 7200.0


def new_epoch() -> str:
    """Return a name for the log of a circle that no other log has."""
    return secrets.token_hex(8)


async def make_circle(
    database: Database,
    *,
    account: Account,
    name: str,
    name_en: str,
    centre: tuple[float, float],
    limit_s: float = DEFAULT_LIMIT_S,
    clock: Clock,
    origin: ClientInfo = UNKNOWN_CLIENT,
) -> Circle:
    """
    Make a circle, with the account as its first coordinator.

    Raises
    ------
    NotAllowedError
        The account is not an administrator.
    NameTakenError
        Another circle has the name.
    InvalidValueError, InvalidCoordinatesError
        A name, the centre or the limit cannot be.
    """
    if not account.admin:
        raise NotAllowedError(action="make_circle")
    circle = checked_circle(name=name, name_en=name_en, centre=centre, limit_s=limit_s)
    # A new circle has no members yet.
    with as_system():
        async with database.begin() as transaction:
            await transaction.circles.add(circle, epoch=new_epoch())
            await transaction.memberships.add(circle.id, account.id, role=Role.COORDINATOR, partner_id=None)
            act = AuditEntry(action=AuditAction.CIRCLE_CREATED, actor=account.id, origin=origin)
            await transaction.audit.append(circle.id, act, at=moment(clock))
    return circle


async def find_circle(database: Database, *, name: str) -> Circle | None:
    """Return the circle of that name (Chinese or English), if there is one."""
    async with database.begin() as transaction:
        everything = await transaction.circles.everything()
    return next((circle for circle in everything if name in {circle.name, circle.name_en}), None)


async def list_circles(database: Database) -> tuple[Circle, ...]:
    """Return all circles of this installation, by name: for the command line, not for accounts."""
    async with database.begin() as transaction:
        return await transaction.circles.everything()


def checked_circle(
    *, name: str, name_en: str, centre: tuple[float, float], limit_s: float, illustrative: bool = False
) -> Circle:
    """Return a new circle, or raise what is wrong with it."""
    middle = LonLat(*centre)
    if not 0 < limit_s <= LONGEST_LIMIT_S:
        message = "a limit lies above 0 and not above 120 minutes"
        raise InvalidValueError(message, field="limit_s")
    return Circle(
        id=CircleId(uuid4()),
        name=checked_text(name, field="name", longest=NAME_LENGTH, may_be_empty=False),
        name_en=checked_text(name_en, field="name_en", longest=NAME_LENGTH),
        centre=(middle.lon, middle.lat),
        limit_s=float(limit_s),
        illustrative=illustrative,
    )
