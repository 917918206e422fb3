"""The life of hazards over the interface: steps, pictures of all sorts, the lane, and who may."""

import io
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from tests.api.conftest import SignIn, World
from tests.exchange.pictures import picture, size_of

LANE = {"type": "LineString", "coordinates": [[112.9854918, 28.1595247], [112.9855941, 28.1597798]]}
JPEG = picture("JPEG", (1600, 1200), exif=True)
LARGE = JPEG + bytes(1_048_577 - len(JPEG))
SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture
async def path(world: World, staff: httpx.AsyncClient) -> str:
    body = {"geometry": LANE, "properties": {"kind": "blocked_lane", "name": "三轮车占道"}}
    added = await staff.post(f"{world.path}/hazards/features", json=body)
    assert added.status_code == 201, added.text
    return f"{world.path}/hazards/{added.json()['feature']['id']}"


async def put(
    http: httpx.AsyncClient, path: str, content: bytes = JPEG, kind: str = "image/jpeg"
) -> httpx.Response:
    return await http.put(f"{path}/photos/{uuid4()}", content=content, headers={"Content-Type": kind})


async def step(http: httpx.AsyncClient, path: str, kind: str, **said: Any) -> httpx.Response:  # noqa: ANN401 - any field
    return await http.put(f"{path}/steps/{uuid4()}", json={"kind": kind, **said})


async def partner_of(http: httpx.AsyncClient, world: World, kind: str) -> str:
    partners = (await http.get(f"{world.path}/snapshot")).json()["partners"]
    [found] = [each["id"] for each in partners if each["kind"] == kind]
    return str(found)


async def test_a_hazard_is_mended_with_a_photo_and_its_lane_opened(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn, path: str
) -> None:
    police = await sign_in("police")
    assert (await staff.put(f"{path}/lane", json={"clear_width_m": 1.5})).status_code == 204
    owner_id = await partner_of(staff, world, "police")
    assigned = await step(staff, path, "assign", owner_id=owner_id)
    assert assigned.status_code == 200, assigned.text
    assert assigned.json()["hazard"]["due_on"] == assigned.json()["usual_due_on"]
    assert (await step(police, path, "start")).json()["possible"] == ["mend"]
    photo = f"{path}/photos/{uuid4()}"
    sent = await police.put(photo, content=JPEG, headers={"Content-Type": "image/jpeg"})
    assert sent.status_code == 204
    mended = await step(police, path, "mend", photo_id=photo.rpartition("/")[2])
    assert mended.json()["hazard"]["state"] == "mended"
    for http, size in ((police, (1280, 960)), (await sign_in("observer"), (1280, 960))):
        shown = await http.get(photo)
        assert (shown.status_code, size_of(shown.content)) == (200, size)
    small = await staff.get(photo, params={"small": True})
    assert size_of(small.content) == (240, 180)
    assert len(small.content) < 15_000
    await step(staff, path, "verify")
    done = await step(staff, path, "close")
    assert done.json()["possible"] == ["reopen"]
    closures = (await staff.get(f"{world.path}/closures")).json()
    assert path.rpartition("/")[2] not in {each["hazard_id"] for each in closures}
    late = await step(staff, path, "verify")
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (
        *(409, "hazard_step_refused"),
        "closed",
    )


async def test_what_is_overdue_comes_with_the_rules_and_their_standing(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    observer = await sign_in("observer")
    found = (await observer.get(f"{world.path}/hazard-follow-up")).json()
    assert (found["rules"]["major_days"], found["rules"]["is_custom"]) == (3, False)
    assert found["rules"]["due"]["standing"] == "C"
    [lane] = [each for each in found["rules"]["kinds"] if each["code"] == "blocked_lane"]
    assert {each["standing"] for each in lane["citations"]} == {"A", "B", "C"}
    body = {"general_days": 10, "major_days": 1}
    assert (await observer.put(f"{world.path}/hazard-rules", json=body)).status_code == 403
    ruled = await staff.put(f"{world.path}/hazard-rules", json=body)
    assert (ruled.json()["general_days"], ruled.json()["is_custom"]) == (10, True)
    for bad in ({**body, "major_days": -1}, {**body, "general_days": 366}, {**body, "same_place_m": 501}):
        refused = await staff.put(f"{world.path}/hazard-rules", json=bad)
        assert refused.status_code == 422, refused.text


def animated(form: str) -> bytes:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (64, 48), colour) for colour in ("red", "green", "blue")]
    first.save(out, form, save_all=True, append_images=others, duration=100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        pytest.param(JPEG + SCRIPT, "image/jpeg", 204, id="a page behind a picture"),
        pytest.param(animated("PNG"), "image/png", 204, id="animated"),
        pytest.param(animated("GIF"), "image/gif", 422, id="gif"),
        pytest.param(animated("GIF"), "image/png", 422, id="gif that says it is a png"),
        pytest.param(SCRIPT + JPEG, "image/jpeg", 422, id="a picture behind a page"),
        pytest.param(JPEG[: len(JPEG) // 2], "image/jpeg", 422, id="truncated"),
        pytest.param(picture("PNG")[:40], "image/png", 422, id="truncated png"),
        pytest.param(JPEG[:3], "image/jpeg", 422, id="three bytes"),
        pytest.param(b"", "image/jpeg", 422, id="nothing"),
        pytest.param(LARGE, "image/jpeg", 413, id="a byte too large"),
        pytest.param(picture("PNG", (9000, 9000)), "image/png", 422, id="unfolds to 81 million pixels"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml", 422, id="svg"),
    ],
)
async def test_pictures_are_drawn_again_or_refused(
    staff: httpx.AsyncClient, path: str, content: bytes, kind: str, status: int
) -> None:
    photo = f"{path}/photos/{uuid4()}"
    sent = await staff.put(photo, content=content, headers={"Content-Type": kind})
    assert sent.status_code == status, sent.text
    shown = await staff.get(photo)
    if status != 204:
        assert shown.status_code == 404
        assert status == 413 or sent.json()["field"] == "photo"
        return
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"script" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as again:
        assert getattr(again, "n_frames", 1) == 1
        assert not again.getexif()


async def test_a_hazard_has_no_more_pictures_than_anyone_looks_at(
    staff: httpx.AsyncClient, path: str
) -> None:
    small = picture("PNG", (8, 8))
    answers = [await put(staff, path, small, "image/png") for _ in range(51)]
    assert [each.status_code for each in answers] == [204] * 50 + [422]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "record"},
        {"kind": "explode"},
        {"kind": "assign"},
        {"kind": "assign", "owner_id": str(uuid4())},
        {"kind": "assign", "owner_id": "x"},
        {"kind": "assign", "due_on": 20250131},
        {"kind": "assign", "due_on": "2025-02-31"},
        {"kind": "mend"},
        {"kind": "close", "note": "x" * 501},
        {"kind": "close", "note": "\x00"},
        {"kind": "close", "state": "closed"},
    ],
)
async def test_a_step_that_cannot_be_is_refused(
    staff: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    refused = await step(staff, path, **body)
    assert refused.status_code in {409, 422}, refused.text
    assert (await staff.get(f"{path}/life")).json()["hazard"]["state"] == "seen"


@pytest.mark.parametrize("width", [-1, 51, "1", True])
async def test_a_width_that_cannot_be_closes_nothing(
    world: World, staff: httpx.AsyncClient, path: str, width: object
) -> None:
    before = (await staff.get(f"{world.path}/closures")).json()
    assert (await staff.put(f"{path}/lane", json={"clear_width_m": width})).status_code == 422
    assert (await staff.get(f"{world.path}/closures")).json() == before
