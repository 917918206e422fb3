"""One form for every line that a process writes about its work: time, level, process, part, what happened."""

import json
import logging
import math
import re
import time
from collections.abc import MutableMapping
from typing import Any

_PLAIN = re.compile(r"[^\s\"=]+")


class _Lines(logging.Formatter):
    """Makes `2026-11-28T09:31:30.042Z INFO live responder.live.gateway: alert_dispatched seq=7`."""

    def __init__(self, process: str) -> None:
        super().__init__(
            f"%(asctime)s.%(msecs)03dZ %(levelname)s {process} %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
        )
        self.converter = time.gmtime

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """Keep client text on one line: a second line could pretend to be ours."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


class OnceAMinute(logging.Filter):
    """Lets a warning that clients cause pass once a minute; the next says how many were kept back."""

    def __init__(self, *, every_s: float = 60.0) -> None:
        super().__init__()
        self._every_s = every_s
        self._told: dict[str, tuple[float, int]] = {}
        """When each was told, and how often it has come since."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is written."""
        if record.levelno > logging.WARNING:
            return True
        now_s = time.monotonic()
        message = str(record.msg)
        told_s, since = self._told.get(message, (-math.inf, 0))
        if now_s - told_s < self._every_s:
            self._told[message] = told_s, since + 1
            return False
        self._told[message] = now_s, 0
        if since:
            record.msg = f"{message} ({since} more like it before)"
        return True


_ONCE_A_MINUTE = OnceAMinute()


def log_as(process: str) -> None:
    """Write what this process and its libraries have to say to standard error, as `process`."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines(process))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("responder").setLevel(logging.INFO)
    # Of a connection that broke the pool writes a traceback; the store says in one line that it is away.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    # Of each request that is no HTTP.
    logging.getLogger("uvicorn.error").addFilter(_ONCE_A_MINUTE)
    logging.captureWarnings(capture=True)


def log_events() -> None:
    """Bring the lines of those who log an event with its figures into the same form."""
    # The supervisor has none of these, and shall not wait for the library.
    import structlog  # noqa: PLC0415 - see above

    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _as_line],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _as_line(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> tuple[tuple[str], dict[str, Any]]:
    what, trace = event.pop("event"), event.pop("exc_info", None)
    line = " ".join([str(what), *(f"{name}={_value(value)}" for name, value in event.items())])
    return (line,), {"exc_info": trace}


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
