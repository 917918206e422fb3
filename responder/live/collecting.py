"""When the garbage collector looks at what a gateway holds."""

import gc

_THRESHOLDS = (50_000, 20, 100)


def collect_seldom() -> None:
    """
    Let the collector look seldom at what lives long.

    With ten thousand sockets a full collection stands still for longer than an alert may take.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
