"""The annex of a pact, as the register of facilities stands or as it was signed."""

from typing import Final

from responder.domain.errors import InvalidValueError
from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.domain.registers.pact.annex import annex_rows
from responder.domain.registers.pact.pact import AnnexRow, Pact
from responder.ports import Transaction

MOST_ROWS: Final = 2000
"""About sixty pages of paper; a circle with more would sign what no one reads."""


async def annex_of(transaction: Transaction, pact: Pact) -> tuple[AnnexRow, ...]:
    """Return the annex as it was signed, or the first rows of it as the register stands."""
    if pact.annex is not None:
        return pact.annex
    facilities = await transaction.layer(Facility).of_circle(pact.circle_id)
    gates = await transaction.layer(Gate).of_circle(pact.circle_id)
    return annex_rows(pact.content.parties, facilities, gates)[: MOST_ROWS + 1]


def require_short(annex: tuple[AnnexRow, ...]) -> None:
    """
    Refuse to sign an annex that is too long.

    Raises
    ------
    InvalidValueError
        It has more facilities than may be.
    """
    if len(annex) > MOST_ROWS:
        message = f"an annex has {MOST_ROWS} facilities at most"
        raise InvalidValueError(message, field="annex")
