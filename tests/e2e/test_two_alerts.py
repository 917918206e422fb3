"""Two alerts at once: what waits for an answer comes first, and nothing changes places under a finger."""

from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, SETTLES_MS, SMALL_PHONE, Circle, Person

BLOCK_7 = "脑科巷7栋"
BLOCK_13 = "脑科巷13栋"
CREW = "hospital.wen"


async def raised(circle: Circle, name: str, kind: str, severity: str, *, exercise: bool = False) -> None:
    building = await circle.building(name)
    await circle.raise_alert(kind=kind, severity=severity, exercise=exercise, building_id=building["id"])


async def accept(person: Person) -> None:
    """Accept what is on screen."""
    await expect(person.page.locator(".answer .respond")).to_be_visible()
    await person.page.wait_for_timeout(SETTLES_MS)
    await person.page.get_by_role("button", name="接警，我去").click()
    await expect(person.page.get_by_role("button", name="出发", exact=True)).to_be_visible()


async def test_the_page_opens_on_what_still_waits_and_not_on_the_graver_one_that_was_answered(
    circle: Circle,
) -> None:
    await raised(circle, BLOCK_7, "fire", "red")
    crew = await circle.sign_in(CREW, PHONE)
    await accept(crew)
    await expect(crew.page.locator(".waiting")).to_have_count(0)
    await raised(circle, BLOCK_13, "medical", "orange")
    await expect(crew.page.locator(".incident-banner[data-asks]")).to_be_visible()

    # Also when the device has kept the picture from before.
    await crew.page.reload()

    header = crew.page.locator(".incident-header h2")
    await expect(header).to_have_text(BLOCK_13)
    await expect(crew.page.locator(".connection[data-phase=live]")).to_be_visible()
    await expect(header).to_have_text(BLOCK_13)
    # Nothing else waits: the other one is only named.
    await expect(crew.page.locator(".incident-banner")).to_have_count(1)
    await expect(crew.page.locator(".incident-banner[data-asks]")).to_have_count(0)
    await expect(crew.page.locator(".which-one")).to_contain_text(BLOCK_13)
    await crew.picture("390x844-30-waits-first")


async def test_an_alert_that_comes_during_another_stands_above_it_says_that_it_waits_and_takes_one_tap(
    circle: Circle,
) -> None:
    crew = await circle.sign_in(CREW, PHONE)
    await raised(circle, BLOCK_13, "medical", "orange")
    header = crew.page.locator(".incident-header h2")
    await expect(header).to_have_text(BLOCK_13)

    await raised(circle, BLOCK_7, "fire", "red")

    bar = crew.page.locator(".incident-banner[data-asks]")
    await expect(bar).to_contain_text("另有 1 起警情待您回应")
    await expect(bar).to_contain_text(BLOCK_7)
    await expect(bar).to_be_in_viewport(ratio=1)
    await expect(header).to_have_text(BLOCK_13)
    await crew.picture("390x844-31-another-waits")
    await accept(crew)
    await expect(header).to_have_text(BLOCK_13)
    await expect(bar).to_be_visible()

    await bar.click()

    await expect(header).to_have_text(BLOCK_7)
    await expect(crew.page.locator(".which-one")).to_contain_text(BLOCK_7)
    await expect(crew.page.locator(".answer .respond")).to_have_text("接警，我去")
    await expect(bar).to_have_count(0)


async def test_on_a_desktop_too_each_of_several_that_wait_is_one_tap_away(circle: Circle) -> None:
    await raised(circle, BLOCK_7, "fire", "red")
    await raised(circle, BLOCK_13, "medical", "orange")
    await raised(circle, "脑科巷1栋", "gas", "red", exercise=True)

    crew = await circle.sign_in(CREW, DESKTOP, language="en", scheme="light")

    await expect(crew.page.locator(".incident-header")).to_contain_text("Fire")
    bars = crew.page.locator(".incident-banner[data-asks]")
    await expect(bars).to_have_count(2)
    await expect(bars.nth(0)).to_contain_text("2 more waiting for your answer")
    await expect(bars.nth(0)).to_contain_text("Medical")
    await expect(bars.nth(1)).to_contain_text("[EXERCISE]")
    await crew.picture("1440x900-30-several-wait-en")
    await bars.nth(1).click()
    await expect(crew.page.locator(".incident-header .exercise-mark")).to_be_visible()
    await expect(bars.nth(0)).to_contain_text("Fire")


