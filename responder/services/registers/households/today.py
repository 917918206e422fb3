"""The day that it is in a circle."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from responder.domain.ids import CircleId
from responder.ports import Transaction
from responder.services.incidents.catalogue import catalogue_of


async def today_in(transaction: Transaction, circle_id: CircleId, now: datetime) -> date:
    """Return the day in the circle's time zone."""
    catalogue = await catalogue_of(transaction, circle_id)
    return now.astimezone(ZoneInfo(catalogue.time_zone)).date()
