"""Somebody who is called finds on their phone which gates they come to, and whom to call for the key."""

from typing import Any

from playwright.async_api import expect

from tests.e2e.people import PHONE, Circle

CREW = "hospital.wen"
PHONE_NUMBER = "000-0000-0007"
CALL = f"a[href='tel:{PHONE_NUMBER}']"


def point_on(legs: list[dict[str, Any]], share: float) -> list[float]:
    points = [point for leg in legs for point in leg["coordinates"]]
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
