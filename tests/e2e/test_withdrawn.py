"""A person who accepted cannot come after all: staff see it at once, by name."""

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, SETTLES_MS, Circle

CREW = "hospital.wen"


async def test_staff_see_at_once_who_cannot_come_after_all(circle: Circle) -> None:
    staff = await circle.sign_in("community", DESKTOP, language="en", scheme="light")
    crew = await circle.sign_in(CREW, PHONE)
    building = await circle.building("脑科巷7栋")
    await circle.raise_alert(kind="smoke", severity="orange", exercise=True, building_id=building["id"])
    page = crew.page
    await page.get_by_role("button", name="接警，我去").click()
    await page.get_by_role("button", name="出发", exact=True).click()
    await crew.picture("390x844-28-on-the-way")

    leave = page.locator(".panel-actions er-confirm-button button")
    await leave.click()
    await page.wait_for_timeout(SETTLES_MS)
    await expect(staff.page.locator(".problem.withdrawn")).to_have_count(0)
    await leave.click()

    await expect(page.locator(".answered")).to_contain_text("来不了了")
    await crew.picture("390x844-29-cannot-come")
    told = staff.page.locator(".problem.withdrawn")
    await expect(told).to_contain_text("Cannot come after all")
    await expect(staff.page.locator(".deliveries .state[data-state=withdrawn]")).to_have_count(1)
    await expect(page.get_by_role("button", name="到场")).to_have_count(0)
    await staff.picture("1440x900-29-cannot-come-en")


async def test_a_person_who_is_put_back_in_a_called_unit_is_asked_again(circle: Circle) -> None:
    building = await circle.building("脑科巷7栋")
    crew = await circle.sign_in(CREW, PHONE, language="en")
    staff = await circle.sign_in("community", DESKTOP, language="en", scheme="light")
    people = await circle.office.get("people")
    person = next(each for each in people if each["username"] == CREW)
    at = f"people/{person['account_id']}"
    await circle.raise_alert(kind="smoke", severity="orange", exercise=True, building_id=building["id"])
    accept = crew.page.get_by_role("button", name="Accept", exact=True)
    await accept.click()
    accepted = staff.page.locator("[data-count=accepted] dd")
    delivered = staff.page.locator("[data-count=delivered] dd")
    await expect(accepted).to_have_text("1")
    await expect(delivered).to_have_text("1")

    await circle.office.patch(at, {"unit_ids": []})
    await expect(staff.page.locator(".problem.withdrawn")).to_contain_text(person["name"])
    await expect(accept).to_have_count(0)
    await circle.office.patch(at, {"unit_ids": person["unit_ids"]})

    # The same page has shown and confirmed this alert before; it does so again, by itself.
    await expect(accept).to_be_visible()
    await expect(staff.page.locator(".problem.withdrawn")).to_have_count(0)
    await expect(delivered).to_have_text("1")
    await expect(accepted).to_have_text("0")
    await crew.picture("390x844-31-called-again-en")
    await accept.click()
    await expect(accepted).to_have_text("1")
