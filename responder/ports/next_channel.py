"""What the ladder asks of the channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports.database import Transaction


class NextChannel(Protocol):
    """Tells people who have not answered by the next of their channels; it decides which that is."""

    async def __call__(
        self,
        transaction: Transaction,
        detail: IncidentDetail,
        deliveries: Sequence[Delivery],
        *,
        now: datetime,
    ) -> None:
        """Queue, within the transaction, what is to be sent for these unanswered calls."""
        ...
