"""Nasty bodies on every writing endpoint: always 4xx with a code, never 5xx, nothing half-written."""

from uuid import uuid4

import httpx
import pytest

from tests.api.access.calls import BODIES, Endpoint, Ids, endpoints, filled
from tests.api.conftest import World, new_key
from tests.api.nasty import CONTENT_TYPES, NOT_JSON, encoded, spoiled, spoiled_alone

TEXTS = ["\x00", "a\x00b", "\ud800", "' OR 1=1 --", "\u202e", "🚒" * 3000, "%00", "../" * 50, "NaN", "1e999"]


def ids_in(world: World) -> Ids:
    nothing = dict.fromkeys(Ids.__dataclass_fields__.keys() - {"noun"}, uuid4())
    return Ids(**{**nothing, "circle_id": world.circle_id})


def writing(world: World) -> list[Endpoint]:
    """List the endpoints that take JSON; files and forms of pages have tests of their own."""
    return [
        one
        for one in endpoints(world.api)
        if one.takes_a_body and not one.path.endswith("/import") and not one.takes_a_form
    ]


async def send(
    http: httpx.AsyncClient,
    one: Endpoint,
    world: World,
    body: bytes,
    *,
    content_type: str = "application/json",
) -> httpx.Response:
    """Send a body; whatever comes of it, it is an answer in our form and no fault of ours."""
    headers = {"Content-Type": content_type, **new_key()}
    answer = await http.request(one.method, filled(one.path, ids_in(world)), content=body, headers=headers)
    assert answer.status_code < 500, f"{one.route_key} {body[:200]!r}: {answer.text}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"]
    return answer


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
async def test_a_nasty_body_is_refused_with_a_code(
    world: World, staff: httpx.AsyncClient, body: bytes
) -> None:
    assert len(writing(world)) >= 14
    for one in writing(world):
        answer = await send(staff, one, world, body)
        assert answer.status_code >= 400, one.route_key


async def test_nasty_values_in_all_fields_never_break_us(world: World, staff: httpx.AsyncClient) -> None:
    for one in writing(world):
        for body in spoiled(BODIES[one.route_key]):
            await send(staff, one, world, body)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("POST /circles/{circle_id}/incidents", "note"),
        ("POST /circles/{circle_id}/closures/preview", "geometry"),
        ("PUT /circles/{circle_id}/profiles", "table"),
        ("POST /invitations/preview", "token"),
    ],
)
async def test_a_nasty_value_in_a_field_of_a_right_body_never_breaks_us(
    world: World, staff: httpx.AsyncClient, row: str, field: str
) -> None:
    """In the fields that go furthest: a text, a geometry, a table of figures, an invitation."""
    [one] = [each for each in writing(world) if each.route_key == row]
    for body in spoiled_alone(BODIES[row], field):
        await send(staff, one, world, body)


@pytest.mark.parametrize("content_type", CONTENT_TYPES, ids=lambda text: text[:40])
async def test_another_content_type_is_taken_for_no_other_thing(
    world: World, staff: httpx.AsyncClient, content_type: str
) -> None:
    rows = {"POST /session", "PATCH /circles/{circle_id}/units/{unit_id}", "POST /invitations/preview"}
    for one in writing(world):
        if one.route_key in rows:
            answer = await send(staff, one, world, encoded(BODIES[one.route_key]), content_type=content_type)
            assert answer.status_code >= 400, one.route_key


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:8]))
async def test_a_nasty_text_in_paths_and_queries_never_breaks_us(
    world: World, staff: httpx.AsyncClient, text: str
) -> None:
    sent = text.encode("utf-8", "surrogatepass")
    for one in endpoints(world.api):
        names = [each["name"] for each in one.described.get("parameters", ()) if each["in"] == "query"]
        query = "&".join(f"{name}=" for name in names)
        raw = "".join(f"%{byte:02x}" for byte in sent[:200])
        url = f"{filled(one.path, ids_in(world))}?{query.replace('=', f'={raw}')}"
        if one.route_key != "DELETE /session":
            answer = await staff.request(one.method, url, headers=new_key())
            assert answer.status_code < 500, f"{one.route_key}: {answer.text}"
    answer = await staff.get(f"{world.path}/incidents/%ff%00{'%2e%2e%2f' * 3}")
    assert 400 <= answer.status_code < 500


async def test_a_body_of_many_megabytes_is_cut_off(world: World, staff: httpx.AsyncClient) -> None:
    answer = await staff.post(
        f"{world.path}/incidents",
        content=b" " * (1024 * 1024 + 1),
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    answer = await staff.post(f"{world.path}/units/import", content=b" " * (20 * 1024 * 1024 + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/circles/x", "/api/session/x", "/nothing.html", "/../x"]
)
async def test_what_is_not_there_is_a_problem_too(staff: httpx.AsyncClient, path: str) -> None:
    answer = await staff.get(path)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_says_which_are_right(staff: httpx.AsyncClient) -> None:
    answer = await staff.put("/api/session", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"]
