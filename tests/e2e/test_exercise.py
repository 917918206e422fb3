"""No one takes an exercise for real, or a real incident for an exercise."""

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Person

BLOCK_13 = "脑科巷13栋"
MARK = "【演练】"
LINES = """(each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
}"""


async def looks_like_an_exercise(person: Person) -> bool:
    return await person.page.locator(".exercise-watermark").count() > 0


async def enter_the_drill_console(person: Person) -> None:
    await person.page.get_by_role("button", name="菜单").click()
    await person.page.get_by_text("进入演练控制台").click()
    await expect(person.page.locator(".drill-bar")).to_be_visible()


async def choose(person: Person, name: str) -> None:
    await person.page.locator(".panel-actions .call").click()
    await person.page.get_by_role("searchbox").fill(name)
    await person.page.locator("er-building-search .row-button", has_text=name).click()


async def test_an_exercise_starts_in_its_console_only_and_is_marked_on_every_screen(circle: Circle) -> None:
    planner = await circle.sign_in("planner", DESKTOP)
    hospital = await circle.sign_in("hospital.wen", PHONE)
    # Outside the console a planner can raise nothing at all.
    assert await planner.page.locator(".panel-actions .call").count() == 0

    await enter_the_drill_console(planner)
    assert await looks_like_an_exercise(planner)
    await choose(planner, BLOCK_13)
    await expect(planner.page.locator(".member").first).to_be_visible()
    await planner.picture("1440x900-8-drill-console")
    await planner.call_for("火情")

    for person in (planner, hospital):
        await expect(person.page.locator(".incident-header .exercise-mark")).to_have_text(MARK)
        await expect(person.page.locator(".exercise-note")).to_contain_text("请勿拨打")
        assert await looks_like_an_exercise(person)
        assert MARK in await person.page.title()
    # It is an exercise's button that accepts an exercise, too; nothing else differs.
    await expect(hospital.page.locator(".answer .respond")).to_be_visible()
    await hospital.picture("390x844-8-exercise-partner")
    await planner.picture("1440x900-9-exercise")


async def test_a_real_alert_goes_before_an_exercise_that_is_open(circle: Circle) -> None:
    building = await circle.building(BLOCK_13)
    await circle.raise_alert(kind="fire", severity="red", exercise=True, building_id=building["id"])
    hospital = await circle.sign_in("hospital.wen", PHONE)
    await expect(hospital.page.locator(".exercise-mark")).to_be_visible()

    await circle.raise_alert(kind="medical", severity="orange", exercise=False, building_id=building["id"])

    await expect(hospital.page.locator(".incident-header")).to_contain_text("医疗急救")
    assert not await looks_like_an_exercise(hospital)
    await expect(hospital.page.locator(".incident-banner[data-exercise]")).to_contain_text(MARK)


async def test_a_real_alert_carries_no_mark_of_an_exercise(circle: Circle) -> None:
    building = await circle.building(BLOCK_13)
    hospital = await circle.sign_in("hospital.wen", PHONE)

    await circle.raise_alert(kind="gas", severity="red", exercise=False, building_id=building["id"])

    await expect(hospital.page.locator(".answer .respond")).to_be_visible()
    assert not await looks_like_an_exercise(hospital)
    assert MARK not in await hospital.page.inner_text("body")


async def test_on_a_phone_the_banner_of_the_console_takes_two_lines_at_most_in_either_language(
    circle: Circle,
) -> None:
    for language, leave in (("en", "Leave the drill console"), ("zh-CN", "退出演练控制台")):
        planner = await circle.sign_in("planner", PHONE, language=language)
        await planner.page.locator("er-menu > button").click()
        await planner.page.locator(".menu .exercise").click()
        bar = planner.page.locator(".drill-bar")
        await expect(bar).to_be_visible()
        await planner.picture(f"390x844-33-drill-banner-{language}")

        assert await bar.locator("strong").evaluate(LINES) <= 2
        assert (await bar.bounding_box() or {})["height"] <= 64
        assert await looks_like_an_exercise(planner)
        await bar.get_by_role("button", name=leave).click()
        await expect(bar).to_have_count(0)
