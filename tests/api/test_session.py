"""Signing in and out, by browser and by device."""

from collections.abc import AsyncIterator

import httpx
import pytest

from responder.domain.backoff import PER_ACCOUNT_AND_ADDRESS
from tests.api.conftest import ORIGIN, StoppedClock, World, forgive
from tests.databases import DEMO_PASSWORD


@pytest.fixture(autouse=True)
async def fresh_attempts(world: World) -> AsyncIterator[None]:
    """Forgive what other tests got wrong."""
    yield
    await forgive(world)


async def post(http: httpx.AsyncClient, username: str, password: str, **more: object) -> httpx.Response:
    return await http.post("/api/session", json={"username": username, "password": password, **more})


async def test_a_browser_gets_a_cookie_that_scripts_cannot_read(world: World) -> None:
    async with world.anonymous() as http:
        answer = await post(http, "community", DEMO_PASSWORD)
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "secure" not in cookie
        assert "token" not in answer.json()
        assert [circle["id"] for circle in answer.json()["circles"]] == [str(world.circle_id)]
        again = await http.get("/api/session")
        assert again.json()["account"]["username"] == "community"


async def test_by_https_the_cookie_never_travels_in_the_clear(world: World) -> None:
    transport = httpx.ASGITransport(world.api)
    async with httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1:8000") as http:
        answer = await post(http, "community", DEMO_PASSWORD)
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_device_gets_its_token_once(world: World) -> None:
    async with world.anonymous() as http:
        token = (await post(http, "hospital", DEMO_PASSWORD, device=True)).json()["token"]
        http.cookies.clear()
        answer = await http.get("/api/session", headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["account"]["username"] == "hospital"
        assert "token" not in answer.json()


@pytest.mark.parametrize(("username", "password"), [("community", "wrong"), ("nobody", DEMO_PASSWORD)])
async def test_which_of_the_two_was_wrong_is_not_said(world: World, username: str, password: str) -> None:
    async with world.anonymous() as http:
        answer = await post(http, username, password)
        assert answer.status_code == 401
        assert answer.json()["code"] == "wrong_credentials"
        assert "set-cookie" not in answer.headers


async def test_signing_out_ends_the_session_everywhere(world: World) -> None:
    async with world.anonymous() as http:
        token = (await post(http, "police", DEMO_PASSWORD, device=True)).json()["token"]
        assert (await http.delete("/api/session")).status_code == 204
        http.cookies.clear()
        answer = await http.get("/api/session", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_signed_in"
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 5000])
async def test_a_made_up_token_is_refused(world: World, token: str) -> None:
    async with world.anonymous() as http:
        answer = await http.get("/api/session", headers=[(b"Authorization", f"Bearer {token}".encode())])
        assert answer.status_code == 401


async def test_guessing_gets_slow(world: World) -> None:
    with world.changed(clock=StoppedClock()):
        async with world.anonymous() as http:
            for _ in range(PER_ACCOUNT_AND_ADDRESS.free_attempts + 1):
                assert (await post(http, "property", "guess")).status_code == 401
            answer = await post(http, "property", DEMO_PASSWORD)
            assert answer.status_code == 429
            assert answer.json()["code"] == "too_many_attempts"
            assert int(answer.headers["retry-after"]) >= 1


async def test_a_page_of_another_origin_cannot_sign_a_person_in(world: World) -> None:
    async with world.anonymous() as http:
        body = {"username": "community", "password": DEMO_PASSWORD}
        answer = await http.post("/api/session", json=body, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
        assert answer.json()["code"] == "origin_refused"
        answer = await http.post("/api/session", json=body, headers={"Origin": ORIGIN})
        assert answer.status_code == 200


async def test_a_form_of_another_page_is_no_json(world: World) -> None:
    async with world.anonymous() as http:
        text = f'{{"username": "community", "password": "{DEMO_PASSWORD}"}}'
        answer = await http.post("/api/session", content=text, headers={"Content-Type": "text/plain"})
        assert answer.status_code == 422


async def test_a_live_ticket_needs_a_session_and_lasts_half_a_minute(world: World) -> None:
    async with world.anonymous() as http:
        assert (await http.post("/api/live-tickets")).status_code == 401
        await post(http, "community", DEMO_PASSWORD)
        answer = await http.post("/api/live-tickets")
        assert answer.status_code == 201
        assert answer.json()["expires_in_s"] == 30
        assert len(answer.json()["ticket"]) >= 32
