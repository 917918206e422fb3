"""A day as text in bodies and addresses."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field


def _day(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if not isinstance(value, str) or len(value) != len("2025-01-31"):
        message = "a day is written as text, such as 2025-01-31"
        raise ValueError(message)
    return value


Day = Annotated[date, BeforeValidator(_day)]
NearDay = Annotated[date, BeforeValidator(_day), Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
"""A day that can be counted from in both directions."""
