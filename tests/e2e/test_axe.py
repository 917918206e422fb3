"""axe-core finds nothing serious on the screens of channels, ladders, alerts and gates."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle, Person
from tests.e2e.test_proposals import decide, send_in, warning

SMOKE = {"kind": "smoke", "severity": "orange"}


async def of(page: Page, *, ready: str) -> list[str]:
    await expect(page.locator(ready).first).to_be_visible()
    # What just came takes no taps yet, and its buttons are pale for as long.
    await expect(page.locator("[data-just-came]")).to_have_count(0)
    return await serious_faults(page)


async def unfold(page: Page, summary: str) -> None:
    await page.locator(summary).first.scroll_into_view_if_needed()
    await page.locator(summary).first.click()


async def show(person: Person, script: str) -> None:
    await person.page.evaluate(f"() => {{ const look = window.responder; {script}; }}")


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [
        (PHONE, "dark", "zh-CN"),
        (DESKTOP, "light", "en"),
        pytest.param(PHONE, "light", "en", marks=pytest.mark.nightly),
        pytest.param(DESKTOP, "dark", "zh-CN", marks=pytest.mark.nightly),
    ],
    ids=["phone, dark", "desktop, light", "phone, light", "desktop, dark"],
)
async def test_nothing_serious_on_the_screens_of_staff(
    circle: Circle, size: dict[str, Any], scheme: str, language: str
) -> None:
    staff = await circle.sign_in("community", size, scheme=scheme, language=language)
    page = staff.page
    found: dict[str, list[str]] = {}

    async def look(name: str, script: str, ready: str, *unfolded: str) -> None:
        await show(staff, script)
        for summary in unfolded:
            await unfold(page, summary)
        found[name] = await of(page, ready=ready)

    await look("my channels", 'look.showScreen("my_channels")', ".screen .form")
    await look("services", 'look.showScreen("channels")', ".screen .form")
    await look("ladders", "look.showLadders()", ".rung-fields", ".ladder-profile > summary")
    await look(
        "kinds and colours",
        "",
        "[data-code=fire] input",
        ".catalogue > summary",
        "[data-code=fire] > summary",
    )
    gate = (await circle.office.get("gates"))["features"][0]["id"]
    await look("gate", f'look.showThing("gate", "{gate}")', ".feature-form", "er-feature-form summary")
    building = await circle.building("脑科巷7栋")
    await staff.tap_building(building)
    found["raise"] = await of(page, ready=".kind")
    raised = await circle.raise_alert(**SMOKE, exercise=False, building_id=building["id"])
    incident = raised["incident"]["id"]
    await look("incident", f'look.showIncident("{incident}")', ".wanted li", ".ladder summary")
    await look("proof", "", ".proof-table", "er-message-proof summary")
    await page.locator(".call-list > .button").click()
    found["call list"] = await of(page, ready=".call-rows li")
    await circle.calm_down()

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("scheme", "language"), [("dark", "zh-CN"), ("light", "en")])
async def test_nothing_serious_on_the_phone_of_a_person_who_is_called(
    circle: Circle, scheme: str, language: str
) -> None:
    crew = await circle.sign_in("hospital.wen", PHONE, scheme=scheme, language=language)
    building = await circle.building("脑科巷7栋")
    await circle.raise_alert(**SMOKE, exercise=False, building_id=building["id"])
    assert await of(crew.page, ready=".my-assignment") == []


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [(PHONE, "dark", "zh-CN"), (DESKTOP, "light", "en")],
    ids=["phone", "desktop"],
)
async def test_nothing_serious_on_a_message_of_another_system(
    circle: Circle, tmp_path: Path, size: dict[str, Any], scheme: str, language: str
) -> None:
    staff = await circle.sign_in("community", size, scheme=scheme, language=language)
    words = {"zh-CN": f"隔壁小区：有烟（{scheme}）", "en": f"Smoke next door ({scheme})"}
    file = warning(tmp_path / "warning.cap", headline=words["zh-CN"], english=words["en"])
    await send_in(staff, file)
    row = staff.page.locator(".row-button", has_text=words[language])
    faults = {"sent in": await of(staff.page, ready="er-send-in .row")}
    await row.click()
    faults["proposal"] = await of(staff.page, ready="[data-decide=dismiss] button")
    await decide(staff, "dismiss")
    await expect(staff.page.locator(".toast")).to_be_visible()

    assert {name: found for name, found in faults.items() if found} == {}
