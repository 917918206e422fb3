"""An installation of its own for each case: the demo circle, and T1, a circle with streets in a grid."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from geo.lonlat import LonLat
from geo.osm.features import read_features_osm
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel
from geo.reach.results import Origin, Reached
from responder.app import build_api
from responder.demo.demo_circle import demo_accounts
from responder.demo.demo_data import read_demo
from responder.domain.people.access import Role
from responder.embedded import Cluster
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.circles.create import list_circles
from responder.services.imports.load_demo import load_demo
from responder.services.imports.osm import import_osm
from responder.services.security_context import as_system
from responder.settings import Settings
from responder.store.database import connect
from responder.store.migrate import upgrade
from responder.store.road_cache import StoredRoads
from tests.circles import make_bare_circle

PASSWORD = "of a throwaway database 15"  # noqa: S105 - of a database that is thrown away
ORIGIN = "http://127.0.0.1:8000"
CENTRE = (112.984, 28.154)
TEMPLATE = "template_cases"
STEPS = 9
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """What a case works on."""

    files: Path
    """Where the inputs lie."""
    folder: Path
    """For files of the case's own."""
    http: httpx.AsyncClient
    """Signed in as a coordinator of both circles."""
    database: Database
    t1: str
    """Path of the circle with a grid of streets."""
    demo: str

    async def post_file(
        self, noun: str, name: str, content: bytes | None = None, *, circle: str | None = None, **answers: str
    ) -> httpx.Response:
        """Send a file to be taken into T1, or another circle."""
        sent = (self.files / name).read_bytes() if content is None else content
        return await self.http.post(
            f"{circle or self.t1}/{noun}/import", files={"file": (name, sent)}, params=answers
        )

    async def take(self, noun: str, name: str, **answers: str) -> dict[str, Any]:
        """Send a file and return what came of it; an error is returned too, with its `code`."""
        answer = await self.post_file(noun, name, **answers)
        return dict(answer.json())

    async def things(self, noun: str, *, circle: str | None = None) -> list[dict[str, Any]]:
        """Return what the circle has, as features."""
        answer = await self.http.get(f"{circle or self.t1}/{noun}")
        return list(answer.json()["features"])

    async def take_osm(self, path: Path, *, circle_name: str) -> tuple[str, Any, Any]:
        """Take an OpenStreetMap file into a new circle; returns its path, the roads and what came of it."""
        roads = await asyncio.to_thread(read_roads, path)
        features = await asyncio.to_thread(read_features_osm, path)
        taken = await import_osm(self.database, circle_name=circle_name, roads=roads, features=features)
        await _join(self.database, taken.circle.id)
        return f"/api/circles/{taken.circle.id}", roads, taken.features


def reached_by(path: Path, profile: str, start: tuple[float, float], end: tuple[float, float]) -> Reached:
    """Return how a profile comes from one place to another on the roads of a file, turnout 0."""
    model = ReachModel(read_roads(path).network)
    origin = Origin(id="unit", place=LonLat(*start), profile=profile, turnout_s=0)
    [reached] = model.reach([LonLat(*end)], [origin], limit_s=3600).reached
    return reached


def prepare(cluster: Cluster) -> None:
    """Make the database that every case gets a copy of."""
    url = cluster.create_database(TEMPLATE)
    upgrade(url)
    asyncio.run(_fill(url))


async def _fill(url: str) -> None:
    database = connect(url)
    await load_demo(database, read_demo, password_for=lambda _: PASSWORD, clock=SystemClock())
    circle = await make_bare_circle(database, name="T1", name_en="T1", centre=CENTRE)
    with tempfile.TemporaryDirectory(prefix="cases-") as folder:
        streets = Path(folder) / "grid.osm"
        streets.write_text(grid(), encoding="utf-8")
        await import_osm(
            database, circle_name="T1", roads=read_roads(streets), features=read_features_osm(streets)
        )
    await _join(database, circle.id)
    await database.dispose()


async def _join(database: Database, circle_id: Any) -> None:  # noqa: ANN401 - an id of a circle
    with as_system():
        async with database.begin() as transaction:
            stored = await transaction.accounts.find(demo_accounts().staff)
            if stored is None:
                message = "the demo has no account of its staff"
                raise LookupError(message)
            await transaction.memberships.add(
                circle_id, stored.account.id, role=Role.COORDINATOR, partner_id=None
            )


def grid() -> str:
    """Write streets at 112.980 to 112.988 E and 28.150 to 28.158 N as an OpenStreetMap file."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for row in range(STEPS):
        for column in range(STEPS):
            lat, lon = 28.150 + row / 1000, 112.980 + column / 1000
            lines.append(
                f'<node id="{row * STEPS + column + 1}" version="1" lat="{lat:.3f}" lon="{lon:.3f}"/>'
            )
    along = [[row * STEPS + column + 1 for column in range(STEPS)] for row in range(STEPS)]
    for number, nodes in enumerate([*along, *map(list, zip(*along, strict=True))], 1):
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        tags = '<tag k="highway" v="residential"/><tag k="width" v="6"/>'
        lines.append(f'<way id="{number}" version="1">{refs}{tags}</way>')
    return "\n".join([*lines, "</osm>"])


@asynccontextmanager
async def town(cluster: Cluster, files: Path) -> AsyncIterator[Town]:
    """Give a fresh installation, which is gone afterwards."""
    name = f"case_{next(_numbers)}"
    database = connect(cluster.create_database(name, template=TEMPLATE))
    api = build_api(Settings(), database=database, roads=StoredRoads(database), clock=SystemClock())
    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, timeout=60) as http:
            body = {"username": demo_accounts().staff, "password": PASSWORD, "device": True}
            answer = await http.post("/api/session", json=body)
            answer.raise_for_status()
            http.cookies.clear()
            http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            circles = await list_circles(database)
            [t1] = [each.id for each in circles if each.name == "T1"]
            [demo] = [each.id for each in circles if each.name != "T1"]
            with tempfile.TemporaryDirectory(prefix="cases-") as folder:
                yield Town(
                    files=files,
                    folder=Path(folder),
                    http=http,
                    database=database,
                    t1=f"/api/circles/{t1}",
                    demo=f"/api/circles/{demo}",
                )
        await api.state.context.jobs.idle()
    finally:
        await database.dispose()
        cluster.drop_database(name)
