"""A planner rehearses a plan without people: chances, where it breaks in words, units that move."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import serious_faults
from tests.e2e.people import DESKTOP, PHONE, Circle
from tests.e2e.test_drill_plan import before, card_of, open_drills, plan_from_template

__all__ = ["before"]


async def open_rehearsal(page: Page, drill: dict[str, Any], language: str = "zh-CN") -> None:
    words = {"menu": "Menu", "drills": "Drills"} if language == "en" else {}
    await open_drills(page, **words)
    await card_of(page, drill).locator("button").click()
    await page.locator("[data-part=rehearse] button").click()
    await expect(page.locator("[data-part=outcomes] li").first).to_be_visible()


async def test_a_plan_is_rehearsed_and_played_and_tells_where_it_breaks(circle: Circle) -> None:
    drill = await plan_from_template(circle, "stroke_at_home")
    person = await circle.sign_in("planner", DESKTOP)
    page = person.page
    await open_rehearsal(page, drill)

    await page.get_by_role("button", name="演 200 遍").click()

    await expect(page.locator(".chance").first).to_contain_text("200 次中")
    # What only an evaluator can tell is said, in words and by the objective's name.
    observed = next(each for each in drill["plan"]["objectives"] if each["measure"] == "observed")
    told = page.locator("[data-code=objective_not_simulated]").first
    await expect(told).to_contain_text(observed["text"])
    breaks = await page.locator(".breaks li").all_inner_texts()
    assert not [text for text in breaks if "{" in text or "_" in text or "%" in text]
    # Each place once, and of what chance decides it is said in how many runs.
    assert len({text.split("\n")[0] for text in breaks}) == len(breaks)
    await expect(page.locator("[data-code=objective_missed] .scope").first).to_contain_text("200 遍中")
    await expect(page.locator("[data-code=objective_missed] .why").first).to_contain_text("原因：")

    arrival = page.locator(".story li[data-kind=on_scene] button").first
    await arrival.click()
    await expect(page.locator(".story li[data-kind=on_scene]").first).not_to_have_attribute("data-later", "")
    clock = page.locator(".player-clock")
    before_play = await clock.inner_text()
    assert before_play == await arrival.locator("time").inner_text()
    await page.get_by_role("button", name="60×").click()
    await page.get_by_role("button", name="播放").click()
    await expect(clock).not_to_have_text(before_play)
    await page.get_by_role("button", name="暂停").click()
    stopped = await clock.inner_text()
    await page.locator(".player-time").fill("0")
    await expect(clock).to_have_text("T+0:00")
    assert stopped != "T+0:00"

    first = await page.locator("[data-part=assumed]").text_content()
    await page.get_by_label("随机种子").fill("7")
    await page.get_by_role("button", name="演一遍").click()
    await expect(page.locator("[data-part=assumed]")).to_contain_text("种子 7")
    assert "种子 1" in (first or "")


async def test_a_server_that_rehearses_another_plan_says_so(circle: Circle) -> None:
    drill = await plan_from_template(circle, "kitchen_fire")
    person = await circle.sign_in("planner", DESKTOP)
    person.expected += ("503 (Service Unavailable)",)
    page = person.page
    await open_rehearsal(page, drill)
    await page.route(
        "**/rehearsal",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body='{"code": "busy", "status": 503}'
        ),
    )

    await page.get_by_role("button", name="演一遍").click()

    await expect(page.locator("er-rehearsal .problem")).to_contain_text("一次只能演一个")


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [
        (PHONE, "light", "en"),
        (PHONE, "dark", "zh-CN"),
        pytest.param(DESKTOP, "dark", "en", marks=pytest.mark.nightly),
    ],
    ids=["phone, light", "phone, dark", "desktop, dark"],
)
async def test_a_rehearsal_is_read_on_a_phone_and_nothing_serious_is_found(
    circle: Circle, size: dict[str, Any], scheme: str, language: str
) -> None:
    drill = await plan_from_template(circle, "blocked_lane_night", language)
    person = await circle.sign_in("planner", size, scheme=scheme, language=language)
    page = person.page
    await open_rehearsal(page, drill, language)

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = await page.locator("er-rehearsal :is(button, summary, input)").evaluate_all(
        "all => all.filter((each) => each.getBoundingClientRect().height < 48).map((each) => each.outerHTML)"
    )
    assert small == []
    assert await serious_faults(page) == []
