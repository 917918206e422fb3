"""Two circles that differ in nothing but a mark, in one installation, and all accounts of both signed in."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from responder.app import build_api
from responder.domain.people.access import Role
from responder.ports.clock import SystemClock
from responder.services.circles.create import list_circles
from responder.settings import Settings
from responder.store.database import PostgresDatabase, connect
from responder.store.road_cache import StoredRoads
from tests.api.access.calls import DRILL, INCIDENT, INSPECTION, OBSERVATION, PICTURE, ROLL_CALL_MARK, Ids
from tests.api.access.twin import MARK, digests, make_twin
from tests.api.conftest import ORIGIN, new_key
from tests.databases import DEMO_PASSWORD
from tests.exchange.messages import cap_text

USERNAMES = {
    Role.COORDINATOR: "community",
    Role.DISPATCHER: "hospital",
    Role.RESPONDER: "hospital.wen",
    Role.PLANNER: "planner",
    Role.OBSERVER: "observer",
}
ADMINISTRATOR = "platform"


@dataclass(kw_only=True)
class Towns:
    """An installation with two circles alike, ours and the marked one."""

    api: FastAPI
    database: PostgresDatabase
    admin_dsn: str
    circle_id: UUID
    twin_id: UUID
    ids: Ids
    twins_own: frozenset[str]
    """What is only the twin's: the mark, and the ids of its circle, people, sessions and invitation."""
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def anonymous(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.api, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN)

    async def client(self, username: str, *, after: httpx.Response | None = None) -> httpx.AsyncClient:
        """Give a client that is signed in, also after what it did ended its session."""
        http = self.clients.get(username)
        if http is None:
            http = self.clients[username] = self.anonymous()
        elif after is None or not ends_the_session(after):
            return http
        http.headers.pop("Authorization", None)
        body = {"username": username, "password": DEMO_PASSWORD, "device": True}
        answer = await http.post("/api/session", json=body)
        assert answer.status_code == 200, answer.text
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return http

    async def ours(self, role: Role, *, after: httpx.Response | None = None) -> httpx.AsyncClient:
        return await self.client(USERNAMES[role], after=after)

    async def twins(self, role: Role) -> httpx.AsyncClient:
        return await self.client(f"twin.{USERNAMES[role]}")

    def rows_of(self, circle_id: UUID) -> dict[str, str]:
        """Return what the circle's rows come to, asked as the server's administrator."""
        with psycopg.connect(self.admin_dsn) as connection:
            return digests(connection, circle_id)

    def leaks(self, answer: httpx.Response) -> set[str]:
        """Return what an answer has of the twin's own."""
        text = str(answer.headers) + answer.content.decode("utf-8", "replace")
        return {own for own in self.twins_own if own in text}


def ends_the_session(answer: httpx.Response) -> bool:
    return (answer.request.method, answer.request.url.path) == ("DELETE", "/api/session")


@pytest.fixture(scope="module")
async def towns(demo_database_url: str) -> AsyncIterator[Towns]:
    """Two circles alike."""
    database = connect(demo_database_url)
    [ours] = await list_circles(database)
    api = build_api(Settings(), database=database, roads=StoredRoads(database), clock=SystemClock())
    towns = Towns(
        api=api,
        database=database,
        admin_dsn=demo_database_url.replace("postgresql+psycopg://responder@", "postgresql://postgres@"),
        circle_id=ours.id,
        twin_id=uuid4(),
        ids=Ids(**dict.fromkeys(Ids.__dataclass_fields__.keys() - {"noun", "token", "answer"}, uuid4())),
        twins_own=frozenset(),
    )
    await _fill(towns)
    yield towns
    for http in towns.clients.values():
        await http.aclose()
    await api.state.context.jobs.idle()
    await database.dispose()


HYDRANT = {
    "type": "Feature",
    "id": 1,
    "properties": {"kind": "hydrant"},
    "geometry": {"type": "Point", "coordinates": [112.98, 28.15]},
}


async def _say_something(staff: httpx.AsyncClient, of_drill: str) -> UUID:
    """Have a participant say something of the drill, and return its id."""
    feedback_id = uuid4()
    asked = await staff.post(f"{of_drill}/feedback-link")
    said = await staff.post(
        f"/{asked.json()['link']['path']}",
        content=f"id={feedback_id}&task=5&text=x",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN},
    )
    assert said.status_code == 200, said.text
    # A token is one of the whole installation.
    assert (await staff.delete(f"{of_drill}/feedback-link")).status_code == 200
    return feedback_id


