"""Loops that no array operation does at once, compiled by Numba when they are first called."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Compiled(Generic[P, R]):
    """
    A function in machine code, kept on disk for the next start where that can be; it lets other threads run.

    Parameters
    ----------
    function
        What Numba can compile.
    signature
        Its types: for any others it is never compiled, so that calls wait for a compilation only at a start.

    Raises
    ------
    TypeError
        On a call with other types.
    """

    known: ClassVar["list[Compiled[Any, Any]]"] = []
    """All that have been made."""

    def __init__(self, function: Callable[P, R], signature: str) -> None:
        self.known.append(self)
        self._function = function
        self._signature = signature
        self.__doc__ = function.__doc__

    @cached_property
    def _machine_code(self) -> Callable[P, R]:
        # It takes half a second to import, which only those should wait for who need it.
        from numba import njit  # noqa: PLC0415

        made: Callable[P, R]
        try:
            made = njit(self._signature, cache=True, nogil=True)(self._function)
        except (RuntimeError, OSError):
            # Nothing can be written and nothing that fits was shipped: compiled again at each start.
            made = njit(self._signature, nogil=True)(self._function)
        return made

    def prepare(self) -> None:
        """Compile it, or read the kept code, before the first call."""
        _ = self._machine_code

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call it."""
        return self._machine_code(*args, **kwargs)


def compiled(signature: str) -> Callable[[Callable[P, R]], Compiled[P, R]]:
    """Compile a function for one signature, given in Numba's words."""
    return lambda function: Compiled(function, signature)
