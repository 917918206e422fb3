"""Nasty bodies on every writing endpoint: always 4xx with a code, never 5xx, nothing half-written."""

from typing import NoReturn

import httpx
import psycopg
import pytest

from tests.api.conftest import World, new_key
from tests.api.test_rights import BODIES, filled, operations

NASTY = [
    b"",
    b"null",
    b"[]",
    b"0",
    b'"text"',
    b"{",
    b"{}{}",
    b'{"lat": NaN}',
    b'{"lat": Infinity}',
    b'{"lat": -Infinity}',
    b'{"lat": 1e999}',
    b'{"lat": ' + b"9" * 1000 + b"}",
    b'{"note": "\\u0000"}',
    b'{"note": "\\ud800"}',
    b'{"\\udfff": 1}',
    b'{"note": "\xff\xfe"}',
    b'{"kind": "fire", "kind": "gas"}',
    b"[" * 100_000,
    b'{"geometry": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    b'{"__proto__": {}, "constructor": 1}',
    '{"kind": "fire"}'.encode("utf-16"),
    b"\x00\x01\x02",
]
TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\u202e",
    "🚒" * 3000,
    "%00",
    "../" * 50,
]


def writing(world: World) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _ in operations(world) if method in {"post", "put", "patch"}]


@pytest.mark.parametrize("body", NASTY, ids=lambda body: repr(body[:20]))
async def test_a_nasty_body_is_refused_with_a_code(
    world: World, staff: httpx.AsyncClient, body: bytes
) -> None:
    for method, path in writing(world):
        if path == "/api/live-tickets":
            continue
        answer = await staff.request(
            method,
            filled(path, world.circle_id),
            content=body,
            headers={"Content-Type": "application/json", **new_key()},
        )
        assert 400 <= answer.status_code < 500, f"{method} {path}: {answer.text}"
        assert answer.json()["code"], f"{method} {path}"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:8]))
async def test_a_nasty_text_in_every_field_never_breaks_us(
    world: World, staff: httpx.AsyncClient, text: str
) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in text)
    for method, path in writing(world):
        good = next((body for end, body in BODIES.items() if path.endswith(end)), {})
        for field in good:
            words = ", ".join(f'"{name}": "{escaped}"' for name in good if name == field)
            answer = await staff.request(
                method,
                filled(path, world.circle_id),
                content=f"{{{words}}}".encode(),
                headers={"Content-Type": "application/json", **new_key()},
            )
            assert answer.status_code < 500, f"{method} {path}: {answer.text}"


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:8]))
async def test_a_nasty_text_in_paths_and_queries_never_breaks_us(
    world: World, staff: httpx.AsyncClient, text: str
) -> None:
    sent = text.encode("utf-8", "surrogatepass")
    for method, path, described in operations(world):
        names = [one["name"] for one in described.get("parameters", ()) if one["in"] == "query"]
        query = "&".join(f"{name}=" for name in names)
        raw = "".join(f"%{byte:02x}" for byte in sent[:200])
        url = f"{filled(path, world.circle_id)}?{query.replace('=', f'={raw}')}"
        answer = await staff.request(method, url, headers=new_key())
        assert answer.status_code < 500, f"{method} {path}: {answer.text}"
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


class AwayDatabase:
    """A database that cannot be reached."""

    def begin(self) -> NoReturn:
        raise psycopg.OperationalError("connection to server at 10.0.0.7 failed")  # noqa: EM101, TRY003

    snapshot = begin


async def test_a_database_that_is_away_is_said_to_be_so_and_not_where_it_is(world: World) -> None:
    with world.changed(database=AwayDatabase()):
        async with world.anonymous() as http:
            answer = await http.get("/api/session", headers={"Authorization": "Bearer x"})
            assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
            assert "10.0.0.7" not in answer.text


async def test_what_breaks_on_our_side_tells_nothing(world: World) -> None:
    with world.changed(database=None):
        async with world.anonymous() as http:
            answer = await http.get("/api/session", headers={"Authorization": "Bearer secret-token"})
            assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
            assert "secret" not in answer.text
            assert "None" not in answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert (await http.get("/readyz")).status_code == 503
            assert (await http.get("/healthz")).status_code == 200
