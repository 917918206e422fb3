"""A lane closed on the map changes who comes, at once, on every screen."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.people import PHONE, Circle, Person

BLOCK_9 = "脑科巷9栋"
# Two places on the south branch, between its mouth and the fork.
LANE = [(112.98502, 28.15665), (112.98497, 28.15715)]
NAME = "南支开挖"


async def response_s(circle: Circle, building: dict[str, Any]) -> dict[str, float]:
    found = await circle.reach(building["id"])
    return {member["unit_name"]: member["response_s"] for member in found["members"]}


async def draw(person: Person) -> None:
    closures = person.page.locator("summary", has_text="通行限制")
    start = person.page.get_by_role("button", name="在地图上封闭一段路")
    if not await start.is_visible():
        await closures.click()
    await start.click()
    await person.look_at(*LANE[0], zoom=18)
    for lon, lat in LANE:
        await person.tap_map(lon, lat)
    await expect(person.page.locator(".view-header")).to_contain_text("已选")


@pytest.mark.drawn
async def test_a_closure_drawn_on_the_map_changes_who_comes_and_lifting_it_restores_the_times(
    circle: Circle,
) -> None:
    building = await circle.building("脑科巷14栋")
    before = await response_s(circle, building)
    staff = await circle.sign_in("community")
    hospital = await circle.sign_in("hospital", PHONE)

    await draw(staff)
    await staff.page.get_by_label("名称").fill(NAME)
    await staff.picture("1120x720-10-closure-drawn")
    await staff.page.get_by_role("button", name="封闭", exact=True).click()

    await expect(staff.page.locator(".view-header h2")).to_have_text(NAME)
    await expect(hospital.page.locator(".row-button", has_text=NAME)).to_have_count(1)
    closed = await response_s(circle, building)
    assert closed != before
    assert all(seconds >= before[unit] for unit, seconds in closed.items() if unit in before)
    await staff.picture("1120x720-11-closure")

    await staff.page.get_by_role("button", name="解除，恢复通行").click()

    await expect(hospital.page.locator(".row-button", has_text=NAME)).to_have_count(0)
    assert await response_s(circle, building) == before


async def test_a_tap_beside_any_lane_draws_nothing(circle: Circle) -> None:
    staff = await circle.sign_in("community")
    await staff.page.get_by_role("button", name="在地图上封闭一段路").click()
    await staff.look_at(112.98435, 28.1575, zoom=18)

    await staff.tap_map(112.98435, 28.1575)

    await expect(staff.page.locator(".toast")).to_contain_text("这里没有道路")
    await expect(staff.page.get_by_role("button", name="封闭", exact=True)).to_be_disabled()


async def test_a_person_who_may_not_close_a_lane_is_not_offered_to(circle: Circle) -> None:
    observer = await circle.sign_in("observer")

    assert await observer.page.get_by_role("button", name="在地图上封闭一段路").count() == 0
    assert await observer.page.locator(".panel-actions .call").count() == 0
