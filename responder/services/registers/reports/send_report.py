"""A resident reports by the link: without an account, and nothing is kept of who and from where."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from shapely.geometry import shape

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from responder.domain.errors import InvalidValueError, NotFoundError, ReportsFullError
from responder.domain.ids import BuildingId, CircleId, ReportId
from responder.domain.incidents.event import ReportsChanged
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.registers.report import (
    MOST_WAITING,
    TEXT_LENGTH,
    Report,
    ReportKind,
    ReportLink,
    new_code,
)
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.photos import Photo
from responder.ports.registers.reports import BuildingChoice
from responder.services.security_context import as_system
from responder.services.validation.photos import Redraw, drawn, require_picture
from responder.services.validation.text import checked_text

LARGEST_SENT: Final = 8 * 1024 * 1024
"""Bytes of a picture as a phone takes it; drawn again it is much smaller."""
MOST_BUILDINGS: Final = 2000
"""In the list of the form."""
NEAR_M: Final = 30.0
"""So near a place is named after a building."""
FARTHEST_M: Final = 5000.0
"""From the middle of the circle: what lies farther is none of its own."""
_NUMBER_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What the page of the link shows."""

    circle: Circle
    buildings: tuple[BuildingChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    building_id: BuildingId | None
    lonlat: LonLat
    accuracy_m: float | None
    name: str
    name_en: str


async def show_form(database: Database, *, token: str) -> ReportForm:
    """
    Return what can be reported by a link. Nothing changes.

    Raises
    ------
    NotFoundError
        The link is unknown or closed.
    """
    link = await link_of(database, token)
    with as_system(link.circle_id):
        async with database.snapshot() as transaction:
            return ReportForm(
                circle=await transaction.circles.get(link.circle_id),
                buildings=await transaction.reports.buildings(link.circle_id, limit=MOST_BUILDINGS),
            )


async def send_report(
    database: Database,
    *,
    token: str,
    given: Mapping[str, str],
    photo: bytes | None,
    redraw: Redraw,
    clock: Clock,
) -> str:
    """
    Keep what a resident saw, for staff to decide on, and return the code by which it is looked up.

    `given` are the form's fields: `id`, `kind`, `building` or `lon`, `lat` and `accuracy`, and `text`. The
    same form sent again is kept once, and answered with the same code.

    Raises
    ------
    NotFoundError
        The link is unknown or closed.
    ReportsFullError
        As many reports wait as can.
    InvalidValueError
        A field cannot be; `field` names it.
    """
    link = await link_of(database, token)
    kind = _kind(given.get("kind", ""))
    text = given.get("text", "").replace("\r\n", "\n").strip()
    text = checked_text(text, field="text", longest=TEXT_LENGTH)
    form_id = _form_id(given.get("id", ""))
    picture = None if photo is None else await _picture(photo, redraw)
    now = moment(clock)
    with as_system(link.circle_id):
        async with database.begin() as transaction:
            # Closed in the meantime, or another has taken its place; and reports are counted one by one.
            if await transaction.reports.by_token(token, lock=True) is None:
                raise NotFoundError
            place = await _place(transaction, link.circle_id, given)
            report = Report(
                # Not the id of the form: who may see the report may not ask for its code.
                id=ReportId(uuid5(NAMESPACE_OID, f"report {form_id}")),
                circle_id=link.circle_id,
                code=new_code(),
                kind=kind,
                building_id=place.building_id,
                lon=place.lonlat.lon,
                lat=place.lonlat.lat,
                accuracy_m=place.accuracy_m,
                place=place.name,
                place_en=place.name_en,
                text=text,
                reported_at=now,
            )
            return await _keep(transaction, report, picture, at=now)


async def link_of(database: Database, token: str) -> ReportLink:
    """
    Return the link with this token.

    Raises
    ------
    NotFoundError
        It is unknown or closed.
    """
    # No token holds what PostgreSQL can neither keep nor look for.
    if "\x00" in token or not token.isascii():
        raise NotFoundError
    with as_system():
        async with database.snapshot() as transaction:
            link = await transaction.reports.by_token(token)
    if link is None:
        raise NotFoundError
    return link


async def _keep(transaction: Transaction, report: Report, photo: Photo | None, *, at: datetime) -> str:
    code = await transaction.reports.add(report, photo, most_waiting=MOST_WAITING)
    if code is None:
        raise ReportsFullError
    if code == report.code:
        await transaction.record(report.circle_id, ReportsChanged(), at=at)
    return code


async def _picture(content: bytes, redraw: Redraw) -> Photo:
    media_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    photo = Photo(media_type, content)
    require_picture(photo, largest=LARGEST_SENT)
    return await drawn(photo, redraw)


async def _place(transaction: Transaction, circle_id: CircleId, given: Mapping[str, str]) -> _Place:
    """Return where it is: where the phone is, or else the building that was chosen."""
    if given.get("lon") or given.get("lat"):
        return await _position(transaction, circle_id, given)
    try:
        building_id = BuildingId(UUID(given.get("building", "")))
        building = await transaction.layer(Building).get(circle_id, building_id)
    except (ValueError, NotFoundError):
        message = "choose a building, or let the phone say where it is"
        raise InvalidValueError(message, field="place") from None
    inside = shape(building.geometry).representative_point()
    return _Place(
        building_id=building.id,
        lonlat=LonLat(inside.x, inside.y),
        accuracy_m=None,
        name=building.name,
        name_en=building.name_en,
    )


async def _position(transaction: Transaction, circle_id: CircleId, given: Mapping[str, str]) -> _Place:
    lon = _number(given.get("lon", ""), most=180.0)
    lat = _number(given.get("lat", ""), most=90.0)
    accuracy_m = _number(given["accuracy"], most=100_000.0) if given.get("accuracy") else None
    circle = await transaction.circles.get(circle_id)
    here = LonLat(lon, lat)
    if _away_m(here, LonLat(*circle.centre)) > FARTHEST_M:
        message = "this place is not in the circle; choose a building"
        raise InvalidValueError(message, field="place")
    near = await transaction.landmarks.near(circle_id, here, within_m=NEAR_M)
    buildings = [each for each in near if each.is_building and _away_m(here, each.place) <= NEAR_M]
    nearest = min(buildings, key=lambda each: (_away_m(here, each.place), each.name), default=None)
    return _Place(
        building_id=None,
        lonlat=here,
        accuracy_m=None if accuracy_m is None else abs(accuracy_m),
        name="" if nearest is None else nearest.name,
        name_en="" if nearest is None else nearest.name_en,
    )


def _away_m(here: LonLat, there: LonLat) -> float:
    east, north = LocalPlane(lon=there.lon, lat=there.lat).metres_per_degree
    return math.hypot((here.lon - there.lon) * east, (here.lat - there.lat) * north)


def _number(written: str, *, most: float) -> float:
    try:
        number = float(written) if len(written) <= _NUMBER_LENGTH else math.nan
    except ValueError:
        number = math.nan
    if not abs(number) <= most:
        message = "this is no place"
        raise InvalidValueError(message, field="place")
    return number


def _kind(chosen: str) -> ReportKind:
    try:
        return ReportKind(chosen)
    except ValueError:
        message = "choose what it is"
        raise InvalidValueError(message, field="kind") from None


def _form_id(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        message = "the form has an id"
        raise InvalidValueError(message, field="id") from None
