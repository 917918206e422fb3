"""Every noun that lies on the map is in every place where a person looks for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import text

from responder.cli.privacy import WORDS
from responder.demo.demo_data import read_demo
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.map.circle import CircleCounts
from responder.domain.map.hazard import HAZARD_LIFE
from responder.domain.people.permissions import ENDPOINTS
from responder.ports.demo import Demo
from responder.store.database import PostgresDatabase
from responder.store.map.layer_table import LayerTable
from responder.store.map.layers import LAYERS
from tests.api.access.calls import BODIES, Ids
from tests.api.conftest import World
from tests.static.conftest import node  # noqa: F401 - a fixture

LOCALES = Path(__file__).parents[2] / "static" / "locales"
ROWS = (
    'import { LAYERS } from "./js/state/layers.js";'
    "console.log(JSON.stringify(LAYERS.map(({ name, kind, listed, fromFeature, imported }) =>"
    " ({ name, kind, imported, listed: listed !== null, collection: fromFeature !== null }))))"
)
ABOUT_THINGS: Final = frozenset(
    {
        *("circle_id", "id", "kind", "name", "name_en", "geometry", "note", "partner_id", "capabilities"),
        *("use", "storeys", "year", "fire_rating", "households", "entrances", "grade", "state"),
        *(
            "where_to_find",
            "access_code",
            "opening_hours",
            "inspection_days",
            "inspected_on",
            "profile",
            "turnout_s",
            "people",
            "on_duty",
            "hazard_id",
            "owner_id",
            "due_on",
            "step_count",
            "reopened_count",
        ),
        *("wider_than_m", "higher_than_m", "heavier_than_t", "profiles", "starts_at", "ends_at", "lifted_at"),
    }
)
"""Columns that name no person; of any other a layer has to say whether it does."""
MISSING: Final[Mapping[tuple[str, str], str]] = {
    ("closures", "counts"): "set and lifted all day; the page counts those in force",
    ("buildings", "overview"): "a city's are too many for a list",
    ("facilities", "overview"): "a city's are too many for a list",
    ("units", "overview"): "listed by their partners",
}
"""Places that a noun is not in, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All that is asked about a noun."""

    answers: Mapping[str, Any]
    """By the noun's name: what its path gives."""
    kept_within_circle: frozenset[str]
    demo: Demo
    page: Mapping[str, Any]
    """By the noun's name: its row of the page's table."""
    words: tuple[Mapping[str, str], ...]


Check = Callable[[type, LayerTable[Any], Places], bool]


def is_counted(_kind: type, layer: LayerTable[Any], _: Places) -> bool:
    return layer.name in {each.name for each in fields(CircleCounts)}


def is_in_snapshot(_kind: type, layer: LayerTable[Any], places: Places) -> bool:
    """The snapshot has it, or the page loads it by a request of its own: never both."""
    has = layer.name in {each.name for each in fields(CircleSnapshot)}
    return has is not bool(places.page.get(layer.name, {}).get("collection"))


def is_in_legend(_kind: type, layer: LayerTable[Any], places: Places) -> bool:
    return layer.name in places.page


def is_in_overview(_kind: type, layer: LayerTable[Any], places: Places) -> bool:
    return bool(places.page.get(layer.name, {}).get("listed"))


def is_exported_whole(kind: type, layer: LayerTable[Any], places: Places) -> bool:
    """Its path gives all that the demo has, with every field."""
    answer = places.answers[layer.name]
    things = answer["features"] if isinstance(answer, dict) else answer
    # How far a hazard has come is told by its life and the snapshot: the form and files cannot change it.
    others = {"circle_id", "geometry", "lon", "lat", "post", "id", *HAZARD_LIFE} - {"state"}
    names = {each.name for each in fields(kind)} - others
    return len(things) == len(places.demo.layers[kind]) and all(
        names <= {*each, *each.get("properties", {})} for each in things
    )


