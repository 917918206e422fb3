"""What PostgreSQL says when it answers and yet cannot work: a full disk, no memory, no place, no writing."""

import re
from typing import Final

import psycopg
from sqlalchemy.engine import ExceptionContext

from responder.ports.database import Impairment

_IMPAIRMENTS: Final = {
    "53000": Impairment.DISK,
    "53100": Impairment.DISK,
    # Reading or writing a file failed: the disk is gone, or the system has made it read-only.
    "58030": Impairment.DISK,
    "53200": Impairment.MEMORY,
    "53300": Impairment.CONNECTIONS,
    "53400": Impairment.CONNECTIONS,
    "25006": Impairment.READ_ONLY,
}
_DATA_EXCEPTION: Final = "22"
"""The class of errors about values, which are quoted in them."""
_TOO_MANY = (
    "too many clients already",
    "remaining connection slots are reserved",
    "too many connections for",
)
"""Said while a connection is made, where the driver hands on no number of the error."""


def impairment_of(error: BaseException | None) -> Impairment | None:
    """Tell which kind of impairment an error of the driver is, if it is any."""
    if not isinstance(error, psycopg.Error):
        return None
    if error.sqlstate is None and any(words in str(error) for words in _TOO_MANY):
        return Impairment.CONNECTIONS
    return _IMPAIRMENTS.get(error.sqlstate or "")


def first_line(error: BaseException) -> str:
    """Return what went wrong, without the lines in which PostgreSQL repeats what was to be written."""
    return next((line for line in str(error).strip().splitlines() if line), repr(error))


def without_values(context: ExceptionContext) -> None:
    """
    Remove rows and values from an error's message, before it can be logged.

    The lines after the first (`DETAIL: Failing row contains (…)`, `CONTEXT: COPY …`) hold names and notes.
    What the program asks for, such as the name of a constraint, stands in the first and in `diag`.
    """
    error = context.original_exception
    if not isinstance(error, psycopg.Error):
        return
    whole, first = str(error), first_line(error)
    if (error.sqlstate or "").startswith(_DATA_EXCEPTION):
        # invalid input syntax for type integer: "…": what is quoted is the value, elsewhere it is a name.
        first = re.sub(r'".*"', '"…"', first)
    error.args = (first,)
    wrapped = context.sqlalchemy_exception
    if wrapped is not None:
        wrapped.args = tuple(
            each.replace(whole, first) if isinstance(each, str) else each for each in wrapped.args
        )
