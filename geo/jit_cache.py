"""
Where Numba finds compiled code that was made earlier and cannot be written now, as in a read-only container.

Numba's own locators pass over a folder in which they cannot write, even if all that is needed lies there.
Set `NUMBA_CACHE_LOCATOR_CLASSES=geo.jit_cache.InTreeReadOnlyLocator` where the code is made and
where it runs.
"""

from contextlib import suppress

from numba.core.caching import InTreeCacheLocator


class InTreeReadOnlyLocator(InTreeCacheLocator):
    """The folder `__pycache__` beside the source, whether it can be written or not."""

    def ensure_cache_path(self) -> None:
        """Make the folder if possible; only saving needs it to be writable."""
        with suppress(OSError):
            super().ensure_cache_path()  # type: ignore[no-untyped-call]
