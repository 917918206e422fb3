"""
One drill from its template to its score: completed by a sheet, rehearsed, run with people and robots.

What the score says is counted by hand.
"""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest_asyncio
from openpyxl import Workbook
from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PATIENCE_MS, PHONE, Circle, Interface, Person
from tests.e2e.test_closure import LANE
from tests.e2e.test_drill_plan import XLSX, plan_from_template
from tests.e2e.test_drill_run import open_console, start, times_of_drill

BY_HAND = ("hospital.wen", "property.he", "community.tan")
"""They answer in real browsers; the robots answer by the interface alone."""
ROBOTS = ("hospital.liao", "property.deng")
HEADINGS = ("序号", "时间 T+", "类型", "内容", "期望行动")
ROWS = (
    (11, "00:00", "消息", "三楼住户来电", "社区核实"),
    (12, "00:10", "消息", "楼道有烟", "组织疏散"),
    (13, "20:00", "封路", "南支停了一辆货车", "物业叫司机挪车"),
    (14, "21:00", "消息", "一名老人没有下来", "派人上楼"),
    (15, "22:00", "电话", "记者来电", "由社区统一答复"),
)


@pytest_asyncio.fixture
async def planner(circle: Circle) -> AsyncIterator[Interface]:
    async with await Interface.as_user(circle.stage, "planner") as interface:
        yield interface
        for each in (await interface.get("drills"))["drills"]:
            if each["state"] in {"running", "paused"}:
                await interface.post(f"drills/{each['id']}/end", {})


def sheet_of(rows: tuple[tuple[object, ...], ...]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (HEADINGS, *rows):
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


async def imported(circle: Circle, drill: dict[str, Any]) -> dict[str, Any]:
    """Import five injects in the place of the template's, and draw the lane that one of them closes."""
    base = f"{circle.stage.url}/api/circles/{circle.office.circle_id}/drills/{drill['id']}"
    async with httpx.AsyncClient(headers={"Origin": circle.stage.url}, timeout=60) as http:
        signed = {"username": "planner", "password": circle.stage.password}
        (await http.post(f"{circle.stage.url}/api/session", json=signed)).raise_for_status()
        files = {"file": ("injects.xlsx", sheet_of(ROWS), XLSX)}
        preview = await http.post(f"{base}/injects/import/preview", files=files)
        assert preview.status_code == 200, preview.text
        done = await http.post(f"{base}/injects/import", files=files)
        assert done.status_code == 200, done.text
        completed = (await http.get(base)).json()
        numbers = {each["number"] for each in completed["plan"]["injects"]}
        assert numbers == {11, 12, 13, 14, 15}
        for each in completed["plan"]["injects"]:
            if each["number"] == 13:
                each["closure"] = {"geometry": {"type": "LineString", "coordinates": LANE}}
        saved = await http.put(
            base, json={"plan": completed["plan"], "expected_version": completed["version"]}
        )
        assert saved.status_code == 200, saved.text
    whole: dict[str, Any] = saved.json()
    return whole


async def read(circle: Circle, path: str) -> bytes:
    """Return a document as the planner's browser gets it."""
    async with httpx.AsyncClient(headers={"Origin": circle.stage.url}, timeout=120) as http:
        signed = {"username": "planner", "password": circle.stage.password}
        (await http.post(f"{circle.stage.url}/api/session", json=signed)).raise_for_status()
        answer = await http.get(f"{circle.stage.url}/api/circles/{circle.office.circle_id}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def on_scene_of(planner: Interface, path: str) -> list[dict[str, Any]]:
    facts = (await planner.get(f"{path}/run"))["facts"]
    return [fact for fact in facts if fact["kind"] == "on_scene"]


async def robot_comes(circle: Circle, username: str, alert_id: str) -> None:
    async with await Interface.as_user(circle.stage, username) as robot:
        for state in ("delivered", "accepted", "en_route", "on_scene"):
            at = datetime.now().astimezone().isoformat()
            body = {"action_id": str(uuid4()), "state": state, "at": at}
            await robot.post(f"alerts/{alert_id}/receipts", body)


async def comes_by_hand(person: Person) -> None:
    page = person.page
    for name in ("接警", "出发", "到场"):
        await page.locator(".answer .respond", has_text=name).click()
    await expect(page.locator(".answered")).to_contain_text("已到场")


async def test_from_template_to_report(circle: Circle, planner: Interface) -> None:
    drill = await imported(circle, await plan_from_template(circle, "kitchen_fire"))
    path = f"drills/{drill['id']}"
    assert drill["problems"] == []

    rehearsed = await planner.post(f"{path}/rehearsal", {"seed": 7, "runs": 5})
    again = await planner.post(f"{path}/rehearsal", {"seed": 7, "runs": 5})
    assert rehearsed == again

    staff = await circle.sign_in("planner", DESKTOP)
    people = [await circle.sign_in(name, PHONE) for name in BY_HAND]
    await open_console(staff, drill["id"])
    await start(staff.page)
    for person in people:
        await expect(person.page.locator(".run-bar")).to_contain_text("演练进行中")
    run = (await planner.get(f"{path}/run"))["run"]
    detail = await planner.get(f"incidents/{run['incident_id']}")
    called = {each["recipient_id"] for each in detail["deliveries"]}
    for person in people:
        await comes_by_hand(person)
    for robot in ROBOTS:
        await robot_comes(circle, robot, detail["alerts"][0]["id"])

    async with asyncio.timeout(PATIENCE_MS / 1000):
        while len(await on_scene_of(planner, path)) < len(BY_HAND) + len(ROBOTS):  # noqa: ASYNC110 - what pages do
            await asyncio.sleep(0.1)

    before = await times_of_drill(circle)
    await planner.post(f"{path}/injects/13/give", {})
    assert await times_of_drill(circle) != before
    await people[0].page.locator(".run-bar .observe").click()
    await people[0].page.get_by_role("button", name="做得好").click()
    await expect(people[0].page.locator(".own-observations li")).to_contain_text("已发送")
    await planner.post(f"{path}/end", {})

    # Counted by hand: five came; 11 and 12 were given by themselves, 13 by hand, the others never.
    score = await planner.get(f"{path}/score")
    shown = await planner.get(f"{path}/run")
    on_scene = await on_scene_of(planner, path)
    assert len(on_scene) == len(BY_HAND) + len(ROBOTS)
    assert sum(each["called"] for each in score["attendance"]) == len(called)
    assert sum(each["came"] for each in score["attendance"]) == len(BY_HAND) + len(ROBOTS)
    assert score["observations"] == {"good": 1, "improve": 0, "note": 0}
    states = {each["number"]: each["state"] for each in shown["run"]["injects"]}
    assert states[13] == "given"
    assert {states[14], states[15]} == {"planned"}
    report = await read(circle, f"{path}/report.pdf")
    assert report[:5] == b"%PDF-"
    assert "到场" in (await read(circle, f"{path}/replay.html")).decode()
    first = min(fact["at_s"] for fact in on_scene)
    outcome = next(each for each in shown["outcomes"] if each["met_at_s"] is not None)
    assert outcome["met_at_s"] >= first
