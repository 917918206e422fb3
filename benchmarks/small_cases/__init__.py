"""
Small inputs that once failed, run through the product and compared with the right value.

A case is a function that takes a `Town` and raises `WrongError` when what came of the input is wrong.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from benchmarks.small_cases.town import Town

Run = Callable[[Town], Awaitable[None]]


class WrongError(Exception):
    """What came of a case is not the right value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the list."""

    name: str
    run: Run | None
    why_not: str = ""
    """Why it cannot be run here, when it cannot."""


def must_be(what: str, found: object, right: object) -> None:
    """Raise `WrongError` unless what was found is right."""
    if found != right:
        message = f"{what}: {found!r}, right is {right!r}"
        raise WrongError(message)


def must_be_close(what: str, found: float, right: float, *, within: float) -> None:
    """Raise `WrongError` unless a number is as close to the right one as it must be."""
    if not abs(found - right) <= within:
        message = f"{what}: {found:.6f}, right is {right:g} within {within:g}"
        raise WrongError(message)


def must_have(what: str, found: Mapping[str, object], **right: object) -> None:
    """Raise `WrongError` unless the members are right."""
    must_be(what, {name: found.get(name) for name in right}, right)
