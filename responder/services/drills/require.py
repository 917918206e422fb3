"""What the checks of plans share."""

from typing import Final

from responder.domain.errors import InvalidValueError

LATEST_S: Final = 43_200.0
"""Twelve hours: no inject and no objective comes later."""


def require(holds: bool, message: str, field: str) -> None:  # noqa: FBT001 - read as an assertion
    """
    Refuse a value that does not hold.

    Raises
    ------
    InvalidValueError
        With the field.
    """
    if not holds:
        raise InvalidValueError(message, field=field)
