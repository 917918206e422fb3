"""Participants say what they think of a drill by a link, without an account, until it is closed."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest

from responder.api.deps.context import FEEDBACK_PER_MINUTE, feedback_pace
from responder.domain.drills.feedback import LASTS
from responder.ports.clock import SystemClock
from responder.security.rate_limit import RateLimiter
from tests.api.conftest import ORIGIN, SignIn, World
from tests.api.test_drill_run import drill, path_of
from tests.api.test_drills import planned

__all__ = ["drill"]


@pytest.fixture(autouse=True)
def _new_pace(world: World) -> Iterator[None]:
    """What one test sends slows down no other."""
    with world.changed(feedback=feedback_pace()):
        yield


class Later:
    """A clock that is ahead."""

    def now(self) -> datetime:
        return SystemClock().now() + LASTS


async def opened(world: World, staff: httpx.AsyncClient, of: dict[str, Any]) -> str:
    answer = await staff.post(f"{path_of(world, of)}/feedback-link")
    assert answer.status_code == 200, answer.text
    return f"/{answer.json()['link']['path']}"


def form(**fields: str) -> Mapping[str, str]:
    return {"id": str(uuid4()), "task": "5", "way": "2", "equipment": "", "text": "", **fields}


async def test_what_is_said_is_kept_once_and_shown_without_a_name(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any]
) -> None:
    link = await opened(world, staff, drill)
    assert await opened(world, staff, drill) == link, "a link that is open stays as it is"
    async with world.anonymous() as http:
        page = await http.get(link)
        assert page.status_code == 200
        assert "&lt;/script&gt;" in page.text
        assert "<script" not in page.text
        assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("no-store", "noindex")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        said = form(text="<b>对讲机\r\n没电</b>")
        for _ in range(2):
            answer = await http.post(link, data=said, headers={"Origin": ORIGIN})
            assert (answer.status_code, "谢谢" in answer.text) == (200, True)
        await http.post(link, data=form(task="2", way="3", equipment="1"))
        foreign = await http.post(link, data=form(), headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403

    shown = (await staff.get(f"{path_of(world, drill)}/feedback")).json()

    summary = shown["summary"]
    assert summary["answers"] == 2
    assert [each["text"] for each in summary["texts"]] == ["<b>对讲机\n没电</b>"]
    assert [(each["key"], each["n"], each["mean"], each["counts"]) for each in summary["questions"]] == [
        ("task", 2, 3.5, [0, 1, 0, 0, 1]),
        ("way", 2, 2.5, [0, 1, 1, 0, 0]),
        ("equipment", 1, 1.0, [1, 0, 0, 0, 0]),
    ]
    code = await staff.get(f"{path_of(world, drill)}/feedback-link.svg")
    assert (code.headers["content-type"], code.text[:4]) == ("image/svg+xml", "<svg")
    assert link in code.text
    report = await staff.get(f"{path_of(world, drill)}/report.html")
    assert "&lt;b&gt;对讲机" in report.text
    assert "3.5" in report.text
    assert link in report.text


async def test_unknown_closed_and_ended_links_are_answered_alike(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn, drill: dict[str, Any]
) -> None:
    link = await opened(world, staff, drill)
    async with world.anonymous() as http:
        unknown = await http.get(f"{link[:-4]}xxxx")
        with world.changed(clock=Later()):
            over = await http.get(link)
        volunteer = await sign_in("hospital.wen")
        assert (await volunteer.delete(f"{path_of(world, drill)}/feedback-link")).status_code == 403
        assert (await http.get(link)).status_code == 200
        closed = await staff.delete(f"{path_of(world, drill)}/feedback-link")
        assert closed.json()["link"] is None
        answers = [unknown, over, await http.get(link), await http.post(link, data=form())]
    assert {(each.status_code, each.text) for each in answers} == {(404, unknown.text)}
    assert (await staff.get(f"{path_of(world, drill)}/feedback-link.svg")).status_code == 404
    assert (await staff.get(f"{path_of(world, drill)}/feedback")).json()["summary"]["answers"] == 0
    assert await opened(world, staff, drill) != link


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"id=1&task=5",
        b"task=5",
        b"id=00000000-0000-4000-8000-000000000000",
        b"id=00000000-0000-4000-8000-000000000000&task=6",
        b"id=00000000-0000-4000-8000-000000000000&text=a%00b",
        b"id=00000000-0000-4000-8000-000000000000&text=" + b"x" * 501,
        b"&".join(b"a=1" for _ in range(50)),
    ],
)
async def test_what_cannot_be_kept_is_said_and_asked_again(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any], body: bytes
) -> None:
    link = await opened(world, staff, drill)
    async with world.anonymous() as http:
        answer = await http.post(link, content=body)

    assert answer.status_code == 422
    assert "<form" in answer.text
    assert (await staff.get(f"{path_of(world, drill)}/feedback")).json()["summary"]["answers"] == 0


async def test_a_flood_is_slowed_down_and_a_drill_has_only_so_many_answers(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await opened(world, staff, drill)
    monkeypatch.setattr("responder.services.drills.score.feedback.MOST", 1)
    async with world.anonymous() as http:
        codes = [(await http.post(link, data=form())).status_code for _ in range(2)]
        assert codes == [200, 409]
        guesses = [await http.get("/api/feedback/guess") for _ in range(FEEDBACK_PER_MINUTE + 5)]
    assert {each.status_code for each in guesses} == {404, 429}
    assert 1 <= int(guesses[-1].headers["retry-after"]) <= 60


async def test_many_who_answer_at_once_are_not_more_than_a_drill_can_have(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await opened(world, staff, drill)
    monkeypatch.setattr("responder.services.drills.score.feedback.MOST", 5)
    with world.changed(feedback=RateLimiter(1000)):
        async with world.anonymous() as http:
            forms = [form() for _ in range(30)]
            answers = await asyncio.gather(*(http.post(link, data=each) for each in forms))
            kept = [each for each, answer in zip(forms, answers, strict=True) if answer.status_code == 200]
            # Who sends again is not told that the link is closed.
            again = [(await http.post(link, data=each)).status_code for each in kept]

    assert (len(kept), again) == (5, [200] * 5)
    assert (await staff.get(f"{path_of(world, drill)}/feedback")).json()["summary"]["answers"] == 5


@pytest.mark.parametrize("token", ["%00", "a%00b", "%ff", "%ED%A0%80", "a;b", "'--"])
async def test_a_link_that_can_be_none_is_answered_as_an_unknown_one(world: World, token: str) -> None:
    link = f"/api/feedback/{token}"
    with world.changed(feedback=RateLimiter(1000)):
        async with world.anonymous() as http:
            shown, given = await http.get(link), await http.post(link)

    assert (shown.status_code, given.status_code) == (404, 404)
    assert shown.text == given.text


async def test_a_text_that_names_someone_is_taken_out_and_the_ratings_stay(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any], sign_in: SignIn
) -> None:
    link = await opened(world, staff, drill)
    async with world.anonymous() as http:
        for text in ("某某没到", "对讲机没电"):
            await http.post(link, data=form(text=text))
    path = f"{path_of(world, drill)}/feedback"
    texts = (await staff.get(path)).json()["summary"]["texts"]
    named = next(each["id"] for each in texts if each["text"] == "某某没到")
    other = await sign_in("police.tang")
    assert (await other.delete(f"{path}/{named}/text")).status_code == 403

    answers = [await staff.delete(f"{path}/{named}/text") for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 404]
    left = (await staff.get(path)).json()["summary"]
    assert [each["text"] for each in left["texts"]] == ["对讲机没电"]
    assert (left["answers"], left["questions"][0]["n"]) == (2, 2)
    report = await staff.get(f"{path_of(world, drill)}/report.html")
    assert "某某没到" not in report.text


async def test_what_was_typed_stays_in_a_form_that_is_refused(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any]
) -> None:
    link = await opened(world, staff, drill)
    async with world.anonymous() as http:
        answer = await http.post(link, data=form(text="长" * 501 + "</textarea>"))

    assert answer.status_code == 422
    assert "长&lt;/textarea&gt;</textarea>" in answer.text
    assert re.findall(r'name="(\w+)" value="(\d)" checked', answer.text) == [("task", "5"), ("way", "2")]


async def test_a_drill_that_was_not_started_has_nothing_to_be_said_of(
    world: World, staff: httpx.AsyncClient
) -> None:
    made = await planned(staff, world, mode="tabletop")
    answer = await staff.post(f"{path_of(world, made)}/feedback-link")
    assert (answer.status_code, answer.json()["code"]) == (409, "drill_not_running")


async def test_a_report_is_named_after_its_drill(
    world: World, staff: httpx.AsyncClient, drill: dict[str, Any]
) -> None:
    answer = await staff.get(f"{path_of(world, drill)}/report.html")

    named = answer.headers["content-disposition"]
    fallback, _, whole = named.partition("; filename*=UTF-8''")
    assert re.fullmatch(r'attachment; filename="exercise-report-\d{4}-\d\d-\d\d\.html"', fallback)
    name = unquote(whole)
    assert name.startswith("【演练】")
    assert "演练" in name[4:]
    assert name.endswith("演练评估总结报告.html")
    assert not set(name) & set('/\\:*?"<>|')
