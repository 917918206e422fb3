"""A statement is compiled once for all databases of this process; most tests open one of their own."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

KEPT = 2000


class Compiled(LRUCache[Any, Any]):
    """Compiled statements, by kind of dialect where SQLAlchemy looks them up by one engine's own."""

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401 - SQLAlchemy's
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        super().__setitem__((type(key[0]), *key[1:]), value)


def keep_compiled() -> None:
    """Keep them, as the one engine of a process that serves keeps its own: it is a fifth of a test's time."""
    compiled = Compiled(KEPT)

    def look_there(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", look_there)
