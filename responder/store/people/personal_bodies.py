"""Bodies of JSON in which people are named: events, drills."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Table, Text, cast, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId

NAMES: Final = ("ended_by_name", "started_by_name", "by_name")
"""Kept without an id beside them: namesakes in the same circles are erased too."""


async def erase_names(
    connection: AsyncConnection,
    table: Table,
    circles: Collection[CircleId],
    ids: set[str],
    *,
    own_name: str,
    name: str,
) -> int:
    """Put `name` in the place of a person's name in the column `body` of a table; return in how many rows."""
    text = cast(table.c.body, Text)
    mentioned = [text.contains(each) for each in ids]
    mentioned += [text.contains(f'"{key}": "{own_name}"', autoescape=True) for key in NAMES]
    keys = list(table.primary_key)
    found = await connection.execute(
        select(*keys, table.c.body).where(table.c.circle_id.in_(circles), or_(*mentioned))
    )
    changed = 0
    for row in found.all():
        body = without_name(row.body, ids=ids, own_name=own_name, name=name)
        if body != row.body:
            changed += 1
            where = [key == getattr(row, key.name) for key in keys]
            await connection.execute(update(table).where(*where).values(body=body))
    return changed


def without_name(value: Any, *, ids: set[str], own_name: str, name: str) -> Any:  # noqa: ANN401 - JSON is any
    """Return a body without the person's name."""
    if isinstance(value, list):
        return [without_name(each, ids=ids, own_name=own_name, name=name) for each in value]
    if not isinstance(value, dict):
        return value
    body = {key: without_name(each, ids=ids, own_name=own_name, name=name) for key, each in value.items()}
    if body.get("recipient_id") in ids:
        body["recipient_name"] = name
    if "recipient_ids" in body:
        people = zip(body["recipient_ids"], body["recipient_names"], strict=True)
        body["recipient_names"] = [name if each in ids else known for each, known in people]
    if body.get("by") in ids:
        body["by_name"] = name
    if body.get("raised_by") in ids:
        body["raised_by_name"] = name
    for key in NAMES:
        # Beside an id it is the id that says whose name it is.
        if body.get(key) == own_name and not (key == "by_name" and body.get("by")):
            body[key] = name
    return body