def has_rights(_kind: type, layer: LayerTable[Any], _: Places) -> bool:
    """Its paths have rows, and the tests of rights know how to ask each."""
    rows = [each for each in ENDPOINTS if f"/{layer.name}" in each]
    asked = [each for each in rows if each.split()[0] in ("POST", "PUT", "PATCH")]
    ids = {part.strip("{}") for each in rows for part in each.split("/") if part.startswith("{")}
    return (
        f"GET /circles/{{circle_id}}/{layer.name}" in rows
        and all(each in BODIES for each in asked)
        and ids <= {each.name for each in fields(Ids)}
    )


def has_words(_kind: type, layer: LayerTable[Any], places: Places) -> bool:
    row = places.page.get(layer.name, {})
    needed = [f"layer.{layer.name}"]
    needed += [f"overview.{layer.name}"] if row.get("listed") else []
    needed += [f"imports.noun_{layer.name}"] if row.get("imported") else []
    return all(words.get(key) for words in places.words for key in needed)


def is_in_demo(kind: type, _: LayerTable[Any], places: Places) -> bool:
    return bool(places.demo.layers.get(kind))


def says_whom_it_names(_kind: type, layer: LayerTable[Any], _: Places) -> bool:
    """Its columns name no person, or are those that export and erasure of a person go through."""
    return {each.name for each in layer.table.columns} - ABOUT_THINGS == set(layer.people)


def erasure_has_a_word(_kind: type, layer: LayerTable[Any], _: Places) -> bool:
    """The command that erases a person says what it changed."""
    return not layer.people or layer.name in WORDS


def is_kept_within_circle(_kind: type, layer: LayerTable[Any], places: Places) -> bool:
    return layer.table.name in places.kept_within_circle


CHECKS: Final[Mapping[str, Check]] = {
    "counts": is_counted,
    "snapshot": is_in_snapshot,
    "legend": is_in_legend,
    "overview": is_in_overview,
    "export": is_exported_whole,
    "rights": has_rights,
    "words": has_words,
    "demo": is_in_demo,
    "personal data": says_whom_it_names,
    "words of erasure": erasure_has_a_word,
    "row-level security": is_kept_within_circle,
}


@pytest.fixture(scope="module")
async def places(world: World, staff: httpx.AsyncClient, node: Callable[..., str]) -> Places:  # noqa: F811 - the same
    answers = {}
    for layer in LAYERS.values():
        answer = await staff.get(f"{world.path}/{layer.name}")
        answers[layer.name] = answer.json() if answer.status_code == 200 else []
    return Places(
        answers=answers,
        kept_within_circle=await _kept_within_circle(world),
        demo=read_demo(),
        page={row["name"]: row for row in json.loads(node("--input-type=module", "-e", ROWS))},
        words=tuple(json.loads(path.read_text()) for path in sorted(LOCALES.glob("*.json"))),
    )


async def _kept_within_circle(world: World) -> frozenset[str]:
    assert isinstance(world.database, PostgresDatabase)
    async with world.database._engine.connect() as connection:  # noqa: SLF001 - the catalogue, which no query of ours reads
        found = await connection.execute(
            text("SELECT tablename FROM pg_policies WHERE policyname = 'of_the_circle'")
        )
        return frozenset(found.scalars())


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("place", CHECKS)
async def test_a_noun_is_in_every_place_but_those_that_it_says(
    places: Places, place: str, kind: type
) -> None:
    layer = LAYERS[kind]
    why_not = MISSING.get((layer.name, place))
    assert CHECKS[place](kind, layer, places) is (why_not is None), why_not or "it is missing there"


def test_the_page_knows_no_noun_that_the_server_does_not(places: Places) -> None:
    assert set(places.page) == {layer.name for layer in LAYERS.values()}


def test_the_demo_has_nothing_that_is_no_layer(places: Places) -> None:
    assert set(places.demo.layers) == set(LAYERS)
