"""The one question with which the page opens: the answer is never more than that of what it stands for."""

from uuid import uuid4

from tests.api.conftest import DEMO_PASSWORD, World


async def test_without_a_session_it_tells_what_the_installation_offers(world: World) -> None:
    async with world.anonymous() as http:
        answer = await http.post("/api/start", json={"circle_id": str(world.circle_id)})
        config = (await http.get("/api/config")).json()

    assert answer.status_code == 200
    assert answer.json() == {"config": config, "account": None, "circles": [], "ticket": None, "circle": None}


async def test_with_a_session_that_has_ended_it_is_the_same(world: World) -> None:
    async with world.anonymous() as http:
        http.cookies.set("responder_session", "one that has ended")
        answer = await http.post("/api/start", json={})

    assert (answer.status_code, answer.json()["account"]) == (200, None)


async def test_signed_in_it_answers_what_four_requests_would(world: World) -> None:
    async with world.anonymous() as http:
        await http.post("/api/session", json={"username": "community", "password": DEMO_PASSWORD})
        answer = (await http.post("/api/start", json={"circle_id": str(world.circle_id)})).json()
        session = (await http.get("/api/session")).json()
        shown = (await http.get(f"/api/circles/{world.circle_id}")).json()
        snapshot = (await http.get(f"/api/circles/{world.circle_id}/snapshot")).json()

    assert answer["account"] == session["account"]
    assert answer["circles"] == session["circles"]
    assert answer["circle"] == {"viewer": shown["viewer"], "snapshot": snapshot}
    assert answer["ticket"]["expires_in_s"] == 30


async def test_a_circle_of_others_is_not_shown_but_ones_own(world: World) -> None:
    async with world.anonymous() as http:
        await http.post("/api/session", json={"username": "community", "password": DEMO_PASSWORD})
        for circle_id in (str(uuid4()), None):
            answer = (await http.post("/api/start", json={"circle_id": circle_id})).json()
            assert answer["circle"]["snapshot"]["circle"]["id"] == str(world.circle_id)


async def test_what_is_no_circle_is_refused(world: World) -> None:
    async with world.anonymous() as http:
        for body in ({"circle_id": "x"}, {"circle_id": 1}, {"other": True}, []):
            answer = await http.post("/api/start", json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
