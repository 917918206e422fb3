"""Pictures of injects over the interface: added to a plan, seen by those they are for, else refused."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import SignIn, World
from tests.api.test_drills import planned
from tests.exchange.pictures import picture

JPEG = picture("JPEG")
LARGE = JPEG + bytes(1_048_577 - len(JPEG))
"""A byte more than is taken."""


@pytest.fixture
async def drill(world: World, staff: httpx.AsyncClient) -> dict[str, Any]:
    return await planned(staff, world)


def path_of(world: World, drill: dict[str, Any]) -> str:
    return f"{world.path}/drills/{drill['id']}"


async def put(
    http: httpx.AsyncClient, path: str, content: bytes = JPEG, kind: str = "image/jpeg"
) -> httpx.Response:
    return await http.put(path, content=content, headers={"Content-Type": kind})


async def named(world: World, staff: httpx.AsyncClient, path: str, photo_id: str) -> httpx.Response:
    """Let the last inject of a plan, a message, be for the hospital alone and name a picture."""
    partners = (await staff.get(f"{world.path}/snapshot")).json()["partners"]
    plan = (await staff.get(path)).json()["plan"]
    plan["injects"][-1] |= {
        "photo_id": photo_id,
        "partner_ids": [each["id"] for each in partners if each["kind"] == "hospital"],
    }
    return await staff.put(path, json={"plan": plan})


async def test_a_picture_comes_with_the_plan_and_then_with_the_update(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn, drill: dict[str, Any]
) -> None:
    path, photo_id = path_of(world, drill), str(uuid4())
    assert (await put(staff, f"{path}/photos/{photo_id}")).status_code == 204
    saved = await named(world, staff, path, photo_id)
    assert saved.json()["plan"]["injects"][-1]["photo_id"] == photo_id
    shown = await staff.get(f"{path}/photos/{photo_id}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "private"
    wen, tang = [await sign_in(name) for name in ("hospital.wen", "police.tang")]
    for http in (wen, tang):
        refused = await http.get(f"{path}/photos/{photo_id}")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")

    started = await staff.post(f"{path}/start", json={"beside_real": True, "beside_drill": True})
    given = await staff.post(f"{path}/injects/{drill['plan']['injects'][-1]['number']}/give")

    assert (started.status_code, given.status_code) == (200, 200), given.text
    detail = (await staff.get(f"{world.path}/incidents/{started.json()['incident_id']}")).json()
    assert [each["photo_id"] for each in detail["alerts"]] == [None, photo_id]
    call, update = (each["id"] for each in detail["alerts"])
    for http in (staff, wen):
        told = await http.get(f"{world.path}/alerts/{update}/photo")
        assert (told.status_code, told.content) == (200, shown.content)
    for http, alert_id in ((tang, update), (staff, call), (staff, uuid4())):
        missing = await http.get(f"{world.path}/alerts/{alert_id}/photo")
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"GIF89a", "image/gif", 422, "invalid_value"),
        (JPEG, "image/png", 422, "invalid_value"),
        (b"<svg/>", "image/svg+xml", 422, "invalid_value"),
        (b"", "image/jpeg", 422, "invalid_value"),
        (JPEG[:200], "image/jpeg", 422, "invalid_value"),
        (LARGE, "image/jpeg", 413, "body_too_large"),
    ],
)
async def test_what_is_no_picture_is_refused(  # noqa: PLR0917 - a table
    world: World,
    staff: httpx.AsyncClient,
    drill: dict[str, Any],
    content: bytes,
    kind: str,
    status: int,
    code: str,
) -> None:
    path = f"{path_of(world, drill)}/photos/{uuid4()}"

    answer = await put(staff, path, content, kind)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await staff.get(path)).status_code == 404


async def test_a_picture_is_added_to_a_plan_that_there_is_and_not_after_its_start(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any]
) -> None:
    path, unknown = path_of(world, drill), f"{world.path}/drills/{uuid4()}"
    for method in ("GET", "PUT"):
        nowhere = await staff.request(
            method, f"{unknown}/photos/{uuid4()}", content=JPEG, headers={"Content-Type": "image/jpeg"}
        )
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    strange = await named(world, staff, path, str(uuid4()))
    assert (strange.status_code, strange.json()["field"]) == (422, "injects.3.photo_id")

    await staff.post(f"{path}/start", json={"beside_real": True, "beside_drill": True})

    late = await put(staff, f"{path}/photos/{uuid4()}")
    assert (late.status_code, late.json()["code"]) == (409, "drill_not_planned")
