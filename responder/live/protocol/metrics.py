"""Figures of one gateway, in the Prometheus text format."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the histograms' buckets, in seconds."""


class Histogram:
    """How often a duration fell below each bound."""

    def __init__(self) -> None:
        self._counts = [0] * (len(SECONDS) + 1)
        self._sum_s = 0.0

    def observe(self, duration_s: float) -> None:
        self._counts[bisect_left(SECONDS, duration_s)] += 1
        self._sum_s += duration_s

    def lines(self, name: str) -> list[str]:
        lines, total = [], 0
        for bound, count in zip((*map(str, SECONDS), "+Inf"), self._counts, strict=True):
            total += count
            lines.append(f'{name}_bucket{{le="{bound}"}} {total}')
        return [*lines, f"{name}_sum {self._sum_s:.6f}", f"{name}_count {total}"]


class Metrics:
    """Counters, gauges and histograms of one gateway."""

    def __init__(self) -> None:
        self._counters: Counter[tuple[str, str]] = Counter()
        self._gauges: dict[str, Callable[[], float]] = {}
        self.receipt_s = Histogram()
        """From the event of an alert to the receipt in the database."""
        self.loop_lag_s = Histogram()
        """How late the event loop woke a task that slept."""

    def count(self, name: str, label: str = "", *, by: int = 1) -> None:
        """Count something that happened; `label` is the counter's one label, such as `code="4008"`."""
        self._counters[name, label] += by

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        """Show the value that `read` returns when asked."""
        self._gauges[name] = read

    def text(self) -> str:
        lines: list[str] = []
        for name, read in sorted(self._gauges.items()):
            lines += [f"# TYPE {name} gauge", f"{name} {read():g}"]
        last = ""
        for (name, label), value in sorted(self._counters.items()):
            lines += [f"# TYPE {name} counter"] if name != last else []
            lines.append(f"{name}{{{label}}} {value}" if label else f"{name} {value}")
            last = name
        for name, histogram in (
            ("responder_live_receipt_seconds", self.receipt_s),
            ("responder_live_loop_lag_seconds", self.loop_lag_s),
        ):
            lines += [f"# TYPE {name} histogram", *histogram.lines(name)]
        return "\n".join(lines) + "\n"
