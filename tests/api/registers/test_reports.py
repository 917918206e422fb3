"""Residents report by a link without an account; staff decide; the public reads what became of it."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from responder.api.deps.context import (
    CODES_PER_MINUTE,
    REPORTS_PER_MINUTE,
    report_code_pace,
    report_pace,
    report_view_pace,
)
from responder.domain.registers.report import (
    CONTENT_KEPT,
    DISMISSED_KEPT,
    REPORTS_KEPT,
    TEXT_LENGTH,
    new_code,
    typed_code,
)
from responder.ports.clock import SystemClock
from responder.security.rate_limit import RateLimiter
from tests.api.conftest import ORIGIN, SignIn, World
from tests.exchange.pictures import PLACE_TAKEN, picture, size_of

HERE = {"lon": "112.985", "lat": "28.158", "accuracy": "12"}
FAST = RateLimiter(10_000)
CODE = re.compile(r'id="code">([0-9A-Z]{5}-[0-9A-Z]{5})<')


@pytest.fixture(autouse=True)
def _new_pace(world: World) -> Iterator[None]:
    """What one test sends slows down no other."""
    paces = {"reports": report_pace(), "report_views": report_view_pace(), "report_codes": report_code_pace()}
    with world.changed(**paces):
        yield


async def opened(world: World, staff: httpx.AsyncClient) -> str:
    answer = await staff.post(f"{world.path}/report-link", json={"renew": False})
    assert answer.status_code == 200, answer.text
    return f"/{answer.json()['link']['path']}"


def form(**fields: str) -> Mapping[str, str]:
    return {"id": str(uuid4()), "kind": "clutter", "text": "", **HERE, **fields}


async def reported(
    world: World, link: str, *, photo: bytes | None = None, media_type: str = "image/jpeg", **fields: str
) -> httpx.Response:
    async with world.anonymous() as http:
        files = {"photo": ("x.jpg", photo or b"", media_type)}
        return await http.post(link, data=form(**fields), files=files, headers={"Origin": ORIGIN})


def code_in(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    found = CODE.search(answer.text)
    assert found is not None, answer.text
    return found[1]


async def waiting(world: World, staff: httpx.AsyncClient) -> list[dict[str, Any]]:
    page = (await staff.get(f"{world.path}/reports", params={"limit": 100})).json()
    return [each["report"] for each in page["reports"]]


async def last(world: World, staff: httpx.AsyncClient) -> dict[str, Any]:
    return (await waiting(world, staff))[-1]


async def status(world: World, code: str) -> httpx.Response:
    async with world.anonymous() as http:
        return await http.get("/api/report-status", params={"code": code})


async def echo(world: World, link: str) -> str:
    async with world.anonymous() as http:
        answer = await http.get(f"{link}/echo")
    assert answer.status_code == 200
    return answer.text


def accept(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
    return {"hazard": {"kind": "stairwell_clutter", "name": "门口堆物"}, **more}


async def test_a_report_waits_unseen_and_is_shown_once_it_is_accepted(
    world: World, staff: httpx.AsyncClient, building_id: str
) -> None:
    link = await opened(world, staff)
    assert await opened(world, staff) == link, "what is on the walls stays as it is"
    async with world.anonymous() as http:
        page = await http.get(link)
        assert page.status_code == 200
        assert page.text.index("tel:119") < page.text.index("<form")
        assert f'value="{building_id}"' in page.text
        assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("no-store", "noindex")
        assert re.findall(r"<script[^>]*>", page.text) == ['<script src="/report-form.js" defer="">']
        assert "script-src 'self'" in page.headers["content-security-policy"]
        said = form(lon="", lat="", building=building_id, text="<b>三楼\r\n堵了</b>")
        foreign = await http.post(link, data=said, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        codes = {code_in(await http.post(link, data=said, headers={"Origin": ORIGIN})) for _ in range(2)}
    [code] = codes
    assert "等待社区查看" in (await status(world, code.lower().replace("-", " "))).text
    assert "脑科巷7栋" not in await echo(world, link)
    report = await last(world, staff)
    assert (report["text"], report["place"], report["building_id"]) == (
        "<b>三楼\n堵了</b>",
        "脑科巷7栋",
        building_id,
    )
    assert code not in str(report)

    answer = await staff.post(f"{world.path}/reports/{report['id']}/accept", json=accept())

    assert answer.status_code == 200, answer.text
    assert "已受理" in (await status(world, code)).text
    public = await echo(world, link)
    assert "脑科巷7栋" in public
    assert "三楼" not in public, "staff have not shown it"
    shown = await staff.put(
        f"{world.path}/reports/{report['id']}/shown", json={"shows_text": True, "shows_photo": True}
    )
    assert (shown.json()["shows_text"], shown.json()["shows_photo"]) == (True, False)
    assert "&lt;b&gt;三楼" in await echo(world, link)
    hazards = (await staff.get(f"{world.path}/hazards")).json()["features"]
    [hazard] = [each for each in hazards if each["id"] == answer.json()["hazard_id"]]
    assert hazard["properties"]["name"] == "门口堆物"
    again = await staff.post(f"{world.path}/reports/{report['id']}/accept", json=accept())
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (
        409,
        "report_decided",
        "accepted",
    )


async def test_a_report_of_a_known_hazard_makes_no_other(world: World, staff: httpx.AsyncClient) -> None:
    link = await opened(world, staff)
    code = code_in(await reported(world, link))
    report = await last(world, staff)
    path = f"{world.path}/reports/{report['id']}"
    hazards = (await staff.get(f"{world.path}/hazards")).json()["features"]
    both = await staff.post(f"{path}/accept", json=accept(hazard_id=hazards[0]["id"]))
    neither = await staff.post(f"{path}/accept", json={})
    nowhere = await staff.post(f"{path}/accept", json={"hazard_id": str(uuid4())})
    assert [both.status_code, neither.status_code, nowhere.status_code] == [422, 422, 404]

    answer = await staff.post(f"{path}/accept", json={"hazard_id": hazards[0]["id"]})

    assert answer.json()["hazard_id"] == hazards[0]["id"]
    assert len((await staff.get(f"{world.path}/hazards")).json()["features"]) == len(hazards)
    removed = await staff.post(f"{world.path}/hazards/remove", json={"ids": [hazards[0]["id"]]})
    assert removed.status_code == 200, removed.text
    if removed.json()["removed"]:
        assert "已不在隐患清单上" in (await status(world, code)).text


async def test_a_dismissed_report_tells_its_reporter_why_and_the_public_nothing(
    world: World, staff: httpx.AsyncClient
) -> None:
    link = await opened(world, staff)
    code = code_in(await reported(world, link, text="什么也不是"))
    before = await echo(world, link)
    report = await last(world, staff)

    answer = await staff.post(f"{world.path}/reports/{report['id']}/dismiss", json={"reason": "not_ours"})

    assert answer.status_code == 200, answer.text
    assert "12345" in (await status(world, code)).text
    assert await echo(world, link) == before
    refused = await staff.put(f"{world.path}/reports/{report['id']}/shown", json={"shows_text": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "report_decided")
    assert report["id"] not in {each["id"] for each in await waiting(world, staff)}


async def test_a_photo_is_drawn_again_and_public_only_if_staff_say_so(
    world: World, staff: httpx.AsyncClient
) -> None:
    link = await opened(world, staff)
    large = picture("JPEG", (3000, 1500), exif=True)
    code_in(await reported(world, link, photo=large))
    report = await last(world, staff)
    assert report["has_photo"]
    kept = await staff.get(f"{world.path}/reports/{report['id']}/photo")
    assert kept.headers["content-type"] == "image/jpeg"
    assert size_of(kept.content) == (1280, 640)
    assert PLACE_TAKEN not in kept.content
    public = f"{link}/photos/{report['id']}"
    async with world.anonymous() as http:
        assert (await http.get(public)).status_code == 404, "it waits"
        await staff.post(f"{world.path}/reports/{report['id']}/accept", json=accept())
        assert (await http.get(public)).status_code == 404, "staff have not shown it"
        await staff.put(f"{world.path}/reports/{report['id']}/shown", json={"shows_photo": True})
        assert (await http.get(public)).content == kept.content
        assert public in await echo(world, link)
        assert (await http.get(f"/api/reports/guess/photos/{report['id']}")).status_code == 404
        taken_out = await staff.delete(f"{world.path}/reports/{report['id']}/content")
        assert (taken_out.json()["has_photo"], taken_out.json()["shows_photo"]) == (False, False)
        assert (await http.get(public)).status_code == 404


@pytest.mark.parametrize(
    ("photo", "media_type"),
    [
        (b"<svg onload='alert(1)'/>", "image/jpeg"),
        (b"\xff\xd8\xff<script>", "image/jpeg"),
        (picture("JPEG")[:300], "image/jpeg"),
        (picture("GIF"), "image/gif"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "image/png"),
        (b"\xff\xd8\xff" + b"x" * (8 * 1024 * 1024), "image/jpeg"),
    ],
    ids=["svg", "no picture", "cut", "gif", "no png", "too large"],
)
async def test_what_is_no_picture_is_refused_and_what_was_typed_stays(
    world: World, staff: httpx.AsyncClient, photo: bytes, media_type: str
) -> None:
    link = await opened(world, staff)
    before = len(await waiting(world, staff))

    answer = await reported(world, link, photo=photo, media_type=media_type, text="留着</textarea>")

    assert answer.status_code == 422
    assert "JPEG" in answer.text
    assert "留着&lt;/textarea&gt;</textarea>" in answer.text
    assert 'value="clutter" required="" checked=""' in answer.text
    assert len(await waiting(world, staff)) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "fire"},
        {"kind": ""},
        {"id": "x"},
        {"id": "\x00"},
        {"lon": "NaN"},
        {"lon": "999"},
        {"lat": "1e999"},
        {"lon": "113.9"},
        {"lon": "", "lat": ""},
        {"lon": "", "lat": "", "building": "x"},
        {"accuracy": "inf"},
        {"text": "长" * (TEXT_LENGTH + 1)},
        {"text": "a\x00b"},
    ],
    ids=str,
)
async def test_what_cannot_be_kept_is_asked_again(
    world: World, staff: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    link = await opened(world, staff)
    before = len(await waiting(world, staff))

    answer = await reported(world, link, **fields)

    assert answer.status_code == 422, fields
    assert 'role="alert"' in answer.text
    assert "<form" in answer.text
    assert len(await waiting(world, staff)) == before


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name="),
        ("multipart/form-data; boundary=a; charset=nothing", b"--a\r\n\r\n\r\n--a--"),
        (
            "multipart/form-data; boundary=a",
            b"".join(b'--a\r\nContent-Disposition: form-data; name="%d"\r\n\r\nx\r\n' % n for n in range(50)),
        ),
        ("application/x-www-form-urlencoded", b"a=1&" * 50),
        ("application/x-www-form-urlencoded", b"text=" + b"x" * 100_000),
        ("application/json", b"{}"),
        ("", b"\xff\xfe"),
    ],
    ids=lambda value: repr(value)[:30],
)
async def test_a_body_that_is_no_form_is_asked_again(
    world: World, staff: httpx.AsyncClient, content_type: str, body: bytes
) -> None:
    link = await opened(world, staff)
    async with world.anonymous() as http:
        answer = await http.post(link, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 422, answer.text
    assert "<form" in answer.text


async def test_a_building_of_another_circle_is_none_to_choose(world: World, staff: httpx.AsyncClient) -> None:
    link = await opened(world, staff)
    answer = await reported(world, link, lon="", lat="", building=str(world.strange_circle_id))
    assert answer.status_code == 422


async def test_unknown_renewed_and_closed_links_are_answered_alike(
    world: World, staff: httpx.AsyncClient
) -> None:
    link = await opened(world, staff)
    renewed = await staff.post(f"{world.path}/report-link", json={"renew": True})
    other = f"/{renewed.json()['link']['path']}"
    assert other != link
    async with world.anonymous() as http:
        unknown = await http.get("/api/reports/no-such-link")
        assert (await http.get(other)).status_code == 200
        old = [await http.get(link), await http.post(link, data=form())]
        assert (await staff.delete(f"{world.path}/report-link")).json()["link"] is None
        closed = [await http.get(other), await http.post(other, data=form())]
        odd = [await http.get(f"/api/reports/{each}") for each in ("%00", "%ff", "%ED%A0%80", "链接", "'--")]
        assert {(each.status_code, each.text) for each in [*old, *closed, *odd]} == {(404, unknown.text)}
        assert (await http.get(f"{other}/echo")).status_code == 404
    for what in ("report-link.svg", "report-poster.html"):
        assert (await staff.get(f"{world.path}/{what}")).status_code == 404


async def test_the_poster_has_the_link_as_a_code_and_119_first(
    world: World, staff: httpx.AsyncClient
) -> None:
    link = await opened(world, staff)
    code = await staff.get(f"{world.path}/report-link.svg")
    assert (code.headers["content-type"], code.text[:4]) == ("image/svg+xml", "<svg")
    poster = await staff.get(f"{world.path}/report-poster.html")
    assert link in poster.text
    assert poster.text.index("119") < poster.text.index("<svg")
    assert "Scan to report" in poster.text


async def test_a_flood_from_one_address_is_slowed_down(world: World, staff: httpx.AsyncClient) -> None:
    link = await opened(world, staff)
    sent = form()
    async with world.anonymous() as http:
        codes = [(await http.post(link, data=sent)).status_code for _ in range(REPORTS_PER_MINUTE + 5)]
    assert set(codes) == {200, 429}
    assert codes.index(429) >= REPORTS_PER_MINUTE


async def test_many_who_report_at_once_are_not_more_than_can_wait(
    world: World, staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await opened(world, staff)
    monkeypatch.setattr(
        "responder.services.registers.reports.send_report.MOST_WAITING", len(await waiting(world, staff)) + 3
    )
    with world.changed(reports=FAST):
        async with world.anonymous() as http:
            forms = [form() for _ in range(12)]
            answers = await asyncio.gather(*(http.post(link, data=each) for each in forms))
            kept = [each for each, answer in zip(forms, answers, strict=True) if answer.status_code == 200]
            again = [(await http.post(link, data=each)).status_code for each in kept]
    assert {each.status_code for each in answers} == {200, 409}
    assert (len(kept), again) == (3, [200] * 3)


async def test_codes_cannot_be_guessed_and_guesses_are_slowed_down(world: World) -> None:
    async with world.anonymous() as http:
        ask = "/api/report-status"
        assert (await http.get(ask)).status_code == 200
        odd = [await http.get(ask, params={"code": each}) for each in ("0" * 9, "<b>", "\x00", "é" * 10)]
        assert {each.status_code for each in odd} == {404}
        assert "<b>" not in odd[1].text
        guesses = [await http.get(ask, params={"code": new_code()}) for _ in range(CODES_PER_MINUTE)]
    assert {each.status_code for each in guesses} == {404, 429}
    assert 1 <= int(guesses[-1].headers["retry-after"]) <= 60
    assert len({new_code() for _ in range(1000)}) == 1000
    assert typed_code(f" {'o' * 4}-{'i' * 3}{'l' * 3} ") == "0000111111"


async def test_only_coordinators_decide(world: World, staff: httpx.AsyncClient, sign_in: SignIn) -> None:
    link = await opened(world, staff)
    code_in(await reported(world, link))
    report = await last(world, staff)
    for username in ("planner", "hospital", "police.tang", "observer"):
        other = await sign_in(username)
        path = f"{world.path}/reports"
        answers = [
            await other.get(path),
            await other.get(f"{world.path}/report-link"),
            await other.delete(f"{world.path}/report-link"),
            await other.post(f"{path}/{report['id']}/accept", json=accept()),
            await other.post(f"{path}/{report['id']}/dismiss", json={"reason": "gone"}),
            await other.delete(f"{path}/{report['id']}/content"),
        ]
        assert {each.status_code for each in answers} == {403}, username
    strange = f"/api/circles/{world.strange_circle_id}/reports"
    assert (await staff.get(strange)).status_code == 404
    assert report["id"] in {each["id"] for each in await waiting(world, staff)}


class Later:
    """A clock that is ahead."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return SystemClock().now() + self.by


