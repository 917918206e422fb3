"""Types of single fields, strict: `true` is not a number, and text is text that can be stored."""

import re
from typing import Annotated

from fastapi import Header
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from responder.ports.clock import expressible

UNFIT = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL cannot store, and half a surrogate pair, which UTF-8 cannot carry."""


def _storable(text: str) -> str:
    if UNFIT.search(text):
        message = "text must not have NUL or half a surrogate pair"
        raise ValueError(message)
    return text


def _written_out(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if not isinstance(value, str):
        message = "a time is written as text, such as 2025-01-31T21:40:00+08:00"
        raise ValueError(message)  # noqa: TRY004 - pydantic turns a ValueError, not a TypeError, into a field error
    return value


Word = Annotated[str, StringConstraints(max_length=64), AfterValidator(_storable)]
"""A name of something, up to 64 characters."""
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_storable)]
"""What fits on one line, up to 200 characters."""
ShortNote = Annotated[str, StringConstraints(max_length=500), AfterValidator(_storable)]
"""A sentence or two, up to 500 characters."""
Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_storable)]
"""Some sentences, up to 2,000 characters."""

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, strict=True)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, strict=True)]
Metres = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False, strict=True)]
Tonnes = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False, strict=True)]
LimitS = Annotated[float, Field(gt=0, le=7200, allow_inf_nan=False, strict=True)]
"""A time limit in seconds, up to two hours."""
Flag = Annotated[bool, Field(strict=True)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(expressible)]
"""ISO 8601 with an offset."""


class Body(BaseModel):
    """A request body. Unknown fields are refused: the client meant something by them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_Key = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,128}$")]
IdempotencyKey = Annotated[_Key, Header(alias="Idempotency-Key")]
"""Made by the client for each thing it means to do; sent again it does nothing again."""
OptionalIdempotencyKey = Annotated[_Key | None, Header(alias="Idempotency-Key")]
