"""Load libraries with garbage collection switched off."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """
    Load in this block what the process will keep for as long as it lives.

    Nothing of it is garbage, yet Python would look through all of it again and again: a tenth of the time
    that loading takes, and a pause of tens of milliseconds now and then ever after.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def freeze_gc() -> None:
    """Collect, then `gc.freeze()`; a full collection would delay an alert by 10 ms."""
    gc.collect()
    gc.freeze()
