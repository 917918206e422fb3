"""Show and change on the command line how people and vehicles move in a circle."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from geo.errors import UnreadableFileError
from responder.cli.alert import circle_named
from responder.domain.people.access import operator
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.reach.profiles import PARTS, ShownProfiles, set_profiles, show_profiles
from responder.settings import Settings
from responder.store.road_cache import StoredRoads
from responder.terminal.console import OUT, say
from responder.terminal.database_url import database_at_hand, with_database

MOST_BYTES = 256 * 1024


def show(settings: Settings, *, circle_name: str) -> None:
    """Print the profiles as a file to edit and pass to `profiles set`."""

    async def work(database: Database) -> ShownProfiles:
        circle = await circle_named(database, circle_name)
        return await show_profiles(database, viewer=operator(circle.id))

    with database_at_hand(settings) as url:
        shown = with_database(url, work)
    ordered = {part: shown.table[part] for part in PARTS}
    text = yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=110)
    OUT.print(f"# {_origin(shown)}\n{text}", markup=False, soft_wrap=True, end="")


def change(settings: Settings, file: Path | None, *, circle_name: str) -> None:
    """Set the circle's profiles from a file, or None for the defaults."""
    table = None if file is None else _read(file)

    async def work(database: Database) -> ShownProfiles:
        circle = await circle_named(database, circle_name)
        return await set_profiles(
            database, StoredRoads(database), viewer=operator(circle.id), table=table, clock=SystemClock()
        )

    with database_at_hand(settings) as url:
        shown = with_database(url, work)
    if shown.is_custom:
        say("已改用本圈自己的通行参数", "the circle now uses its own profiles", style="green")
    else:
        say("已恢复默认通行参数", "the circle uses the default profiles again", style="green")


def _read(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > MOST_BYTES:
            message = f"the file has more than {MOST_BYTES} bytes"
            raise UnreadableFileError(message)
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror}"
        raise UnreadableFileError(message) from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        message = f"the file is not YAML: {error}"
        raise UnreadableFileError(message) from error
    if not isinstance(read, dict):
        message = "the file holds no table of profiles"
        raise UnreadableFileError(message)
    return read


def _origin(shown: ShownProfiles) -> str:
    if not shown.is_custom:
        return "默认值 · default profiles"
    return f"{shown.set_by_name} 于 {shown.set_at:%Y-%m-%d %H:%M %Z} 设定 · the circle's own"
