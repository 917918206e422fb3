"""The link by which residents of a circle report: open it, put another in its place, close it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import NotFoundError
from responder.domain.map.circle import Circle
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.report import ReportLink
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment

_TOKEN_BYTES: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A link that takes reports."""

    path: str
    """Below the address of the page."""
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """The link by which residents report; None while none is open."""

    link: OpenLink | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What is printed for the wall."""

    circle: Circle
    path: str


async def show_link(database: Database, *, viewer: Viewer) -> ShownLink:
    """Return the link that is open."""
    viewer.must(Action.MANAGE_REPORTS)
    async with database.snapshot() as transaction:
        return _shown(await transaction.reports.link(viewer.circle_id))


async def open_link(database: Database, *, viewer: Viewer, renew: bool, clock: Clock) -> ShownLink:
    """
    Let residents report by a link that needs no account.

    One that is open stays as it is, since it is on the walls; with `renew` another takes its place, and what
    is printed leads nowhere from now on.
    """
    viewer.must(Action.MANAGE_REPORTS)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        known = await transaction.reports.link(viewer.circle_id)
        if known is not None and not renew:
            return _shown(known)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        link = ReportLink(circle_id=viewer.circle_id, token=token, opened_at=now)
        await transaction.reports.put_link(link)
        await _note(transaction, viewer, AuditAction.REPORT_LINK_OPENED, at=now)
        return _shown(link)


async def close_link(database: Database, *, viewer: Viewer, clock: Clock) -> ShownLink:
    """Take no more reports, and show the public nothing: the link leads nowhere. What was reported stays."""
    viewer.must(Action.MANAGE_REPORTS)
    async with database.begin() as transaction:
        if await transaction.reports.delete_link(viewer.circle_id):
            await _note(transaction, viewer, AuditAction.REPORT_LINK_CLOSED, at=moment(clock))
        return ShownLink(link=None)


async def show_poster(database: Database, *, viewer: Viewer) -> Poster:
    """
    Return what is printed for the wall.

    Raises
    ------
    NotFoundError
        No link is open.
    """
    viewer.must(Action.MANAGE_REPORTS)
    async with database.snapshot() as transaction:
        shown = _shown(await transaction.reports.link(viewer.circle_id))
        if shown.link is None:
            raise NotFoundError
        return Poster(circle=await transaction.circles.get(viewer.circle_id), path=shown.link.path)


def _shown(link: ReportLink | None) -> ShownLink:
    if link is None:
        return ShownLink(link=None)
    return ShownLink(link=OpenLink(path=f"api/reports/{link.token}", opened_at=link.opened_at))


async def _note(transaction: Transaction, viewer: Viewer, action: AuditAction, *, at: datetime) -> None:
    await transaction.audit.append(viewer.circle_id, audit_entry(viewer, action), at=at)
