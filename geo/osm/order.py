"""OpenStreetMap data in any order, put into the one that readers need: nodes, ways, relations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import osmium
from osmium.osm import mutable

from geo.errors import ChangeFileError
from geo.osm.objects import KINDS, NODE, UNSAVED, WAY, LatLon, RelationMember, Thing, stored_id

_E7: Final = 10_000_000
_LETTERS: Final = {"node": "n", "way": "w", "relation": "r"}


@dataclass(slots=True)
class InOrder:
    """Tells whether a file can be read as it is."""

    as_it_should_be: bool = True
    _last: tuple[int, int] = (0, 0)

    def look_at(self, thing: Thing) -> None:
        """Look at the next thing of the file."""
        place = KINDS.index(thing.kind), thing.id
        if (
            place <= self._last
            or thing.id < 0
            or thing.deleted
            or any(location is not None or ref < 0 for ref, location in thing.refs)
            or any(member.points or member.ref < 0 for member in thing.members)
        ):
            self.as_it_should_be = False
        self._last = place


@dataclass(slots=True)
class Collected:
    """All things of a file, by kind and id."""

    name: str
    things: dict[str, dict[int, Thing]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    _deleted: set[tuple[str, int]] = field(default_factory=set)

    def take(self, thing: Thing) -> None:
        """
        Take the next thing of the file.

        Raises
        ------
        ChangeFileError
            The file holds several versions of it.
        """
        known = self.things[thing.kind].get(thing.id)
        if known is not None and known.version != thing.version and known.version and thing.version:
            message = (
                f"{self.name} holds several versions of {thing.kind} {thing.id}, as a history does:"
                " download the map as it is now"
            )
            raise ChangeFileError(message)
        # The same thing twice, as from two questions in one answer: the one that says more.
        if known is None or _says(thing) > _says(known):
            self.things[thing.kind][thing.id] = thing

    def write(self, path: Path) -> None:
        """Write what is not deleted to a new file, nodes first, each with an id above zero."""
        for of_kind in self.things.values():
            for thing in [thing for thing in of_kind.values() if thing.deleted]:
                del of_kind[thing.id]
        self._locate()
        with osmium.SimpleWriter(path) as writer:
            for thing in _sorted(self.things[NODE]):
                if thing.location is not None:
                    lat, lon = thing.location
                    writer.add_node(
                        mutable.Node(id=stored_id(thing.id), location=(lon, lat), tags=thing.tags)
                    )
            for thing in _sorted(self.things[WAY]):
                nodes = [stored_id(ref) for ref, _ in thing.refs]
                writer.add_way(mutable.Way(id=stored_id(thing.id), nodes=nodes, tags=thing.tags))
            for thing in _sorted(self.things["relation"]):
                members = [
                    (_LETTERS[member.kind], stored_id(member.ref), member.role)
                    for member in thing.members
                    if member.kind in _LETTERS
                ]
                writer.add_relation(
                    mutable.Relation(id=stored_id(thing.id), members=members, tags=thing.tags)
                )

    def _locate(self) -> None:
        """Make nodes and ways of the coordinates that stand inside ways and relations."""
        nodes = self.things[NODE]
        for way in self.things[WAY].values():
            for ref, location in way.refs:
                if location is not None and ref not in nodes:
                    nodes[ref] = Thing(NODE, ref, location=location)
        at = {_e7(node.location): node.id for node in nodes.values() if node.location is not None}
        numbers = count(-UNSAVED, -1)
        for relation in self.things["relation"].values():
            for member in relation.members:
                self._locate_member(member, at, numbers)

    def _locate_member(
        self, member: RelationMember, at: dict[tuple[int, int], int], numbers: Iterator[int]
    ) -> None:
        points = [point for point in member.points if point is not None]
        if len(points) != len(member.points) or not points or member.ref in self.things[member.kind]:
            return
        if member.kind == NODE:
            self.things[NODE][member.ref] = Thing(NODE, member.ref, location=points[0])
        elif member.kind == WAY:
            refs: list[tuple[int, LatLon | None]] = []
            for point in points:
                # Nodes have no ids here; those at one place are one.
                number = at.get(_e7(point))
                if number is None:
                    number = at[_e7(point)] = next(numbers)
                    self.things[NODE][number] = Thing(NODE, number, location=point)
                refs.append((number, None))
            self.things[WAY][member.ref] = Thing(WAY, member.ref, refs=refs)


def _says(thing: Thing) -> tuple[bool, int, bool]:
    return (
        not thing.deleted,
        len(thing.tags) + len(thing.refs) + len(thing.members),
        thing.location is not None,
    )


def _e7(location: LatLon) -> tuple[int, int]:
    return round(location[0] * _E7), round(location[1] * _E7)


def _sorted(things: dict[int, Thing]) -> list[Thing]:
    return sorted(things.values(), key=lambda thing: stored_id(thing.id))