async def test_on_a_small_phone_the_bars_leave_the_head_of_what_is_open_in_sight(circle: Circle) -> None:
    await raised(circle, BLOCK_7, "fire", "red")
    await raised(circle, BLOCK_13, "medical", "orange")
    await raised(circle, "脑科巷1栋", "gas", "yellow")
    await raised(circle, "脑科巷2栋", "smoke", "yellow")

    crew = await circle.sign_in(CREW, SMALL_PHONE)

    bars = crew.page.locator(".incident-banner")
    await expect(bars).to_have_count(2)
    await expect(bars.nth(0)).to_contain_text("另有 3 起警情待您回应")
    await expect(bars.nth(1)).to_have_text("还有 2 起未结束的警情")
    assert await bars.nth(0).locator("strong").evaluate("(each) => each.scrollWidth <= each.clientWidth")
    await crew.picture("360x640-31-several-wait")
    lowest = (await bars.nth(1).bounding_box() or {})["y"] + (await bars.nth(1).bounding_box() or {})[
        "height"
    ]
    assert lowest <= (await crew.page.locator(".panel").bounding_box() or {})["y"]
    await bars.nth(1).click()
    await expect(crew.page.locator(".incident-card .asks")).to_have_count(4)


async def test_no_one_on_the_way_to_a_real_one_opens_the_page_on_an_exercise(circle: Circle) -> None:
    await raised(circle, BLOCK_13, "medical", "orange")
    crew = await circle.sign_in(CREW, PHONE)
    await accept(crew)
    await raised(circle, BLOCK_7, "fire", "red", exercise=True)
    await expect(crew.page.locator(".incident-banner[data-asks]")).to_contain_text("【演练】")

    await crew.page.reload()

    await expect(crew.page.locator(".connection[data-phase=live]")).to_be_visible()
    await expect(crew.page.locator(".incident-header h2")).to_have_text(BLOCK_13)
    await expect(crew.page.locator(".incident-banner[data-asks]")).to_contain_text("【演练】")


TAKES_OVER_UNDER_A_FINGER = """() => new Promise((done) => {
  const wanted = () => document.querySelector(".incident-header:not([data-exercise]) h2");
  new MutationObserver((_, observer) => {
    const button = document.querySelector(".answer .respond");
    if (!wanted() || !button) return;
    observer.disconnect();
    const { pointerEvents } = getComputedStyle(button);
    button.click();
    done([button.innerText.trim(), pointerEvents]);
  }).observe(document, { childList: true, subtree: true, characterData: true });
})"""


async def test_a_finger_on_its_way_to_an_exercise_does_not_accept_the_real_one_that_takes_over(
    circle: Circle,
) -> None:
    await raised(circle, BLOCK_13, "fire", "red", exercise=True)
    crew = await circle.sign_in(CREW, PHONE)
    await expect(crew.page.locator(".exercise-mark")).to_be_visible()
    await crew.page.evaluate(f"() => {{ window.tapped = ({TAKES_OVER_UNDER_A_FINGER})() }}")

    await raised(circle, BLOCK_7, "medical", "orange")

    # It looks as if it did not answer yet, and does not.
    assert await crew.page.evaluate("() => window.tapped") == ["接警，我去", "none"]
    await expect(crew.page.locator(".incident-header h2")).to_have_text(BLOCK_7)
    await crew.page.wait_for_timeout(SETTLES_MS)
    await expect(crew.page.locator(".answer .respond")).to_have_text("接警，我去")
    await crew.page.get_by_role("button", name="接警，我去").click()
    await expect(crew.page.get_by_role("button", name="出发", exact=True)).to_be_visible()
