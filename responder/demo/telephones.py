"""Telephone numbers of the demo circle, which no telephone has."""

from typing import Final

UNASSIGNED_PREFIX: Final = "+86140000"
_FIRST_HOUSEHOLD: Final = 70_001
_FIRST_DESK: Final = 90_001


def person_telephone(number: int) -> str:
    """
    Return the number of a person, who are counted from 0.

    >>> person_telephone(0)
    '+8614000000001'
    """
    return f"{UNASSIGNED_PREFIX}{number + 1:05d}"


def household_telephone(number: int) -> str:
    """Return the number of a household's contact or landlord, who are counted from 0."""
    return f"{UNASSIGNED_PREFIX}{_FIRST_HOUSEHOLD + number}"


def desk_telephone(number: int) -> str:
    """Return the number of a partner's desk, which are counted from 0."""
    return f"{UNASSIGNED_PREFIX}{_FIRST_DESK + number}"
