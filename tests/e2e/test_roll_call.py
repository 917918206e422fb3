"""A roll-call of block 7 by three phones, one of them without network, against who really came out."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Person

HOUSE = "脑科巷7栋"
STOREYS, DOORS = 3, 2
LIVE_THERE = 2
"""Behind each door."""
TRUTH = {
    "101": ("out", 2),
    "102": ("out", 1),
    "201": ("out", 2),
    "202": ("needs_carrying", 1),
    "301": ("not_found", 2),
    "302": ("refused", 2),
}
"""What happened; one person of 102 is missing."""


async def raised(circle: Circle, **what: object) -> dict[str, Any]:
    house = await circle.building(HOUSE)
    return await circle.raise_alert(
        **{"kind": "fire", "severity": "red", "exercise": False, "building_id": house["id"], **what}
    )


async def opened(page: Page) -> None:
    """Open the roll-call from the incident."""
    await page.locator(".roll-call-entry button").click()
    await expect(page.locator("er-roll-call, er-doors-form").first).to_be_visible()


def door(page: Page, label: str) -> Locator:
    return page.locator(f".door[data-door='{label}']")


async def tap(page: Page, label: str, state: str) -> None:
    await door(page, label).locator(f"[data-mark={state}]").click()
    await expect(door(page, label)).to_have_attribute("data-state", state)


async def begin(staff: Page) -> None:
    """Say how many storeys and doors there are."""
    await opened(staff)
    for words, n in (("单元数", 1), ("层数", STOREYS), ("每层户数", DOORS), ("每户人数", LIVE_THERE)):
        field = staff.get_by_label(words)
        await field.fill(str(n))
        await field.blur()
    await staff.get_by_role("button", name="开始逐户清点").click()
    await expect(staff.locator(".door[data-door]")).to_have_count(STOREYS * DOORS)


def total(page: Page, name: str) -> Locator:
    return page.locator(f"[data-total={name}] dd")


async def says_the_truth(page: Page) -> None:
    for label, (state, _) in TRUTH.items():
        await expect(door(page, label)).to_have_attribute("data-state", state)
    await expect(total(page, "out")).to_contain_text("5")
    await expect(total(page, "out")).to_contain_text(f"应到 {LIVE_THERE * len(TRUTH)}")
    await expect(total(page, "needs_carrying")).to_have_text("1")
    # Two behind a door where no one answered, and the one missing of a family that is out.
    await expect(total(page, "not_found")).to_have_text("3")
    await expect(total(page, "refused")).to_have_text("2")
    await expect(total(page, "unmarked_doors")).to_have_text("0")


async def three_phones(circle: Circle) -> list[Person]:
    phones = [await circle.sign_in(name, PHONE) for name in ("hospital.wen", "community.zhou", "police.tang")]
    for phone in phones:
        await expect(phone.page.locator(".incident-header")).to_be_visible()
    return phones


async def test_three_phones_one_of_them_offline_come_to_the_truth(circle: Circle) -> None:
    await raised(circle)
    staff = await circle.sign_in("community", DESKTOP)
    await staff.page.locator(".incident-header").wait_for()
    wen, zhou, tang = await three_phones(circle)
    await begin(staff.page)
    for phone in (wen, zhou, tang):
        await opened(phone.page)

    await tang.lose_signal()
    await tap(tang.page, "102", "out")
    await door(tang.page, "102").get_by_role("button", name="少一人").click()
    await tap(tang.page, "202", "needs_carrying")
    await door(tang.page, "202").get_by_label("备注").fill("里间，轮椅")
    await door(tang.page, "202").get_by_label("备注").blur()
    await tap(tang.page, "302", "out")
    await expect(door(tang.page, "302").locator(".door-state")).to_have_text("等网络")
    # The page opens again without network, and has lost nothing.
    await tang.page.reload()
    await opened(tang.page)
    await expect(door(tang.page, "202")).to_have_attribute("data-state", "needs_carrying")
    await expect(tang.page.locator(".roll-call-waiting")).to_contain_text("3 户")

    await tap(wen.page, "101", "out")
    await tap(wen.page, "202", "not_found")
    await tap(zhou.page, "201", "out")
    await tap(zhou.page, "301", "not_found")
    await tap(zhou.page, "302", "refused")
    await expect(total(staff.page, "unmarked_doors")).to_have_text("1")
    await expect(total(staff.page, "out")).to_contain_text("4")

    await tang.regain_signal()

    for person in (staff, wen, zhou, tang):
        await says_the_truth(person.page)
    carry = staff.page.locator("[data-carry='202']")
    await expect(carry).to_contain_text("里间，轮椅")
    await expect(carry).to_contain_text("2 层")
    [incident] = (await circle.office.get("incidents?open=true"))["incidents"]
    told = {each["label"]: (each["state"], each["people"]) for each in incident["roll_call"]["doors"]}
    assert told == TRUTH
    marks = (await circle.office.get(f"incidents/{incident['incident']['id']}/roll-call/marks"))["marks"]
    # Every tap is there: five at the phones with a network, five without.
    assert len(marks) == 5 + 5
    await carry.locator("[data-mark=out]").click()
    for person in (staff, wen, zhou, tang):
        await expect(total(person.page, "needs_carrying")).to_have_text("0")


@pytest.mark.drawn
async def test_a_roll_call_is_legible_by_day_and_in_both_languages(circle: Circle) -> None:
    await raised(circle, exercise=True)
    staff = await circle.sign_in("community", PHONE)
    await staff.page.locator(".incident-header").wait_for()
    await begin(staff.page)
    await tap(staff.page, "201", "needs_carrying")
    await tap(staff.page, "101", "out")
    await staff.picture("roll-call-390x844")
    assert await serious_faults(staff.page) == []

    english = await circle.sign_in("community.zhou", PHONE, language="en", scheme="light")
    await english.page.locator(".incident-header").wait_for()
    await opened(english.page)
    await expect(door(english.page, "201")).to_contain_text("Carry")
    await english.picture("roll-call-390x844-en")
    assert await serious_faults(english.page) == []
    wide = await circle.sign_in("observer", DESKTOP)
    await wide.page.locator(".incident-card, .incident-header").first.click()
    await opened(wide.page)
    await expect(wide.page.locator(".door-buttons")).to_have_count(0)
    await wide.picture("roll-call-1440x900")
