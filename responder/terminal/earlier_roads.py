"""Say at an upgrade which circles go by roads that an earlier version read."""

from collections.abc import Sequence

from responder.store.install_state import circles_on_earlier_roads
from responder.terminal.console import say


def tell_earlier_roads(url: str) -> None:
    """Name the circles whose roads were read by earlier rules; nothing is said when there are none."""
    tell_names(circles_on_earlier_roads(url))


def tell_names(names: Sequence[str]) -> None:
    """Name circles whose roads were read by earlier rules; nothing is said when there are none."""
    if names:
        say(
            f"道路按旧规则读取，请重新导入地图（responder import osm）：{'、'.join(names)}",
            "roads were read by earlier rules; import the map again",
            style="yellow",
        )
