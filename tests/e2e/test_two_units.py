"""A person in two called units is called once, and only the unit that they choose is on its way."""

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle

CREW = "hospital.wen"


async def test_one_person_in_two_units_comes_with_the_unit_they_choose(circle: Circle) -> None:
    wen = next(each for each in await circle.office.get("people") if each["username"] == CREW)
    units = (await circle.office.get("units"))["features"]
    of_partner = [each["id"] for each in units if each["properties"]["partner_id"] == wen["partner_id"]]
    building = await circle.building("脑科巷7栋")
    alone = await circle.reach(building["id"])
    await circle.office.patch(f"people/{wen['account_id']}", {"unit_ids": of_partner[:2]})
    try:
        both = await circle.reach(building["id"])
        assert both["called"] == alone["called"]
        in_turn = [each for each in both["members"] if each["unit_id"] in of_partner[:2]]
        assert len(in_turn) == 2
        staff = await circle.sign_in("community", DESKTOP)
        crew = await circle.sign_in(CREW, PHONE)
        raised = await circle.raise_alert(
            kind="smoke", severity="orange", exercise=True, building_id=building["id"]
        )
        called = len(raised["deliveries"])
        assert called == both["called"]
        page = crew.page
        quick, slow = (each["unit_name"] for each in in_turn)
        choice = page.locator(".go-with select")
        await expect(choice.locator("option:checked")).to_contain_text(quick)
        await crew.picture("390x844-two-units")
        rows = {name: staff.page.locator(".members li", has_text=name) for name in (quick, slow)}
        await expect(staff.page.locator("[data-count=called] dd")).to_have_text(str(called))

        await choice.select_option(in_turn[1]["unit_id"])
        await page.get_by_role("button", name="接警，我去").click()
        await expect(staff.page.locator("[data-count=accepted] dd")).to_have_text("1")
        await expect(rows[slow].locator(".state[data-state=accepted]")).to_have_count(1)
        await expect(rows[quick].locator(".state[data-state=accepted]")).to_have_count(0)

        await choice.select_option(in_turn[0]["unit_id"])
        await expect(rows[quick].locator(".state[data-state=accepted]")).to_have_count(1)
        await expect(rows[slow].locator(".state[data-state=accepted]")).to_have_count(0)
        await expect(staff.page.locator("[data-count=accepted] dd")).to_have_text("1")
        await page.get_by_role("button", name="出发", exact=True).click()
        await expect(rows[quick].locator(".state[data-state=en_route]")).to_have_count(1)
        await staff.picture("1440x900-two-units")
        await crew.picture("390x844-two-units-under-way")
    finally:
        await circle.office.patch(f"people/{wen['account_id']}", {"unit_ids": wen["unit_ids"]})
