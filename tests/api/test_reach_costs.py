"""What closed roads cost and how people move, over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.conftest import SignIn, World

LANE = {"type": "LineString", "coordinates": [[112.98502, 28.15665], [112.98497, 28.15715]]}


async def finished(world: World, http: httpx.AsyncClient, **params: str) -> dict[str, Any]:
    for _ in range(600):
        status: dict[str, Any] = (await http.get(f"{world.path}/criticality", params=params)).json()
        if status["state"] != "running":
            return status
        await asyncio.sleep(0.1)
    pytest.fail("the computation does not come to an end")


async def test_the_computation_is_begun_followed_and_kept(world: World, staff: httpx.AsyncClient) -> None:
    before = (await staff.get(f"{world.path}/criticality")).json()
    assert (before["state"], before["result"]) == ("not_started", None)

    attempt = await staff.post(f"{world.path}/criticality")

    assert (attempt.status_code, attempt.json()["state"]) == (202, "running")
    done = await finished(world, staff)
    assert (done["state"], done["up_to_date"]) == ("done", True)
    result = done["result"]
    assert result["limits_s"] == [180, 300, 900]
    assert result["households"] == 323
    assert {"road_id", "name", "length_m", "coordinates", "households", "losses"} == set(result["roads"][0])
    again = await staff.post(f"{world.path}/criticality")
    assert (again.status_code, again.json()) == (200, done)


async def test_one_building_has_a_ranking_of_its_own(
    world: World, staff: httpx.AsyncClient, building_id: str
) -> None:
    params = {"building_id": building_id, "pedestrians_pass": "false"}
    assert (await staff.post(f"{world.path}/criticality", params=params)).status_code == 202

    result = (await finished(world, staff, **params))["result"]

    assert (result["building_id"], result["buildings"], result["pedestrians_pass"]) == (building_id, 1, False)
    assert result["roads"]


async def test_a_preview_says_what_it_costs_and_then_the_closure_does(
    world: World, staff: httpx.AsyncClient
) -> None:
    body = {"name": "南支", "geometry": LANE, "wider_than_m": None}
    told = await staff.post(f"{world.path}/closures/preview", json=body)
    assert told.status_code == 200, told.text
    assert told.json()["lost"] > 0
    assert "南支" not in [each["name"] for each in (await staff.get(f"{world.path}/closures")).json()]

    closure = (await staff.post(f"{world.path}/closures", json=body)).json()
    held = await staff.get(f"{world.path}/closures/{closure['id']}/cost")
    await staff.delete(f"{world.path}/closures/{closure['id']}")

    assert held.json() == told.json()


async def test_every_hazard_of_the_circle_can_be_asked_about(world: World, sign_in: SignIn) -> None:
    observer = await sign_in("observer")
    hazards = (await observer.get(f"{world.path}/hazards")).json()["features"]
    assert hazards
    for hazard in hazards:
        cost = await observer.get(f"{world.path}/hazards/{hazard['id']}/cost")
        assert cost.status_code == 200, cost.text
        assert cost.json()["households"] == 323


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x", "geometry": {"type": "Point", "coordinates": [999, 0]}}, "invalid_geometry"),
        ({"name": "x", "geometry": LANE, "wider_than_m": 0}, "invalid_value"),
        ({"name": "x"}, "invalid_request"),
    ],
)
async def test_a_preview_of_what_cannot_be_is_refused(
    world: World, staff: httpx.AsyncClient, body: dict[str, object], code: str
) -> None:
    answer = await staff.post(f"{world.path}/closures/preview", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_profiles_are_shown_changed_and_brought_back(world: World, staff: httpx.AsyncClient) -> None:
    path = f"{world.path}/profiles"
    shipped = (await staff.get(path)).json()
    assert shipped["is_custom"] is False
    table = (await staff.get(path)).json()["table"]
    assert table["sources"][table["profiles"]["fire_engine"]["sources"]["clear_width_m"]]["standing"] == "A"

    table["profiles"]["fire_engine"]["clear_width_m"] = 3.0
    own = await staff.put(path, json={"table": table})

    assert (own.status_code, own.json()["is_custom"]) == (200, True)
    assert (await staff.get(path)).json() == own.json()
    table["profiles"]["fire_engine"]["clear_width_m"] = -3
    refused = await staff.put(path, json={"table": table})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_profile")
    assert refused.json()["field"] == "profiles.fire_engine.clear_width_m"
    assert (await staff.get(path)).json() == own.json()

    late = await staff.put(path, json={"table": None, "expected_version": shipped["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    assert late.json()["by"] == own.json()["set_by_name"]
    assert (await staff.get(path)).json() == own.json()

    back = await staff.put(path, json={"table": None, "expected_version": own.json()["version"]})
    assert back.json() == shipped
