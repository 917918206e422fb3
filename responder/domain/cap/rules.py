"""What the schema does not check: rules of CAP 1.2 between the elements of a message."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from geo.lonlat import LonLat
from responder.domain.cap.faults import Fault, fault
from responder.domain.cap.lexical import MOST_LAT
from responder.domain.cap.message import CapArea, CapInfo, CapMessage, CapMessageType, CapScope, CapStatus

FORBIDDEN: Final = frozenset(" \t\r\n,<&")
"""In identifiers and senders, by the standard."""
LONGEST_IDENTIFIER: Final = 256
SUSPICIOUS_KM: Final = 100.0
"""A circle as large is more often one in metres."""
FAR_KM: Final = 100.0
"""An area so far from a circle hardly concerns it."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
_ABOUT_EARLIER: Final = frozenset(
    {CapMessageType.UPDATE, CapMessageType.CANCEL, CapMessageType.ACK, CapMessageType.ERROR}
)
_SAYS_SOMETHING: Final = frozenset({CapMessageType.ALERT, CapMessageType.UPDATE})
_OPERATIONAL: Final = frozenset({CapStatus.ACTUAL, CapStatus.EXERCISE})


def check(
    message: CapMessage, *, now: datetime | None = None, near: LonLat | None = None
) -> tuple[Fault, ...]:
    """
    Return what is wrong with a message whose elements are well formed.

    With `now` also what depends on the time, with `near`, the middle of a circle, what depends on the place.
    """
    faults = [*_identity(message), *_references(message), *_wholly(message)]
    if now is not None and message.sent > now + CLOCKS_DIFFER:
        faults.append(fault("sent_in_future", "sent"))
    for index, info in enumerate(message.infos, start=1):
        where = f"info[{index}]"
        faults += _info(message, info, where)
        if now is not None and info.expires is not None and info.expires <= now:
            faults.append(fault("expired", f"{where}/expires"))
    if near is not None:
        faults += _place(message, near)
    return tuple(faults)


def distance_km(one: LonLat, other: LonLat) -> float:
    """Return the distance along a great circle."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def _identity(message: CapMessage) -> Iterator[Fault]:
    for name, text in (("identifier", message.identifier), ("sender", message.sender)):
        if not FORBIDDEN.isdisjoint(text):
            yield fault(f"{name}_characters", name, text)
        if len(text) > LONGEST_IDENTIFIER:
            yield fault("identifier_long", name, text)


def _references(message: CapMessage) -> Iterator[Fault]:
    if message.message_type in _ABOUT_EARLIER and not message.references:
        yield fault("references_missing", "references")
    for each in message.references:
        if (each.sender, each.identifier) == (message.sender, message.identifier):
            yield fault("references_itself", "references", each.identifier)
        elif each.sent > message.sent:
            yield fault("references_later", "references", each.identifier)


def _wholly(message: CapMessage) -> Iterator[Fault]:
    if message.message_type in _SAYS_SOMETHING and not message.infos:
        yield fault("info_missing", "info")
    if message.scope is CapScope.RESTRICTED and not message.restriction.strip():
        yield fault("restriction_missing", "restriction")
    if message.scope is CapScope.PRIVATE and not message.addresses.strip():
        yield fault("addresses_missing", "addresses")
    if message.status not in _OPERATIONAL:
        yield fault("not_operational", "status", message.status.value)
    if message.exercise and not message.note.strip():
        yield fault("exercise_unnamed", "note")


def _info(message: CapMessage, info: CapInfo, where: str) -> Iterator[Fault]:
    if not info.headline.strip():
        yield fault("headline_missing", f"{where}/headline")
    if info.expires is None:
        yield fault("expires_missing", f"{where}/expires")
    else:
        if info.expires <= message.sent:
            yield fault("expires_before_sent", f"{where}/expires")
        if info.onset is not None and info.onset > info.expires:
            yield fault("onset_after_expires", f"{where}/onset")
    yield from _areas(message, info, where)


def _areas(message: CapMessage, info: CapInfo, where: str) -> Iterator[Fault]:
    if message.message_type in _SAYS_SOMETHING:
        if not info.areas:
            yield fault("area_missing", f"{where}/area")
        elif not any(area.polygons or area.circles for area in info.areas):
            yield fault("area_without_shape", f"{where}/area")
    for number, area in enumerate(info.areas, start=1):
        for index, circle in enumerate(area.circles, start=1):
            if circle.radius_km >= SUSPICIOUS_KM:
                there = f"{where}/area[{number}]/circle[{index}]"
                yield fault("circle_metres", there, f"{circle.radius_km:g}")


def _place(message: CapMessage, near: LonLat) -> Iterator[Fault]:
    for index, info in enumerate(message.infos, start=1):
        for number, area in enumerate(info.areas, start=1):
            where = f"info[{index}]/area[{number}]"
            points = _points(area)
            if not points or any(_reaches(area, near, point) for point in points):
                continue
            # Where longitude first is a place on Earth too, only the circle tells the two apart.
            exchanged = [LonLat(point.lat, point.lon) for point in points if abs(point.lon) <= MOST_LAT]
            is_exchanged = len(exchanged) == len(points) and any(
                distance_km(near, point) <= FAR_KM for point in exchanged
            )
            yield fault("lonlat_order" if is_exchanged else "area_elsewhere", where, area.description)


def _points(area: CapArea) -> list[LonLat]:
    return [
        *(point for ring in area.polygons for point in ring),
        *(circle.centre for circle in area.circles),
    ]


def _reaches(area: CapArea, near: LonLat, point: LonLat) -> bool:
    extra_km = max((circle.radius_km for circle in area.circles if circle.centre == point), default=0.0)
    if distance_km(near, point) <= FAR_KM + extra_km:
        return True
    # Inside a large polygon no corner need be near.
    return any(_within(ring, near) for ring in area.polygons)


def _within(ring: tuple[LonLat, ...], point: LonLat) -> bool:
    inside = False
    for one, other in pairwise(ring):
        if (one.lat > point.lat) != (other.lat > point.lat):
            share = (point.lat - one.lat) / (other.lat - one.lat)
            if point.lon < one.lon + share * (other.lon - one.lon):
                inside = not inside
    return inside
