"""CAP over HTTP: documents and the feed out, documents and feeds in, by rights and by tenant."""

from uuid import UUID, uuid4

import httpx
import pytest

from responder.domain.cap.message import CapMessage
from responder.exchange.cap_reader import read_cap
from tests.api.conftest import ORIGIN, SignIn, World, new_key
from tests.exchange.messages import alert_text, area_text, cap_text, feed_text, info_text

PLACE = {"lon": 112.985, "lat": 28.158, "label": "巷口"}
SMOKE = {"kind": "smoke", "severity": "orange", "note": "王小明在三楼", **PLACE}
XML = {"Content-Type": "application/cap+xml"}


async def raised(world: World, http: httpx.AsyncClient, *, exercise: bool = False) -> dict[str, object]:
    body = {**SMOKE, "exercise": exercise}
    answer = await http.post(f"{world.path}/incidents", json=body, headers=new_key())
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def messages(answer: httpx.Response) -> list[CapMessage]:
    assert answer.status_code == 200, answer.text
    found = [each.message for each in read_cap(answer.content)]
    assert None not in found
    return [each for each in found if each is not None]


async def proposed(world: World, http: httpx.AsyncClient, **parts: str) -> dict[str, object]:
    text = cap_text(identifier=str(uuid4()), **parts)
    answer = await http.post(f"{world.path}/proposals", content=text.encode(), headers=XML)
    assert answer.status_code == 201, answer.text
    [message] = answer.json()["messages"]
    found: dict[str, object] = message["proposal"]
    return found


async def test_an_alert_is_a_document(world: World, staff: httpx.AsyncClient) -> None:
    detail = await raised(world, staff, exercise=True)
    alert_id = detail["alerts"][0]["id"]  # type: ignore[index]
    answer = await staff.get(f"{world.path}/alerts/{alert_id}.cap")
    assert answer.headers["Content-Type"] == "application/cap+xml"
    assert answer.headers["Content-Disposition"] == f'inline; filename="exercise-{alert_id}.cap"'
    assert answer.headers["Cache-Control"] == "no-store"
    [message] = messages(answer)
    assert message.identifier == f"urn:uuid:{alert_id}"
    assert message.exercise
    assert message.infos[0].headline == "【演练】冒烟异味：巷口"
    assert "王小明" not in answer.text


async def test_the_feed_leads_to_documents_and_to_its_next_page(
    world: World, staff: httpx.AsyncClient
) -> None:
    await raised(world, staff)
    await raised(world, staff, exercise=True)
    answer = await staff.get(f"{world.path}/alerts.atom", params={"limit": 1})
    assert answer.headers["Content-Type"] == "application/atom+xml"
    [message] = messages(answer)
    alert_id = UUID(message.identifier.removeprefix("urn:uuid:"))
    link = f"{ORIGIN}{world.path}/alerts/{alert_id}.cap"
    assert f'href="{link}"' in answer.text
    assert messages(await staff.get(link)) == [message]
    assert "limit=1&amp;before=" not in answer.text.partition('rel="next"')[0]
    following = answer.text.partition('rel="next"')[2].partition('href="')[2].partition('"')[0]
    [older] = messages(await staff.get(following.replace("&amp;", "&")))
    assert older.identifier != message.identifier
    only = messages(await staff.get(f"{world.path}/alerts.atom", params={"exercise": "true"}))
    assert only
    assert all(each.exercise for each in only)


async def test_a_feed_without_alerts_is_a_feed(world: World, sign_in: SignIn) -> None:
    http = await sign_in("community")
    answer = await http.get(f"{world.path}/alerts.atom", params={"exercise": "false", "open": "false"})
    assert answer.status_code == 200
    assert "<atom:updated>" in answer.text


async def test_what_is_not_ours_is_not_there(world: World, staff: httpx.AsyncClient) -> None:
    detail = await raised(world, staff)
    alert_id = detail["alerts"][0]["id"]  # type: ignore[index]
    strange = f"/api/circles/{world.strange_circle_id}"
    proposal = await proposed(world, staff)
    for path in (
        f"{strange}/alerts/{alert_id}.cap",
        f"{strange}/alerts.atom",
        f"{strange}/proposals",
        f"{strange}/proposals/{proposal['id']}",
        f"{world.path}/alerts/{uuid4()}.cap",
        f"{world.path}/proposals/{uuid4()}",
    ):
        answer = await staff.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert (await staff.get(f"{world.path}/alerts/x.cap")).status_code == 422
    assert (await world.anonymous().get(f"{world.path}/alerts.atom")).status_code == 401


