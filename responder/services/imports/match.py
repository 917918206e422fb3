"""Which rows of a file are things that the circle has already, so that a file may come twice."""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

import shapely

from responder.domain.ids import CircleId
from responder.domain.map.building import Building
from responder.domain.map.facility import Facility
from responder.domain.map.feature_import import WORLDWIDE, Feature, ImportSource, SourceKey
from responder.domain.map.hazard import HAZARD_LIFE, Hazard
from responder.domain.map.unit import Unit
from responder.services.imports.identity import (
    FAR_M,
    NEAR_M,
    NOUN_OF,
    Key,
    Look,
    Plane,
    Trust,
    is_same,
    kind_of,
    look_of,
    made_id,
    own_ids,
)
from responder.services.imports.row import Row
from responder.services.imports.rows import has_state

Thing = TypeVar("Thing", bound=Feature)

MARGIN_DEGREES = 0.003
"""About 300 metres: what a row may have been before it moved."""
MOST_CANDIDATES = 20
"""A key that more things than this have says nothing."""
NEIGHBOUR_M = 10.0
"""A new hydrant closer than this to another is perhaps that one."""
_BY_OTHER_FIELDS = frozenset({"id", "circle_id", "geometry", "lon", "lat", "post"})
_PROPERTIES_OF: dict[str, tuple[str, ...]] = {
    "partner_id": ("partner", "partner_id"),
    # What was done about a hazard here is not undone by a file from before.
    **dict.fromkeys(HAZARD_LIFE, ()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKeys:
    """Keys of the things of one noun, before the file is read."""

    source: ImportSource
    keys: tuple[SourceKey, ...]


@dataclass(slots=True, kw_only=True)
class Matched(Generic[Thing]):
    """What a row's thing is; none where an earlier row is the same one."""

    row: Row
    key: Key | None
    thing: Thing
    look: Look
    at: tuple[float, float]
    """Metres, to measure from."""
    before: Thing | None = None
    is_duplicate: bool = False
    doubt: str | None = None
    is_decided: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.thing != self.before


class Matcher(Generic[Thing]):
    """Finds what a circle has already of what the rows of one file describe."""

    def __init__(
        self, circle_id: CircleId, kind: type[Thing], there: Iterable[Thing], known: KnownKeys, *, lat: float
    ) -> None:
        self._circle_id = circle_id
        self._kind: type[Any] = kind
        self._noun = NOUN_OF[kind]
        self._source = known.source
        self._plane = Plane(lat)
        self._by_id: dict[UUID, Thing] = {each.id: each for each in there}
        self._looks = {id_: look_of(each) for id_, each in self._by_id.items()}
        self._at = {id_: self._plane.at(each) for id_, each in self._by_id.items()}
        self._by_look: dict[Look, deque[Thing]] = defaultdict(deque)
        self._by_name: dict[tuple[str, str], list[Thing]] = defaultdict(list)
        for id_, each in self._by_id.items():
            self._by_look[self._looks[id_]].append(each)
            if each.name:
                self._by_name[kind_of(each), each.name].append(each)
        self._own_keys: dict[UUID, str] = {}
        self._by_key: dict[str, list[tuple[Trust, UUID]]] = defaultdict(list)
        trust = Trust.DECLARED if known.source.is_declared else Trust.SAME_FILE_NAME
        for one in known.keys:
            is_own = one.source == known.source.name
            if is_own:
                self._own_keys[one.thing_id] = one.key
            level = Trust.WORLDWIDE if one.source == WORLDWIDE else trust if is_own else Trust.OTHER_SOURCE
            self._by_key[one.key].append((level, one.thing_id))
        self._trust = trust
        self._claimed: set[UUID] = set()
        self._new_keys: set[Key] = set()
        self._said_before: dict[Key | tuple[Look, str], list[Matched[Thing]]] = defaultdict(list)

    def match(self, read: Sequence[tuple[Row, Key | None, Thing]]) -> list[Matched[Thing]]:
        """Return what each row's thing is: one that is there, a new one, or that of an earlier row."""
        rows = [
            Matched(row=row, key=key, thing=thing, look=look_of(thing), at=self._plane.at(thing))
            for row, key, thing in read
        ]
        # What is certain first, so that no row takes by its looks what is another's by its id.
        for find in (self._by_sure_key, self._by_exact_look, self._by_likely_key, self._by_name_nearby):
            for each in rows:
                if not each.is_decided:
                    self._claim(each, find)
        for each in rows:
            if each.is_decided:
                self._said_before[_said(each)].append(each)
        for each in rows:
            if each.is_decided:
                continue
            each.is_decided = True
            if self._is_said_before(each):
                each.is_duplicate = True
                continue
            each.doubt = self._why_not_known(each)
            each.thing = replace(each.thing, id=cast("Any", self._new_id(each.key)))
            self._claimed.add(each.thing.id)
            self._said_before[_said(each)].append(each)
            if each.key is not None:
                self._new_keys.add(each.key)
        self._doubt_neighbours(rows)
        return rows

    def keys_after(self, rows: Iterable[Matched[Thing]]) -> list[SourceKey]:
        """Return by what the things of the rows are known from now on."""
        return [
            SourceKey(
                source=WORLDWIDE if each.key.is_worldwide else self._source.name,
                key=each.key.text,
                thing_id=each.thing.id,
            )
            for each in rows
            if each.key is not None and not each.is_duplicate and each.key.text != str(each.thing.id)
        ]

    def _claim(self, row: Matched[Thing], find: Callable[[Matched[Thing]], Thing | None]) -> None:
        before = find(row)
        if before is None:
            return
        moved_m = self._metres(before, row)
        row.is_decided = True
        row.before = before
        row.thing = _completed(row.thing, before, row.row)
        # Each noun's ids are of a type of their own, which is only a UUID when it runs.
        row.thing = replace(row.thing, id=cast("Any", before.id))
        is_worldwide = row.key is not None and row.key.is_worldwide
        if moved_m > FAR_M and not isinstance(before, Unit) and not is_worldwide:
            row.doubt = "moved_far"
        elif find == self._by_name_nearby:
            row.doubt = "known_by_name"
        self._claimed.add(before.id)

    def _by_sure_key(self, row: Matched[Thing]) -> Thing | None:
        for trust, before in self._candidates(row):
            exact = self._looks[before.id] == row.look and trust is not Trust.OTHER_SOURCE
            if exact or (trust >= Trust.DECLARED and self._same(row, before, trust)):
                return before
        return None

    def _by_exact_look(self, row: Matched[Thing]) -> Thing | None:
        alike = self._by_look.get(row.look, deque())
        while alike and alike[0].id in self._claimed:
            alike.popleft()
        for before in islice(alike, MOST_CANDIDATES):
            if before.id not in self._claimed and not self._is_of_another_key(row, before):
                return before
        return None

    def _by_likely_key(self, row: Matched[Thing]) -> Thing | None:
        likely = [pair for pair in self._candidates(row) if self._same(row, pair[1], pair[0])]
        if not likely:
            return None
        return min(likely, key=lambda pair: (-pair[0], self._metres(pair[1], row)))[1]

    def _by_name_nearby(self, row: Matched[Thing]) -> Thing | None:
        """Return the only thing of that name nearby, for a row without an id, or with its first one."""
        around = [
            each
            for each in self._by_name.get((row.look.kind, row.look.name), ())
            if self._metres(each, row) <= FAR_M
        ]
        # Two heaps on one landing have the same name and are two.
        if len(around) != 1 or not row.thing.name or self._kind is Hazard:
            return None
        [before] = around
        near = self._metres(before, row) <= NEAR_M
        if before.id in self._claimed or not near or (row.key is not None and before.id in self._own_keys):
            return None
        return before

    def _candidates(self, row: Matched[Thing]) -> Iterator[tuple[Trust, Thing]]:
        if row.key is None:
            return
        known = list(self._by_key.get(row.key.text, ()))[:MOST_CANDIDATES]
        # What older versions took has an id that is made of the key, and no source.
        older = Trust.WORLDWIDE if row.key.is_worldwide else Trust.SAME_FILE_NAME
        known += [(older, id_) for id_ in own_ids(self._circle_id, self._noun, row.key)]
        for trust, id_ in known:
            before = self._by_id.get(id_)
            if before is not None and id_ not in self._claimed:
                yield trust, before

    def _same(self, row: Matched[Thing], before: Thing, trust: Trust) -> bool:
        return is_same(before, row.thing, trust=trust, metres=self._metres(before, row))

    def _metres(self, before: Thing, row: Matched[Thing]) -> float:
        return math.dist(self._at[before.id], row.at)

    def _is_of_another_key(self, row: Matched[Thing], before: Thing) -> bool:
        """Tell whether the source, which may be believed, calls the thing by another key."""
        if not self._source.is_declared or row.key is None:
            return False
        return self._own_keys.get(before.id, row.key.text) != row.key.text

    def _is_said_before(self, row: Matched[Thing]) -> bool:
        said = self._said_before.get(_said(row), [])
        if row.key is None:
            return bool(said)
        trust = Trust.WORLDWIDE if row.key.is_worldwide else self._trust
        return any(
            is_same(each.thing, row.thing, trust=trust, metres=math.dist(each.at, row.at))
            for each in said[:MOST_CANDIDATES]
        )

    def _why_not_known(self, row: Matched[Thing]) -> str | None:
        if row.key is None or row.key.is_worldwide:
            return None
        # That another source counts from 1 too is as it should be.
        known = self._by_key.get(row.key.text, ())
        ids = [id_ for trust, id_ in known if trust is not Trust.OTHER_SOURCE]
        ids += own_ids(self._circle_id, self._noun, row.key)
        is_known = any(id_ in self._by_id for id_ in ids)
        return "id_of_another" if is_known or row.key in self._new_keys else None

    def _new_id(self, key: Key | None) -> UUID:
        if key is not None and key.is_worldwide:
            return made_id(self._circle_id, self._noun, key)
        return uuid4()

    def _doubt_neighbours(self, rows: Sequence[Matched[Thing]]) -> None:
        """Name things that share their place, and new ones that stand beside one of another file."""
        if self._kind not in (Facility, Building):
            return
        places: dict[tuple[str, bytes], int] = defaultdict(int)
        cells: dict[tuple[str, int, int], list[Thing]] = defaultdict(list)
        for thing in self._by_id.values():
            if thing.id not in self._claimed:
                places[self._looks[thing.id].kind, self._looks[thing.id].place] += 1
                cells[self._cell(self._looks[thing.id].kind, self._at[thing.id])].append(thing)
        for each in rows:
            if not each.is_duplicate:
                places[each.look.kind, each.look.place] += 1
        for each in rows:
            if each.is_duplicate or each.doubt is not None or each.before is not None:
                continue
            if places[each.look.kind, each.look.place] > 1:
                each.doubt = "shares_place"
            elif self._has_neighbour(each, cells):
                each.doubt = "near_another"

    def _cell(self, kind: str, at: tuple[float, float]) -> tuple[str, int, int]:
        return (kind, int(at[0] // NEIGHBOUR_M), int(at[1] // NEIGHBOUR_M))

    def _has_neighbour(self, row: Matched[Thing], cells: dict[tuple[str, int, int], list[Thing]]) -> bool:
        kind, column, line = self._cell(row.look.kind, row.at)
        return any(
            self._metres(other, row) <= NEIGHBOUR_M
            for x in (column - 1, column, column + 1)
            for y in (line - 1, line, line + 1)
            for other in cells.get((kind, x, y), ())[:MOST_CANDIDATES]
        )


def _said(row: Matched[Any]) -> Key | tuple[Look, str]:
    """Return under what a row is remembered, so that another that says the same is found."""
    return row.key if row.key is not None else (row.look, row.row.content())


def bounds_of(rows: Sequence[Row]) -> tuple[float, float, float, float] | None:
    """Return what the rows lie in, with a margin; None when none has a place."""
    bounds = shapely.total_bounds([row.geometry for row in rows]).tolist() if rows else [float("nan")]
    if math.isnan(bounds[0]):
        return None
    west, south, east, north = bounds
    return (
        max(-180.0, west - MARGIN_DEGREES),
        max(-90.0, south - MARGIN_DEGREES),
        min(180.0, east + MARGIN_DEGREES),
        min(90.0, north + MARGIN_DEGREES),
    )


def _completed(thing: Thing, before: Thing, row: Row) -> Thing:
    """Return the thing with what the row does not speak of as it was."""
    kept = {
        field.name: getattr(before, field.name)
        for field in fields(before)
        if field.name not in _BY_OTHER_FIELDS and not _is_said(field.name, thing, row)
    }
    return replace(thing, **kept)


def _is_said(field: str, thing: Feature, row: Row) -> bool:
    if field == "state" and isinstance(thing, Facility):
        return row.has("out_of_service") or has_state(row)
    return any(row.has(name) for name in _PROPERTIES_OF.get(field, (field,)))