async def forget(world: World, after: timedelta) -> None:
    now = SystemClock().now() + after
    async with world.database.begin() as transaction:
        await transaction.reports.forget(
            dismissed_before=now - DISMISSED_KEPT,
            accepted_before=now - CONTENT_KEPT,
            decided_before=now - REPORTS_KEPT,
        )


async def test_what_was_decided_is_forgotten_in_steps_and_what_waits_is_not(
    world: World, staff: httpx.AsyncClient
) -> None:
    link = await opened(world, staff)
    codes = [code_in(await reported(world, link, photo=picture("JPEG"), text="某某")) for _ in range(3)]
    gone, kept, waits = (await waiting(world, staff))[-3:]
    await staff.post(f"{world.path}/reports/{gone['id']}/dismiss", json={"reason": "gone"})
    await staff.post(f"{world.path}/reports/{kept['id']}/accept", json=accept(shows_text=True))

    async def left() -> dict[str, tuple[str, bool]]:
        decided = (await staff.get(f"{world.path}/reports", params={"waiting": False, "limit": 100})).json()
        of_all = [*(each["report"] for each in decided["reports"]), *await waiting(world, staff)]
        ours = {gone["id"], kept["id"], waits["id"]}
        return {each["id"]: (each["text"], each["has_photo"]) for each in of_all if each["id"] in ours}

    day = timedelta(days=1)
    await forget(world, DISMISSED_KEPT - day)
    assert set((await left()).values()) == {("某某", True)}
    await forget(world, DISMISSED_KEPT + day)
    assert await left() == {
        gone["id"]: ("", False),
        kept["id"]: ("某某", True),
        waits["id"]: ("某某", True),
    }
    await forget(world, CONTENT_KEPT + day)
    assert (await left())[kept["id"]] == ("", False)
    await forget(world, REPORTS_KEPT + day)
    assert await left() == {waits["id"]: ("某某", True)}
    assert [(await status(world, each)).status_code for each in codes] == [404, 404, 200]


async def test_nothing_is_kept_of_who_reports(world: World, staff: httpx.AsyncClient) -> None:
    link = await opened(world, staff)
    code_in(await reported(world, link))
    report = await last(world, staff)
    UUID(report["id"])
    assert not {"address", "device", "ip", "code"} & set(report)
    audit = (await staff.get(f"{world.path}/audit")).json()
    assert report["id"] not in str(audit), "that a resident reports is no act of an account"
