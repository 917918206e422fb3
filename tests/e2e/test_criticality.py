"""Which roads matter most, what a closure costs before it is set, and times that follow it at once."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.people import DESKTOP, PHONE, Circle, Interface, Person
from tests.e2e.test_closure import draw, response_s

BUILDING = "脑科巷14栋"
LOST = re.compile(r"(\d+) 户会有单位来不及")
CHOSEN_ROADS = """async () => {
  const { current } = window.responder;
  const found = current.view.map.querySourceFeatures("critical");
  const chosen = found.filter(({ properties }) => properties.chosen).map(({ properties }) => properties.rank);
  return [...new Set(chosen)];
}"""
OPEN_BUILDING = """async (id) => {
  const { model, showBuilding } = window.responder;
  const found = () => model.value.loaded.buildings.value?.find((each) => each.id === id);
  while (!found()) await new Promise((done) => setTimeout(done, 50));
  showBuilding(found());
}"""


async def open_ranking(page: Page) -> None:
    await page.get_by_role("button", name="图层").click()
    await page.locator(".legend .row-button", has_text="最要紧的路段").click()
    await expect(page.locator(".ranking > li").first).to_be_visible()


async def look_at_building(person: Person, building_id: str) -> None:
    """Look at a building without a finger on the map, which other tests are about."""
    await person.page.evaluate(OPEN_BUILDING, building_id)
    await expect(person.page.locator(".panel[data-view=place]")).to_be_visible()


async def shown_minutes(page: Page) -> list[str]:
    await expect(page.locator(".members li").first).to_be_visible()
    return await page.locator(".members .member-words > small:first-of-type").all_inner_texts()


@pytest.mark.drawn
async def test_the_ranking_names_roads_and_points_them_out_on_the_map(circle: Circle) -> None:
    staff = await circle.sign_in("community")

    await open_ranking(staff.page)

    async with await Interface.as_user(circle.stage, "observer") as interface:
        told = (await interface.get("criticality"))["result"]
    rows = staff.page.locator(".ranking > li")
    await expect(rows).to_have_count(len(told["roads"]))
    first = told["roads"][0]
    await expect(rows.first).to_contain_text(first["name"])
    await expect(rows.first).to_contain_text(f"{first['households']} 户会有单位来不及")
    await staff.picture("1120x720-20-roads-that-matter")

    await rows.first.locator("button").click()

    await expect(rows.first).to_have_attribute("data-chosen", "true")
    await expect(rows.first.locator(".losses tbody tr")).to_have_count(
        len({loss["kind"] for loss in first["losses"]})
    )
    await staff.map_settled()
    assert await staff.page.evaluate(CHOSEN_ROADS) == [1]
    await staff.picture("1120x720-21-road-chosen")


async def test_a_closure_says_its_cost_before_it_is_set_and_everything_follows_it(circle: Circle) -> None:
    building = await circle.building(BUILDING)
    before = await response_s(circle, building)
    await circle.raise_alert(kind="smoke", severity="orange", exercise=True, building_id=building["id"])
    staff = await circle.sign_in("community", DESKTOP)
    watcher = await circle.sign_in("observer")
    await look_at_building(watcher, building["id"])
    seen_before = await shown_minutes(watcher.page)

    # An open incident is the first thing shown after sign-in.
    await staff.page.locator(".panel[data-view=incident]").get_by_role("button", name="返回").click()
    await draw(staff)

    cost = staff.page.locator(".cost")
    await expect(cost.locator(".cost-head strong")).to_have_text(LOST)
    await expect(cost.locator(".losses tbody tr").first).to_be_visible()
    await expect(cost.locator(".cost-incident")).to_contain_text(BUILDING)
    await expect(cost.locator(".cost-incident")).to_contain_text(re.compile("慢|来不及"))
    said = await cost.locator(".cost-head").inner_text()
    assert await response_s(circle, building) == before
    await staff.picture("1440x900-22-cost-of-a-draft")

    await staff.page.get_by_role("button", name="封闭", exact=True).click()

    # What was said before is what it costs now; and who only looks at a building sees other times at once.
    await expect(staff.page.locator(".view-header h2")).to_have_text("临时封闭路段")
    await expect(staff.page.locator(".cost .cost-head")).to_have_text(said.strip())
    await expect(watcher.page.locator(".members")).not_to_contain_text(seen_before[0])
    assert await response_s(circle, building) != before

    await staff.page.get_by_role("button", name="解除，恢复通行").click()

    await expect(watcher.page.locator(".members")).to_contain_text(seen_before[0])
    assert await shown_minutes(watcher.page) == seen_before


async def test_a_phone_shows_cost_ranking_and_sources(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE, scheme="light")
    await staff.page.locator("summary", has_text="未整改隐患").click()
    await staff.page.locator(".row-button", has_text="北支违停占道").click()
    await expect(staff.page.locator(".cost-head")).to_be_visible()
    await staff.picture("390x844-20-cost-of-a-hazard")

    await staff.page.locator(".row-button", has_text="最要紧的路段").click()
    await expect(staff.page.locator(".ranking > li").first).to_be_visible()
    await staff.page.locator(".ranking > li").first.locator("button").click()
    await staff.picture("390x844-21-roads-that-matter")

    await staff.page.get_by_role("button", name="图层").click()
    await staff.page.locator(".legend .row-button", has_text="关于这些时间").click()
    engine = staff.page.locator(".fold", has_text="消防车").last
    await engine.locator("summary").click()
    await expect(engine).to_contain_text("3.5 米")
    await expect(engine).to_contain_text("GB 55037-2022")
    await staff.picture("390x844-22-about-the-times")
