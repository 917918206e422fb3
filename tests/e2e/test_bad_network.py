"""A stairwell: no signal, then signal again. Nothing is lost and nothing pretends to be live."""

from playwright.async_api import expect

from tests.e2e.people import PATIENCE_MS, PHONE, SETTLES_MS, Circle

BLOCK_7 = "脑科巷7栋"
# What in the footer has the colour of things done.
GREEN_OR_TICKED = """() => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--respond)";
  const green = getComputedStyle(probe).color;
  probe.remove();
  return [...document.querySelectorAll(".panel-actions *")]
    .filter((each) => [getComputedStyle(each).color, getComputedStyle(each).backgroundColor].includes(green))
    .map((each) => each.outerHTML.slice(0, 80));
}"""


async def test_an_answer_given_without_signal_is_kept_said_and_sent_later(circle: Circle) -> None:
    building = await circle.building(BLOCK_7)
    await circle.raise_alert(kind="fire", severity="red", exercise=False, building_id=building["id"])
    staff = await circle.sign_in("community")
    hospital = await circle.sign_in("hospital.wen", PHONE)
    crew = staff.page.locator(".members li", has_text="急救车组").locator(".state")
    await expect(crew).to_have_text("已看到")

    await hospital.lose_signal()
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "offline")
    await expect(hospital.page.locator(".banner.stale")).to_contain_text("没有网络")
    await hospital.page.get_by_role("button", name="接警，我去").click()
    await expect(hospital.page.locator(".waiting")).to_contain_text("联网后自动发送")
    await hospital.picture("390x844-9-offline")
    await expect(crew).to_have_text("已看到")

    await hospital.regain_signal()

    await expect(crew).to_have_text("已接警", timeout=PATIENCE_MS * 3)
    await expect(hospital.page.locator(".waiting")).to_have_count(0)
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "live")


async def test_what_happened_in_the_meantime_is_there_when_the_signal_is_back(circle: Circle) -> None:
    building = await circle.building(BLOCK_7)
    hospital = await circle.sign_in("hospital.wen", PHONE)
    await hospital.lose_signal()
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "offline")

    await circle.raise_alert(kind="smoke", severity="orange", exercise=False, building_id=building["id"])
    await hospital.regain_signal()

    await expect(hospital.page.locator(".incident-header h2")).to_have_text(BLOCK_7, timeout=PATIENCE_MS * 3)


async def test_a_page_opened_again_without_signal_shows_what_it_knew_and_how_old_that_is(
    circle: Circle,
) -> None:
    building = await circle.building(BLOCK_7)
    hospital = await circle.sign_in("hospital.wen", PHONE)
    # A function: the page's policy forbids to evaluate text again and again.
    await hospital.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await circle.raise_alert(kind="fire", severity="red", exercise=False, building_id=building["id"])
    await expect(hospital.page.locator(".incident-header h2")).to_have_text(BLOCK_7)

    await hospital.lose_signal()
    await hospital.page.reload()

    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "offline")
    await expect(hospital.page.locator(".banner.stale")).to_contain_text("没有网络，显示的是")
    await expect(hospital.page.locator(".incident-header h2")).to_have_text(BLOCK_7)


async def test_on_scene_looks_sent_only_when_the_server_has_it(circle: Circle) -> None:
    building = await circle.building(BLOCK_7)
    await circle.raise_alert(kind="fire", severity="red", exercise=False, building_id=building["id"])
    hospital = await circle.sign_in("hospital.wen", PHONE)
    await expect(hospital.page.locator(".answer .respond")).to_be_visible()
    await hospital.page.wait_for_timeout(SETTLES_MS)
    await hospital.page.get_by_role("button", name="接警，我去").click()
    await hospital.page.get_by_role("button", name="出发", exact=True).wait_for()
    await hospital.page.wait_for_timeout(SETTLES_MS)
    await hospital.page.get_by_role("button", name="出发", exact=True).click()
    await hospital.page.get_by_role("button", name="到场").wait_for()
    await expect(hospital.page.locator(".waiting")).to_have_count(0)
    await hospital.page.wait_for_timeout(SETTLES_MS)
    await hospital.lose_signal()
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "offline")

    await hospital.page.get_by_role("button", name="到场").click()

    await expect(hospital.page.locator(".waiting")).to_contain_text("“已到场”还没送出，指挥席还不知道")
    await expect(hospital.page.locator(".answered")).to_have_count(0)
    assert await hospital.page.evaluate(GREEN_OR_TICKED) == []
    await hospital.picture("390x844-32-on-scene-unsent")

    await hospital.regain_signal()

    await expect(hospital.page.locator(".answered")).to_contain_text("已到场", timeout=PATIENCE_MS * 3)
    await expect(hospital.page.locator(".waiting")).to_have_count(0)
    assert await hospital.page.evaluate(GREEN_OR_TICKED) != []
