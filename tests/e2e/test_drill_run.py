"""A drill is run from its console, observed from phones, and stands back for a real alert."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PATIENCE_MS, PHONE, Circle, Interface, Person, Stage
from tests.e2e.test_closure import LANE, response_s

NAME = "南支堵车演练"
HOUSE = "脑科巷14栋"
MOVES = "社区值守组"
"""Whose phone tells where it is."""
CONFLICT = "409 (Conflict)"
NO_EXACT_POSITION = """() => {
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (came, failed, options) =>
    options.enableHighAccuracy ? failed({ code: 3, PERMISSION_DENIED: 1 }) : ask(came, failed, options);
}"""
REAL = {"kind": "medical", "severity": "orange", "exercise": False}


@pytest_asyncio.fixture
async def planner(stage: Stage) -> AsyncIterator[Interface]:
    """The planner without a page; what a test has planned or started is over when it is."""
    async with await Interface.as_user(stage, "planner") as interface:
        known = {each["id"] for each in (await interface.get("drills"))["drills"]}
        yield interface
        for each in (await interface.get("drills"))["drills"]:
            if each["state"] in {"running", "paused"}:
                await interface.post(f"drills/{each['id']}/end", {})
            elif each["state"] == "planned" and each["id"] not in known:
                await interface.post(f"drills/{each['id']}/call-off", {})


async def plan(circle: Circle, planner: Interface, **fields: object) -> str:
    house = await circle.building(HOUSE)
    lon, lat = house["geometry"]["coordinates"][0][0]
    lane = {"geometry": {"type": "LineString", "coordinates": LANE}}
    closure = {"number": 1, "after_s": 3000, "kind": "closure", "text": "南支停了一辆货车", "closure": lane}
    whole = {
        "name": NAME,
        "mode": "field",
        "kind": "fire",
        "place": {"lon": lon, "lat": lat, "building_id": house["id"]},
        "starts_at": None,
        "duration_s": 3600,
        "scenario": "楼道里一辆电动车起火。",
        "objectives": [
            {
                "key": "lane",
                "text": "通道两分钟内畅通",
                "measure": "lane_clear",
                "within_s": 120,
                "since_inject": 1,
            },
            {"key": "all", "text": "十分钟内清点五人", "measure": "counted", "within_s": 600, "count": 5},
        ],
        "injects": [
            {**closure, "expected": "物业叫司机挪车", "objective": "lane"},
            {
                "number": 2,
                "after_s": 3100,
                "kind": "message",
                "text": "三楼有老人没下来",
                "expected": "派人上楼",
            },
        ],
        **fields,
    }
    made: dict[str, Any] = await planner.post("drills", {"plan": whole})
    return str(made["id"])


async def open_console(person: Person, drill_id: str) -> Page:
    await person.page.evaluate("(id) => window.responder.showDrillRun(id)", drill_id)
    return person.page


def inject(page: Page, number: int) -> Locator:
    return page.locator(f".inject[data-number='{number}']")


def picture_of(width: int, height: int) -> bytes:
    """Return a PNG as large as a phone's camera makes them."""
    rows = b"".join(b"\0" + bytes((x + y) % 256 for x in range(width)) for y in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        framed = kind + content
        return struct.pack(">I", len(content)) + framed + struct.pack(">I", zlib.crc32(framed))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


async def start(page: Page) -> None:
    """Tap twice: phones ring from then on."""
    await page.get_by_role("button", name="开始演练", exact=True).click()
    await page.locator(".start-drill [data-asking=true]").click()


async def starts_by_hand(staff: Person, drill_id: str) -> None:
    """Start the drill by way of its plan."""
    page = staff.page
    await page.get_by_role("button", name="菜单").click()
    await page.get_by_role("button", name="演练", exact=True).click()
    await page.locator(f"[data-drill='{drill_id}'] button").click()
    await page.get_by_role("button", name="去开始演练").click()
    await start(page)
    await expect(page.locator(".drill-clock[data-standing=running]")).to_be_visible()


async def times_of_drill(circle: Circle) -> dict[str, float]:
    """Return when units would be there by the ways of the drill, but those that move."""
    [incident] = (await circle.office.get("incidents?open=true"))["incidents"]
    members = incident["response_circle"]["members"]
    return {each["unit_name"]: each["response_s"] for each in members if each["unit_name"] != MOVES}


async def real_times(circle: Circle) -> dict[str, float]:
    found = await response_s(circle, await circle.building(HOUSE))
    return {name: seconds for name, seconds in found.items() if name != MOVES}


async def only_observation(planner: Interface, drill_id: str) -> dict[str, Any]:
    [kept] = (await planner.get(f"drills/{drill_id}/observations"))["observations"]
    return dict(kept)


async def observes_without_network(person: Person, planner: Interface, drill_id: str) -> None:
    """Write down with one tap what is seen, and say more of it, where there is no network; then have one."""
    page = person.page
    await page.evaluate(NO_EXACT_POSITION)
    await page.locator(".run-bar .observe").click()
    await expect(page.locator(".drill-lane")).to_contain_text("南支停了一辆货车")
    await person.lose_signal()
    await page.get_by_role("button", name="待改进").click()
    await page.get_by_label("补充几句").fill("水带没有接上")
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": picture_of(2400, 1800)}
    await page.locator(".observed input[type=file]").set_input_files([photo])  # type: ignore[list-item]
    await expect(page.locator(".own-observations li")).to_contain_text("等网络")
    await expect(page.get_by_text("另拍一张")).to_be_visible()
    assert (await planner.get(f"drills/{drill_id}/observations"))["observations"] == []
    await person.regain_signal()
    await expect(page.locator(".own-observations li")).to_contain_text("已发送")


async def test_a_drill_is_run_and_observed_while_real_routes_stay(circle: Circle, planner: Interface) -> None:
    drill_id = await plan(circle, planner)
    staff = await circle.sign_in("planner", DESKTOP)
    wen = await circle.sign_in("hospital.wen", PHONE)
    tan = await circle.sign_in("community.tan", PHONE, here=(112.985, 28.157))
    real = await real_times(circle)
    await starts_by_hand(staff, drill_id)
    for person in (wen, tan):
        await expect(person.page.locator(".run-bar")).to_contain_text("演练进行中")
        await expect(person.page.locator(".exercise-watermark")).to_be_visible()
        await person.page.locator(".answer .respond").click()
    await expect(staff.page.locator(".drill-clock")).to_be_visible()

    # An inject closes a lane: for the drill, and for nobody else.
    before = await times_of_drill(circle)
    await inject(staff.page, 1).get_by_role("button", name="立即注入").click()
    await expect(inject(staff.page, 1)).to_contain_text("已注入")
    assert await times_of_drill(circle) != before
    assert await real_times(circle) == real
    await expect(inject(staff.page, 2).get_by_role("button", name="暂缓")).to_be_visible()

    await observes_without_network(tan, planner, drill_id)
    seen = staff.page.locator(".observations li")
    await expect(seen).to_contain_text("水带没有接上")
    sizes = "async (each) => { await each.decode(); return [each.naturalWidth, each.naturalHeight]; }"
    assert await seen.locator("img").evaluate(sizes) == [1280, 960]
    async with asyncio.timeout(PATIENCE_MS / 1000):
        # The place follows as soon as the phone knows it; the tap did not wait for that.
        while (kept := await only_observation(planner, drill_id))["lon"] is None:  # noqa: ASYNC110 - as a page does
            await asyncio.sleep(0.1)
    assert (kept["verdict"], kept["lon"], kept["lat"]) == ("improve", 112.985, 28.157)

    # Who stands at the lane reports it clear; people are counted; the console has both.
    await tan.page.locator(".drill-lane button").click()
    await tan.page.get_by_role("button", name="报告：通道已畅通").click()
    await expect(tan.page.locator(".calm")).to_contain_text("已经畅通")
    assert await times_of_drill(circle) == before
    await staff.page.get_by_role("button", name="增加 5 人").click()
    await expect(staff.page.locator(".roll strong")).to_have_text("5")
    await expect(staff.page.locator(".objectives [data-state=met]")).to_have_count(2)

    end = staff.page.locator(".end-drill button")
    await end.click()
    await end.click()
    await expect(staff.page.locator(".drill-clock[data-standing=ended]")).to_be_visible()
    results = staff.page.locator("[data-part=replay] a")
    addresses = [await each.get_attribute("href") or "" for each in await results.all()]
    assert [urlsplit(each).path.rsplit("/", 2)[1:] for each in addresses] == [
        [drill_id, name] for name in ("replay.html", "replay.html", "report.html", "report.pdf")
    ]
    await expect(wen.page.locator(".run-bar")).to_have_count(0)


async def test_a_real_alert_goes_before_a_drill_on_every_screen(circle: Circle, planner: Interface) -> None:
    house = await circle.building(HOUSE)
    drill_id = await plan(circle, planner)
    staff = await circle.sign_in("planner", DESKTOP)
    staff.expected += (CONFLICT,)
    wen = await circle.sign_in("hospital.wen", PHONE)
    await open_console(staff, drill_id)
    await planner.post(f"drills/{drill_id}/start", {"beside_real": False})
    await expect(staff.page.locator(".drill-clock[data-standing=running]")).to_be_visible()
    await expect(wen.page.locator(".exercise-watermark")).to_be_visible()
    await wen.page.locator(".run-bar .observe").click()

    await circle.raise_alert(**REAL, building_id=house["id"])

    for person in (wen, staff):
        await expect(person.page.locator(".incident-header")).to_contain_text("医疗急救")
        await expect(person.page.locator(".exercise-watermark")).to_have_count(0)
        await expect(person.page.locator(".run-bar")).to_contain_text("真实警情，演练已暂停")
    await staff.page.locator(".run-bar").get_by_role("button", name="导调台").click()
    await expect(staff.page.locator(".drill-clock[data-standing=paused_by_alert]")).to_be_visible()
    await expect(inject(staff.page, 1).get_by_role("button", name="立即注入")).to_have_count(0)
    await staff.page.get_by_role("button", name="继续演练").click()
    await expect(staff.page.locator(".beside-real")).to_contain_text("有真实警情正在处置")
    await staff.page.get_by_role("button", name="仍要继续演练").click()
    await expect(staff.page.locator(".drill-clock[data-standing=running]")).to_be_visible()
    await expect(wen.page.locator(".run-bar")).to_contain_text("演练进行中")
    await expect(wen.page.locator(".incident-header")).to_contain_text("医疗急救")


async def test_a_tabletop_shows_one_inject_after_the_other_in_large_letters(
    circle: Circle, planner: Interface
) -> None:
    house = await circle.building(HOUSE)
    drill_id = await plan(circle, planner, mode="tabletop", name="桌面推演")
    await circle.raise_alert(**REAL, building_id=house["id"])
    staff = await circle.sign_in("planner", DESKTOP)
    staff.expected += (CONFLICT,)
    page = await open_console(staff, drill_id)

    # A real alert is open: it takes a second step, said plainly.
    await start(page)
    await expect(page.locator(".beside-real")).to_contain_text("有真实警情正在处置")
    assert (await planner.get(f"drills/{drill_id}"))["state"] == "planned"
    await page.get_by_role("button", name="仍要开始演练").click()

    large = page.locator(".large")
    await expect(large).to_contain_text("楼道里一辆电动车起火。")
    for number, text in ((1, "南支停了一辆货车"), (2, "三楼有老人没下来")):
        await large.get_by_role("button", name=f"注入第 {number} 项").click()
        await expect(large.locator(".large-text")).to_have_text(text)
    await large.get_by_role("button", name="上一项").click()
    await expect(large.locator(".large-text")).to_have_text("南支停了一辆货车")
    await expect(large.locator(".large-expected")).not_to_be_visible()
    await large.locator("summary").click()
    await expect(large.locator(".large-expected")).to_have_text("物业叫司机挪车")
    await large.get_by_role("button", name="导调台").click()
    await expect(page.locator(".inject")).to_have_count(2)


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [(PHONE, "dark", "zh-CN"), (DESKTOP, "light", "en")],
    ids=["phone", "desktop"],
)
async def test_nothing_serious_on_the_screens_of_a_drill_that_runs(
    circle: Circle, planner: Interface, size: dict[str, Any], scheme: str, language: str
) -> None:
    drill_id = await plan(circle, planner)
    await planner.post(f"drills/{drill_id}/start", {"beside_real": False})
    await planner.post(f"drills/{drill_id}/injects/1/give", {})
    staff = await circle.sign_in("planner", size, scheme=scheme, language=language)
    page = await open_console(staff, drill_id)
    await expect(page.locator(".inject")).to_have_count(2)
    faults = {"console": await serious_faults(page)}
    if size is PHONE:
        # A sheet leaves room for the banners above it; a panel beside them is as high as the screen.
        top, panel = [await page.locator(each).bounding_box() or {} for each in (".top", ".panel")]
        assert panel["y"] >= top["y"] + top["height"] - 1
        await page.set_viewport_size({"width": 844, "height": 390})
        await expect(page.locator(".panel")).to_have_css("height", "390px")
        await page.set_viewport_size(PHONE["viewport"])
    await page.evaluate("(id) => window.responder.showObserve(id)", drill_id)
    await page.locator(".verdict").first.click()
    await expect(page.locator(".observed select")).to_be_visible()
    faults["observe"] = await serious_faults(page)
    await page.locator(".drill-lane button").click()
    await expect(page.locator(".drill-note")).to_be_visible()
    faults["lane"] = await serious_faults(page)

    assert {name: found for name, found in faults.items() if found} == {}