async def test_a_document_and_a_form_are_taken(world: World, staff: httpx.AsyncClient) -> None:
    text = cap_text(identifier="by-form")
    form = {"file": ("warning.cap", text.encode(), "application/cap+xml")}
    answer = await staff.post(f"{world.path}/proposals", files=form)
    assert answer.status_code == 201
    [message] = answer.json()["messages"]
    assert (message["outcome"], message["proposal"]["texts"][0]["headline"]) == ("created", "脑科巷火灾")
    again = await staff.post(f"{world.path}/proposals", content=text.encode(), headers=XML)
    assert again.status_code == 200
    assert again.json()["messages"][0]["outcome"] == "repeated"
    listed = (await staff.get(f"{world.path}/proposals", params={"open": "true", "limit": 100})).json()
    assert message["proposal"] in listed["proposals"]


async def test_what_is_refused_says_why_in_both_languages(world: World, staff: httpx.AsyncClient) -> None:
    text = cap_text(infos=info_text(area=area_text(polygon="28.1,112.9 28.1,113 28.2,113")))
    answer = await staff.post(f"{world.path}/proposals", content=text.encode(), headers=XML)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "cap_refused")
    [fault] = problem["messages"][0]["faults"]
    assert (fault["code"], fault["level"]) == ("polygon_open", "error")
    assert fault["where"] == "info[1]/area[1]/polygon[1]"
    assert fault["zh"]
    assert fault["en"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_file"),
        (b"\x00\xff", "not_xml"),
        (b'{"kind": "fire"}', "not_xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "doctype_refused"),
        (b"<a>" * 40 + b"</a>" * 40, "nested_too_deep"),
        (feed_text(linked="<entry><title>x</title></entry>").encode(), "only_linked"),
        ("<a>\ud800</a>".encode("utf-8", "surrogatepass"), "not_xml"),
    ],
)
async def test_bad_input_is_a_clear_refusal(
    world: World, staff: httpx.AsyncClient, body: bytes, code: str
) -> None:
    answer = await staff.post(f"{world.path}/proposals", content=body, headers=XML)
    assert answer.status_code == 422, answer.text
    [message] = answer.json()["messages"]
    assert [each["code"] for each in message["faults"]] == [code]


async def test_what_is_too_large_is_not_read(world: World, staff: httpx.AsyncClient) -> None:
    answer = await staff.post(f"{world.path}/proposals", content=b"<a>" + b" " * 2**20, headers=XML)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_proposal_is_confirmed_once(world: World, staff: httpx.AsyncClient) -> None:
    proposal = await proposed(world, staff)
    path = f"{world.path}/proposals/{proposal['id']}"
    key = new_key()
    answers = [await staff.post(f"{path}/confirm", json={}, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    incident = answers[0].json()["incident"]
    assert incident == answers[1].json()["incident"]
    other = await staff.post(f"{path}/confirm", json={}, headers=new_key())
    assert (other.status_code, other.json()["code"]) == (409, "proposal_closed")
    assert other.json()["incident_id"] == incident["id"]
    assert (await staff.get(path)).json()["incident_id"] == incident["id"]
    dismissed = await staff.post(f"{path}/dismiss")
    assert (dismissed.status_code, dismissed.json()["state"]) == (409, "confirmed")


@pytest.mark.parametrize(
    "body", [{"kind": "war"}, {"severity": "mauve"}, {"lon": 999, "lat": 0}, {"lon": "112"}, {"x": 1}]
)
async def test_a_wrong_choice_is_refused(
    world: World, staff: httpx.AsyncClient, body: dict[str, object]
) -> None:
    proposal = await proposed(world, staff)
    path = f"{world.path}/proposals/{proposal['id']}"
    answer = await staff.post(f"{path}/confirm", json=body, headers=new_key())
    assert answer.status_code == 422
    assert (await staff.get(path)).json()["state"] == "open"


async def test_half_a_place_is_refused(world: World, staff: httpx.AsyncClient) -> None:
    proposal = await proposed(world, staff)
    path = f"{world.path}/proposals/{proposal['id']}/confirm"
    answer = await staff.post(path, json={"lon": 112.985}, headers=new_key())
    assert (answer.status_code, answer.json()["field"]) == (422, "lat")


async def test_a_feed_of_ours_is_read_elsewhere(world: World, staff: httpx.AsyncClient) -> None:
    await raised(world, staff, exercise=True)
    feed = await staff.get(f"{world.path}/alerts.atom", params={"exercise": "true"})
    own = await staff.post(f"{world.path}/proposals", content=feed.content, headers=XML)
    assert own.status_code == 422
    codes = {each["code"] for message in own.json()["messages"] for each in message["faults"]}
    assert codes == {"own_message"}, "what we sent ourselves does not come back as a proposal"
    other = feed.text.replace(f"urn:uuid:{world.circle_id}", "urn:uuid:another")
    taken = await staff.post(f"{world.path}/proposals", content=other.encode(), headers=XML)
    assert taken.status_code == 201
    assert all(each["proposal"]["exercise"] for each in taken.json()["messages"])


async def test_who_may_not_raise_is_refused(world: World, sign_in: SignIn) -> None:
    http = await sign_in("observer")
    answer = await http.post(f"{world.path}/proposals", content=alert_text().encode(), headers=XML)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (await http.get(f"{world.path}/proposals")).status_code == 403
