"""A drill that ended is replayed in a page of its own, which opens from a file without network."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.on_map import look_at
from tests.e2e.people import DESKTOP, PATIENCE_MS, PHONE, Circle, Interface
from tests.e2e.test_drill_plan import card_of, open_drills, plan_from_template

CROSSED = """([lon, lat]) => {
  const { map } = window.responder.current.view;
  const { x, y } = map.project([lon, lat]);
  const layers = ["drill-out"];
  return map.getLayer(layers[0]) && map.queryRenderedFeatures([x, y], { layers }).length === 1;
}"""


@pytest_asyncio.fixture
async def drill(circle: Circle) -> AsyncIterator[dict[str, Any]]:
    """A drill that a unit came to, with an inject and an observation, and that is over."""
    made = await plan_from_template(circle, "kitchen_fire")
    async with await Interface.as_user(circle.stage, "planner") as planner:
        run = await planner.post(f"drills/{made['id']}/start", {"beside_real": True})
        detail = await planner.get(f"incidents/{run['incident_id']}")
        await planner.post(f"drills/{made['id']}/injects/1/give", {})
        [out] = [each["number"] for each in made["plan"]["injects"] if each["kind"] == "unit_out"]
        await planner.post(f"drills/{made['id']}/injects/{out}/give", {})
        await planner.post(f"drills/{made['id']}/roll-call", {"people": 12})
        async with await Interface.as_user(circle.stage, "hospital.wen") as partner:
            call = detail["alerts"][0]["id"]
            for state in ("accepted", "en_route", "on_scene"):
                body = {
                    "action_id": str(uuid4()),
                    "state": state,
                    "at": run["started_at"],
                }
                await partner.post(f"alerts/{call}/receipts", body)
        await planner.post(f"drills/{made['id']}/end", {})
    yield made


async def moves_the_map(page: Page) -> None:
    """Move and zoom it in each way."""
    place = page.locator("#map .place")
    ground = page.locator("#map svg > g").first
    frame = await page.locator("#map").bounding_box()
    window = page.viewport_size
    assert frame is not None
    assert window is not None
    # It fills what the list and the controls leave.
    share = 0.4 if window["width"] < 700 else 0.6
    assert frame["width"] * frame["height"] > share * window["width"] * window["height"]

    async def scale() -> float:
        """Return pixels a metre."""
        return float(await ground.evaluate("(each) => each.getCTM().a"))

    async def at() -> tuple[float, float]:
        box = await place.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    first, begin = await scale(), await at()
    await page.get_by_role("button", name="放大").click()
    assert await scale() == pytest.approx(1.5 * first)
    await page.get_by_role("button", name="缩小").click()
    assert await scale() == pytest.approx(first)

    # With the wheel towards the pointer, which stays where it is; then the ground follows the pointer.
    x, y = begin
    await page.mouse.move(x, y)
    await page.mouse.wheel(0, -300)
    await page.wait_for_function(
        "([each, least]) => each.getCTM().a > least", arg=[await ground.element_handle(), 1.5 * first]
    )
    assert await scale() == pytest.approx(2 * first)
    assert await at() == pytest.approx((x, y), abs=2)
    await page.mouse.down()
    await page.mouse.move(x + 60, y - 40, steps=4)
    await page.mouse.up()
    assert await at() == pytest.approx((x + 60, y - 40), abs=2)

    await page.locator("#map").focus()
    await page.keyboard.press("ArrowRight")
    assert await at() == pytest.approx((x - 20, y - 40), abs=2)
    await page.keyboard.press("0")
    assert await at() == pytest.approx(begin, abs=2)
    assert await scale() == pytest.approx(first)

    if page.viewport_size == PHONE["viewport"]:
        await pinch(page, (x, y))
        assert await scale() == pytest.approx(2 * first, rel=0.1)
        await page.get_by_role("button", name="看全部").click()
        assert await scale() == pytest.approx(first)


async def pinch(page: Page, middle: tuple[float, float]) -> None:
    """Take two fingers from 60 to 120 pixels apart."""
    session = await page.context.new_cdp_session(page)
    x, y = middle

    async def touch(kind: str, *apart: float) -> None:
        points = [
            {"x": x + side * each / 2, "y": y, "id": int(side > 0)} for each in apart for side in (-1, 1)
        ]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await touch("touchStart", 60)
    for apart in range(65, 121, 5):
        await touch("touchMove", apart)
    await touch("touchEnd")


@pytest.mark.parametrize("shape", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_replay_plays_seeks_and_opens_without_network(
    circle: Circle, drill: dict[str, Any], tmp_path: Path, shape: dict[str, Any]
) -> None:
    planner = await circle.sign_in("planner", shape)
    page = planner.page
    address = f"{circle.stage.url}/api/circles/{circle.office.circle_id}/drills/{drill['id']}/replay.html"
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    await page.goto(address)

    await expect(page.get_by_role("heading", name="回放")).to_be_visible()
    await expect(page.locator("#story li").first).to_contain_text("演练开始")
    await expect(page.locator("#story")).to_contain_text("急救车组的一人到场")
    await expect(page.locator("#story")).to_contain_text("集合点清点 +12 人，共 12 人")
    await expect(page.locator("#marks .counted")).to_have_count(1)
    await expect(page.locator("#map .unit.out")).to_have_count(0)
    await page.locator("#story button", has_text="到场").first.click()
    await expect(page.locator("#map .unit.on_scene")).not_to_have_count(0)
    await expect(page.locator("#map .unit.out")).to_have_count(1)
    await moves_the_map(page)
    await page.get_by_role("button", name="16×").click()
    await page.get_by_role("button", name="播放").click()
    await expect(page.locator("#state")).to_have_text("结束")
    assert await serious_faults(page) == []

    file = tmp_path / "replay.html"
    file.write_text(await (await page.request.get(address)).text(), encoding="utf-8")
    await planner.lose_signal()
    await page.goto(f"file://{file}#t=0")
    await expect(page.locator("#clock")).to_have_text("0:00")
    await expect(page.locator(".building")).not_to_have_count(0)
    assert faults == []


async def test_the_plan_of_a_drill_that_is_over_links_to_its_replay(
    circle: Circle, drill: dict[str, Any]
) -> None:
    person = await circle.sign_in("planner", PHONE)
    page = person.page
    await open_drills(page)
    await page.locator("summary", has_text="已结束或取消").click()
    await expect(page.locator("details .drill").first).to_have_attribute("data-drill", drill["id"])
    await expect(card_of(page, drill)).to_contain_text("结束")
    await card_of(page, drill).locator("button").click()

    links = page.locator("[data-part=replay] a")
    await expect(links).to_have_count(4)
    await page.get_by_label("含姓名").check()
    await expect(links.last).to_have_attribute("href", re.compile(r"report\.pdf"))
    await expect(links.nth(1)).to_have_attribute("href", re.compile("names=true.*download=true"))
    async with page.context.expect_page() as opened:
        await links.first.click()
    replay = await opened.value
    await expect(replay.get_by_role("heading", name="回放")).to_be_visible()
    assert await serious_faults(page) == []


async def test_a_rehearsal_goes_on_from_a_moment_of_the_replay(circle: Circle, drill: dict[str, Any]) -> None:
    planner = await circle.sign_in("planner", DESKTOP)
    page = planner.page
    address = f"{circle.stage.url}/api/circles/{circle.office.circle_id}/drills/{drill['id']}/replay.html"
    await page.goto(address)
    onward = page.get_by_role("link", name="从这里接着推演")
    await expect(onward).to_have_attribute("href", re.compile(rf"rehearsal={drill['id']}&from=0$"))
    # Over, there is nothing to go on from.
    await page.locator("#story button", has_text="结束").last.click()
    await expect(onward).to_be_hidden()
    await page.locator("#story button", has_text="演练开始").click()

    await onward.click()

    await expect(page.get_by_role("heading", name="接着推演")).to_be_visible()
    await expect(page.locator(".story li[data-kind=goes_on]")).to_have_count(1)
    await expect(page.locator(".story li[data-kind=called]").first).to_be_visible()
    # By the link on it, it is shown again.
    link = await page.locator("[data-part=whence]").get_attribute("href")
    await page.goto(address)
    await page.goto(f"{circle.stage.url}{link}")
    await expect(page.locator("er-rehearsal [data-part=player]")).to_be_visible()
    assert await serious_faults(page) == []

    observer = await circle.sign_in("observer", PHONE)
    for person, query in ((observer, ""), (planner, "?download=true")):
        text = await (await person.page.request.get(address + query)).text()
        assert '"goes_on":null' in text


@pytest.mark.drawn
async def test_a_unit_out_of_service_is_crossed_out_on_the_map(circle: Circle) -> None:
    made = await plan_from_template(circle, "kitchen_fire")
    [out] = [each for each in made["plan"]["injects"] if each["kind"] == "unit_out"]
    units = (await circle.office.get("units"))["features"]
    [post] = [each["geometry"]["coordinates"] for each in units if each["id"] == out["unit_id"]]
    staff = await circle.sign_in("planner", DESKTOP)
    async with await Interface.as_user(circle.stage, "planner") as planner:
        await planner.post(f"drills/{made['id']}/start", {"beside_real": True})
        await expect(staff.page.locator(".run-bar")).to_contain_text("演练进行中")
        await look_at(staff.page, *post, zoom=17, pitch=0)
        assert not await staff.page.evaluate(CROSSED, post)

        await planner.post(f"drills/{made['id']}/injects/{out['number']}/give", {})

        await staff.page.wait_for_function(CROSSED, arg=post, timeout=PATIENCE_MS)
        await staff.page.get_by_role("button", name="图层").first.click()
        await expect(staff.page.locator(".legend .sample-out")).to_be_visible()
        await planner.post(f"drills/{made['id']}/end", {})
        await expect(staff.page.locator(".legend .sample-out")).to_have_count(0)
