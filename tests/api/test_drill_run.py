"""Drills are started, steered, observed and replayed over the interface."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import SignIn, World
from tests.api.test_drills import planned
from tests.exchange.pictures import PLACE_TAKEN, picture, size_of

JPEG = picture("JPEG", exif=True)


@pytest.fixture
async def drill(world: World, staff: httpx.AsyncClient) -> dict[str, Any]:
    """A tabletop that runs, so that no one is called."""
    made = await planned(staff, world, mode="tabletop", name="</script><b>演练</b>")
    answer = await staff.post(
        f"{world.path}/drills/{made['id']}/start", json={"beside_real": True, "beside_drill": True}
    )
    assert answer.status_code == 200, answer.text
    return made


def path_of(world: World, drill: dict[str, Any]) -> str:
    return f"{world.path}/drills/{drill['id']}"


def seen(**changes: object) -> dict[str, Any]:
    return {"at": datetime.now(UTC).isoformat(), "verdict": "good", "text": "疏散很快", **changes}


async def test_an_observation_with_its_picture_is_kept_once(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn, drill: dict[str, Any]
) -> None:
    volunteer = await sign_in("hospital.wen")
    path = f"{path_of(world, drill)}/observations/{uuid4()}"
    first = await volunteer.put(path, json=seen())
    again = await volunteer.put(path, json=seen(text="另一句"))
    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.json()["at"], again.json()["text"]) == (first.json()["at"], "另一句")
    picture = await volunteer.put(f"{path}/photo", content=JPEG, headers={"Content-Type": "image/jpeg"})
    assert picture.json()["has_photo"] is True

    shown = await staff.get(f"{path}/photo")

    assert (size_of(shown.content), shown.headers["content-type"]) == (size_of(JPEG), "image/jpeg")
    assert PLACE_TAKEN in JPEG
    assert PLACE_TAKEN not in shown.content
    assert shown.headers["x-content-type-options"] == "nosniff"
    listed = (await staff.get(f"{path_of(world, drill)}/observations")).json()["observations"]
    assert [each["text"] for each in listed] == ["另一句"]
    other = await sign_in("police.tang")
    assert (await other.get(f"{path_of(world, drill)}/observations")).json()["observations"] == []
    for refused in (await other.get(f"{path}/photo"), await other.put(path, json=seen())):
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("PUT", "observations/{id}", {"verdict": "splendid"}, 422, "body.verdict"),
        ("PUT", "observations/{id}", {"objective": "none"}, 422, "objective"),
        ("PUT", "observations/{id}", {"lon": 113.0}, 422, "lat"),
        ("PUT", "observations/{id}", {"lon": 999, "lat": 0}, 422, "body.lon"),
        ("PUT", "observations/{id}", {"at": "yesterday"}, 422, "body.at"),
        ("PUT", "observations/{id}", {"text": "x" * 501}, 422, "body.text"),
        ("POST", "roll-call", {"people": 0}, 422, "people"),
        ("POST", "roll-call", {"people": -3}, 422, "people"),
        ("POST", "roll-call", {"people": 10**9}, 422, "body.people"),
        ("POST", "injects/99/give", None, 404, None),
        ("POST", "injects/1/explode", None, 422, "path.deed"),
        ("POST", "injects/0/give", None, 422, "path.number"),
        ("POST", "injects/1/clear", None, 409, None),
    ],
)
async def test_what_is_wrong_is_refused_by_its_field(  # noqa: PLR0917 - a table
    world: World,
    staff: httpx.AsyncClient,
    drill: dict[str, Any],
    method: str,
    path: str,
    body: dict[str, Any] | None,
    status: int,
    field: str | None,
) -> None:
    url = f"{path_of(world, drill)}/{path.format(id=uuid4())}"
    whole = seen(**(body or {})) if method == "PUT" else body
    before = (await staff.get(f"{path_of(world, drill)}/run")).json()

    answer = await staff.request(method, url, json=whole)

    assert answer.status_code == status, answer.text
    found = answer.json()
    if field is not None:
        assert field in {found.get("field"), *(each["field"] for each in found.get("errors", ()))}
    assert (await staff.get(f"{path_of(world, drill)}/run")).json()["run"] == before["run"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/jpeg", b"GIF89a"),
        ("image/jpeg", b"\xff\xd8\xff\xe0 no picture"),
        ("text/html", JPEG),
        ("image/svg+xml", b"<svg/>"),
        ("", JPEG),
    ],
)
async def test_what_is_no_picture_is_refused(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any], kind: str, content: bytes
) -> None:
    path = f"{path_of(world, drill)}/observations/{uuid4()}"
    assert (await staff.put(path, json=seen())).status_code == 200

    answer = await staff.put(f"{path}/photo", content=content, headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert (await staff.get(f"{path}/photo")).status_code == 404


async def test_a_replay_is_one_page_that_runs_its_own_script_alone(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any]
) -> None:
    path = path_of(world, drill)
    mine = (await staff.get(f"{path}/run")).json()["run"]["started_by_name"]
    assert (await staff.post(f"{path}/end")).json()["state"] == "ended"

    named = await staff.get(f"{path}/replay.html", params={"names": True, "language": "en"})
    nameless = await staff.get(f"{path}/replay.html", params={"download": True})

    assert (named.status_code, nameless.status_code) == (200, 200)
    assert mine in named.text
    assert mine not in nameless.text
    assert "attachment" in nameless.headers["content-disposition"]
    policy = named.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    # A drill's name ends no element, neither in the page nor in its data.
    assert "<b>" not in named.text
    assert named.text.count("</script>") == 2
    assert "http://" not in named.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in named.text
    audit = (await staff.get(f"{world.path}/audit")).json()["records"]
    assert [each["action"] for each in audit].count("drill_exported") == 1


async def test_the_list_tells_when_a_drill_was_over(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn, drill: dict[str, Any]
) -> None:
    await planned(staff, world, mode="tabletop")

    async def ends() -> dict[str, str | None]:
        person = await sign_in("hospital.wen")
        cards = (await person.get(f"{world.path}/drills")).json()["drills"]
        return {each["id"]: each["ended_at"] for each in cards}

    before = await ends()
    assert before[drill["id"]] is None
    run = (await staff.post(f"{path_of(world, drill)}/end")).json()

    after = await ends()

    ended_at = after.pop(drill["id"])
    assert ended_at is not None
    assert datetime.fromisoformat(ended_at) == datetime.fromisoformat(run["ended_at"])
    assert after == {key: at for key, at in before.items() if key != drill["id"]}


async def test_what_was_never_started_has_no_replay(world: World, staff: httpx.AsyncClient) -> None:
    made = await planned(staff, world)

    for what in ("run", "replay", "replay.html"):
        answer = await staff.get(f"{path_of(world, made)}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (409, "drill_not_running")