async def _raise_with_roll_call(staff: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """Raise an alert, begin its roll-call, and say of one door that its people are out."""
    raised = await staff.post(f"{path}/incidents", json={**INCIDENT, "exercise": False}, headers=new_key())
    assert raised.status_code == 201, raised.text
    detail: dict[str, Any] = raised.json()
    incident_id = detail["incident"]["id"]
    buildings = (await staff.get(f"{path}/buildings")).json()
    building_id = buildings["features"][0]["id"]
    doors = {"building_id": building_id, "grid": {"storeys": 2, "doors": 2}}
    begun = await staff.put(f"{path}/incidents/{incident_id}/roll-call", json={"buildings": [doors]})
    assert begun.status_code == 200, begun.text
    mark = {**ROLL_CALL_MARK, "id": str(uuid4()), "building_id": building_id}
    marked = await staff.put(f"{path}/incidents/{incident_id}/roll-call/marks", json={"marks": [mark]})
    assert len(marked.json()["taken"]) == 1, marked.text
    return detail


async def _picture_a_hazard(staff: httpx.AsyncClient, path: str, photo_id: UUID) -> str:
    """Let a hazard have a picture, and the circle rules of its own; return the hazard's id."""
    hazard_id: str = (await staff.get(f"{path}/hazards")).json()["features"][0]["id"]
    pictured = await staff.put(
        f"{path}/hazards/{hazard_id}/photos/{photo_id}",
        content=PICTURE,
        headers={"Content-Type": "image/png"},
    )
    assert pictured.status_code == 204, pictured.text
    ruled = await staff.put(f"{path}/hazard-rules", json={"general_days": 15, "major_days": 3})
    assert ruled.status_code == 200, ruled.text
    return hazard_id


def _household(connection: psycopg.Connection, circle_id: UUID) -> tuple[UUID, UUID]:
    """Return a household of whose people something is known, and its building."""
    [found] = connection.execute(
        "SELECT id, building_id FROM household WHERE circle_id = %s AND contact_name <> '' LIMIT 1",
        (circle_id,),
    ).fetchall()
    return found[0], found[1]


async def _add_photo(staff: httpx.AsyncClient, path: str) -> None:
    added = await staff.put(path, content=PICTURE, headers={"Content-Type": "image/png"})
    assert added.status_code == 200, added.text


async def _report_something(staff: httpx.AsyncClient, path: str) -> UUID:
    """Have a resident report something, and return its id."""
    opened = await staff.post(f"{path}/report-link", json={"renew": False})
    sent = await staff.post(
        f"/{opened.json()['link']['path']}",
        data={"id": str(uuid4()), "kind": "clutter", "lon": "112.985", "lat": "28.158", "text": "x"},
        files={"photo": ("x.png", PICTURE, "image/png")},
        headers={"Origin": ORIGIN},
    )
    assert sent.status_code == 200, sent.text
    # A token is one of the whole installation.
    assert (await staff.delete(f"{path}/report-link")).status_code == 200
    [found] = (await staff.get(f"{path}/reports")).json()["reports"]
    return UUID(found["report"]["id"])


async def _inspect(staff: httpx.AsyncClient, path: str) -> tuple[str, UUID]:
    """Inspect a facility and photograph it; return its id and the inspection's."""
    [facility, *_] = (await staff.get(f"{path}/facilities")).json()["features"]
    inspection_id = uuid4()
    said = await staff.put(f"{path}/facilities/{facility['id']}/inspections/{inspection_id}", json=INSPECTION)
    assert said.status_code == 200, said.text
    pictured = await staff.put(
        f"{path}/inspections/{inspection_id}/photo", content=PICTURE, headers={"Content-Type": "image/png"}
    )
    assert pictured.status_code == 204, pictured.text
    return facility["id"], inspection_id


def _ids_of_pact(towns: Towns) -> dict[str, UUID]:
    """Return an id of each of what the demo circle has of its pact."""
    tables = {"pact": "pact", "record": "duty_record", "shift": "roster_shift", "pattern": "roster_pattern"}
    query = sql.SQL("SELECT id FROM {} WHERE circle_id = %s ORDER BY id LIMIT 1")
    found = {}
    with psycopg.connect(towns.admin_dsn) as connection:
        for name, table in tables.items():
            own = connection.execute(query.format(sql.Identifier(table)), (towns.circle_id,))
            [found[f"{name}_id"]] = own.fetchall()[0]
    return found


async def _fill(towns: Towns) -> None:
    """Raise an alert and close a lane, copy it all, and let the twin have something of its own."""
    staff = await towns.ours(Role.COORDINATOR)
    path = f"/api/circles/{towns.circle_id}"
    service = await staff.post(
        f"{path}/channels", json={"channel": "ntfy", "name": "push", "settings": {"token": "hush"}}
    )
    assert service.status_code == 201, service.text
    body = {"service_id": service.json()["id"], "address": "a-topic"}
    contact = await staff.post(f"{path}/my-channels", json=body)
    assert contact.status_code == 201, contact.text
    with psycopg.connect(towns.admin_dsn) as connection:
        connection.execute("UPDATE contact SET verified_at = now()")
    detail = await _raise_with_roll_call(staff, path)
    file = {"type": "FeatureCollection", "features": [HYDRANT]}
    taken = await staff.post(
        f"{path}/facilities/import",
        files={"file": ("hydrants.geojson", json.dumps(file))},
        data={"mapping": json.dumps({"identity": "id"})},
    )
    assert taken.status_code == 201, taken.text
    proposed = await staff.post(f"{path}/proposals", content=cap_text(identifier="for-the-twin").encode())
    assert proposed.status_code == 201, proposed.text
    drill = await staff.post(f"{path}/drills", json=DRILL)
    assert drill.status_code == 201, drill.text
    of_drill = f"{path}/drills/{drill.json()['id']}"
    photo_id = uuid4()
    kept = await staff.put(
        f"{of_drill}/photos/{photo_id}", content=PICTURE, headers={"Content-Type": "image/png"}
    )
    assert kept.status_code == 204, kept.text
    started = await staff.post(f"{of_drill}/start", json={"beside_real": True, "beside_drill": True})
    assert started.status_code == 200, started.text
    found = await staff.post(f"{path}/findings", json={"text": "x", "drill_id": drill.json()["id"]})
    assert found.status_code == 201, found.text
    observation_id = uuid4()
    seen = await staff.put(f"{of_drill}/observations/{observation_id}", json=OBSERVATION)
    assert seen.status_code == 200, seen.text
    await _add_photo(staff, f"{of_drill}/observations/{observation_id}/photo")
    feedback_id = await _say_something(staff, of_drill)
    hazard_id = await _picture_a_hazard(staff, path, photo_id)
    report_id = await _report_something(staff, path)
    inspected = await _inspect(staff, path)
    with psycopg.connect(towns.admin_dsn) as connection:
        towns.twin_id = make_twin(connection, towns.circle_id)
        connection.execute(
            "INSERT INTO account (id, username, name, admin, password_hash)"
            " SELECT %s, %s, 'p', true, password_hash FROM account WHERE username = %s",
            (uuid4(), ADMINISTRATOR, USERNAMES[Role.COORDINATOR]),
        )
        connection.commit()
        theirs = await towns.twins(Role.COORDINATOR)
        made = await theirs.post(
            f"/api/circles/{towns.twin_id}/invitations", json={"role": "observer", "note": MARK}
        )
        assert made.status_code == 201, made.text
        accounts = connection.execute(
            "SELECT account_id FROM membership WHERE circle_id = %s", (towns.twin_id,)
        ).fetchall()
        sessions = connection.execute(
            "SELECT id FROM session WHERE account_id IN"
            " (SELECT account_id FROM membership WHERE circle_id = %s)",
            (towns.twin_id,),
        ).fetchall()
        [unit] = connection.execute(
            "SELECT unit_id FROM responder JOIN account ON account.id = account_id"
            " WHERE circle_id = %s AND username = %s LIMIT 1",
            (towns.circle_id, USERNAMES[Role.RESPONDER]),
        ).fetchall()
        [closure] = connection.execute(
            "SELECT id FROM closure WHERE circle_id = %s LIMIT 1", (towns.circle_id,)
        ).fetchall()
        household_id, building_id = _household(connection, towns.circle_id)
    towns.ids = Ids(
        circle_id=towns.circle_id,
        incident_id=detail["incident"]["id"],
        alert_id=detail["alerts"][0]["id"],
        unit_id=unit[0],
        closure_id=closure[0],
        hazard_id=hazard_id,
        feature_id=hazard_id,
        account_id=accounts[0][0],
        session_id=sessions[0][0],
        invitation_id=made.json()["id"],
        import_id=taken.json()["import_id"],
        service_id=service.json()["id"],
        contact_id=contact.json()["contacts"][0]["id"],
        proposal_id=proposed.json()["messages"][0]["proposal"]["id"],
        drill_id=drill.json()["id"],
        observation_id=observation_id,
        photo_id=photo_id,
        feedback_id=feedback_id,
        household_id=household_id,
        building_id=building_id,
        finding_id=found.json()["id"],
        step_id=uuid4(),
        report_id=report_id,
        facility_id=inspected[0],
        inspection_id=inspected[1],
        **_ids_of_pact(towns),
    )
    own = [towns.twin_id, made.json()["id"], made.json()["token"], *(one for (one,) in accounts + sessions)]
    towns.twins_own = frozenset({MARK, "twin.", *map(str, own)})
