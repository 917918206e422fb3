"""Somebody who is called finds on their phone which gates they come to, and whom to call for the key."""

from typing import Any

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle

CREW = "hospital.wen"
PHONE_NUMBER = "000-0000-0007"
CALL = f"a[href='tel:{PHONE_NUMBER}']"


def point_on(legs: list[dict[str, Any]], share: float) -> list[float]:
    points: list[list[float]] = [point for leg in legs for point in leg["coordinates"]]
    return points[int(share * (len(points) - 1))]


def gate(name: str, place: list[float], **holder: str) -> dict[str, Any]:
    return {
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {
            "name": name,
            "kind": "挂锁",
            "note": "夜间上锁",
            "holders": [{"name": "门卫室", "hours": "18:00–08:00", **holder}],
        },
    }


async def test_the_gates_on_the_way_come_in_their_order_with_whom_to_call(circle: Circle) -> None:
    building = await circle.building("脑科巷7栋")
    crew = await circle.sign_in(CREW, PHONE)
    raised = await circle.raise_alert(
        kind="smoke", severity="orange", exercise=True, building_id=building["id"]
    )
    wen = next(each for each in await circle.office.get("people") if each["username"] == CREW)
    [unit_id] = wen["unit_ids"]
    legs = next(each["legs"] for each in raised["response_circle"]["members"] if each["unit_id"] == unit_id)
    await expect(crew.page.locator(".my-assignment")).to_be_visible()
    made = [
        await circle.office.post("gates/features", gate(name, point_on(legs, share)))
        for name, share in (("后一道门", 0.8), ("前一道门", 0.3))
    ]
    try:
        gates = crew.page.locator(".gates-on-way")
        names = gates.locator(".row-button strong", has_text="一道门")
        await expect(names).to_have_text(["前一道门", "后一道门"])
        assert await gates.locator("a[href^='tel:']").count() == 0

        last = made[0]["feature"]["id"]
        await circle.office.put(
            f"gates/features/{last}", gate("后一道门", point_on(legs, 0.8), phone=PHONE_NUMBER)
        )
        await expect(gates.locator(f"a[href='tel:{PHONE_NUMBER}']")).to_contain_text("门卫室")
        await gates.scroll_into_view_if_needed()
        await crew.picture("390x844-gates-on-way")

        await gates.locator(".row-button", has_text="后一道门").click()
        await expect(crew.page.locator(".view-header h2")).to_have_text("后一道门")
        await expect(crew.page.locator("a[href^='tel:']", has_text=PHONE_NUMBER)).to_contain_text(
            "18:00–08:00"
        )
        await crew.picture("390x844-gate")
    finally:
        await circle.office.post("gates/remove", {"ids": [each["feature"]["id"] for each in made]})


async def test_a_gate_is_moved_by_its_form(circle: Circle) -> None:
    first, then = (112.98560, 28.15700), (112.98575, 28.15712)
    made = await circle.office.post("gates/features", gate("挪动的门", [*first], phone=PHONE_NUMBER))
    gate_id = made["feature"]["id"]
    try:
        staff = await circle.sign_in("community", DESKTOP, language="en", scheme="light")
        page = staff.page
        await page.wait_for_function(
            "(id) => window.responder.model.value.loaded.gates.value?.some((each) => each.id === id)",
            arg=gate_id,
        )
        await page.evaluate("(id) => window.responder.showThing('gate', id)", gate_id)
        await page.locator("er-feature-form summary").click()
        await page.get_by_role("button", name="Move it on the map").click()
        await expect(page.get_by_text("Tap the map where it is")).to_be_visible()
        await staff.look_at(*then, zoom=19)
        await staff.tap_map(*then)
        await expect(page.get_by_text("New place chosen")).to_be_visible()
        await staff.picture("1440x900-gate-moved-en")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.locator(".toast")).to_contain_text("Saved")

        gates = {each["id"]: each for each in (await circle.office.get("gates"))["features"]}
        lon, lat = gates[gate_id]["geometry"]["coordinates"]
        assert abs(lon - then[0]) < 0.00005
        assert abs(lat - then[1]) < 0.00005
        assert gates[gate_id]["properties"]["holders"][0]["phone"] == PHONE_NUMBER
    finally:
        await circle.office.post("gates/remove", {"ids": [gate_id]})


async def test_gates_on_the_way_stay_when_the_page_is_opened_without_a_signal(circle: Circle) -> None:
    building = await circle.building("脑科巷7栋")
    crew = await circle.sign_in(CREW, PHONE)
    raised = await circle.raise_alert(
        kind="smoke", severity="orange", exercise=True, building_id=building["id"]
    )
    wen = next(each for each in await circle.office.get("people") if each["username"] == CREW)
    [unit_id] = wen["unit_ids"]
    legs = next(each["legs"] for each in raised["response_circle"]["members"] if each["unit_id"] == unit_id)
    made = await circle.office.post(
        "gates/features", gate("暗处的门", point_on(legs, 0.5), phone=PHONE_NUMBER)
    )
    try:
        call = crew.page.locator(f".gates-on-way {CALL}")
        await expect(call).to_be_visible()
        await crew.page.wait_for_function(
            "(phone) => JSON.stringify({ ...localStorage }).includes(phone)", arg=PHONE_NUMBER
        )
        await crew.page.wait_for_function("navigator.serviceWorker.controller !== null")
        await crew.lose_signal()
        await crew.page.reload()
        await crew.page.locator(".incident-card, .incident-header").first.click()
        await expect(call).to_contain_text("门卫室")
    finally:
        await crew.regain_signal()
        await circle.office.post("gates/remove", {"ids": [made["feature"]["id"]]})
