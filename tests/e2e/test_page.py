"""What holds for the page as a whole."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.e2e.people import DESKTOP, PHONE, SCREENSHOTS, SETTLES_MS, SMALL_PHONE, Circle, Person

BLOCK_7 = "脑科巷7栋"
TOO_SMALL = """(least) => [...document.querySelectorAll("button, a[href], summary, select, input")]
  .filter((each) => each.checkVisibility() && !each.closest(".maplibregl-control-container"))
  // A box is tapped anywhere on its label.
  .map((each) => [(each.matches("[type=checkbox], [type=radio]") && each.closest("label")) || each, each])
  .map(([target, each]) => [target.getBoundingClientRect(), each])
  .filter(([box]) => box.width > 0 && box.height < least)
  .map(([box, each]) => `${each.className || each.tagName} ${Math.round(box.height)}`)"""
SCROLL_DOWN = """() => {
  const body = document.querySelector(".panel-body");
  body.scrollTop = body.scrollHeight;
  return body.scrollTop;
}"""
DRAWN_AGAIN = """async () => {
  const page = document.querySelector("er-app");
  page.requestUpdate();
  await page.updateComplete;
  return document.querySelector(".panel-body").scrollTop;
}"""
SLOW_POSITION = """() => {
  const asked = [];
  navigator.geolocation.getCurrentPosition = (came, failed) => asked.push([came, failed]);
  window.comes = (longitude, latitude) => asked.at(-1)[0]({ coords: { longitude, latitude, accuracy: 12 } });
  window.fails = () => asked.at(-1)[1](new Error("no position"));
}"""
COVERED_BY_TOASTS = """() => {
  const notes = [...document.querySelectorAll(".toast")].map((each) => each.getBoundingClientRect());
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return [...document.querySelectorAll(".panel, .top > *, .banner, .map-controls button")]
    .filter((each) => notes.some((note) => meets(note, each.getBoundingClientRect())))
    .map((each) => each.className);
}"""
TURNED_ROUND = """(each) => {
  const root = getComputedStyle(document.querySelector(".panel"));
  const own = getComputedStyle(each);
  return own.color === root.backgroundColor && own.backgroundColor === root.color;
}"""
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"


async def called(circle: Circle, *, exercise: bool = False) -> None:
    building = await circle.building(BLOCK_7)
    await circle.raise_alert(
        kind="fire", severity="red", exercise=exercise, building_id=building["id"], note="3 楼有浓烟，有老人"
    )


@pytest.mark.drawn
async def test_the_page_asks_no_one_but_its_own_server(circle: Circle) -> None:
    await called(circle)
    staff = await circle.sign_in("community")
    await staff.map_settled()

    hosts = {urlsplit(url).hostname for url in staff.asked if not url.startswith(("data:", "blob:"))}

    assert any(url.startswith("ws") for url in staff.asked)
    assert any("/tiles/" in url for url in staff.asked)
    assert hosts == {"localhost"}


async def test_wrong_password_is_said_in_words_and_the_page_stays(circle: Circle) -> None:
    page = await (await circle.browser.new_context(**PHONE)).new_page()
    await page.goto(circle.stage.url)
    await page.fill("input[name=username]", "community")
    await page.fill("input[name=password]", "wrong")
    await page.click(".sign-in button.primary")

    await expect(page.locator("[role=alert]")).to_have_text("用户名或密码不对。")
    await page.screenshot(path=SCREENSHOTS / "390x844-0-sign-in.png")
    await page.context.close()


async def test_english_is_complete(circle: Circle) -> None:
    await called(circle)
    staff = await circle.sign_in("community", DESKTOP, language="en", scheme="light")
    await expect(staff.page.locator(".members .member").first).to_be_visible()

    for selector in (".counts", ".panel-actions", ".script ol li:not(.address)", ".deliveries > summary"):
        for words in await staff.page.locator(selector).all_inner_texts():
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in words), words
    await expect(staff.page.locator(".members")).to_contain_text("min: turnout")
    await expect(staff.page.locator("html")).to_have_attribute("lang", "en")
    await staff.picture("1440x900-12-english-day")


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_a_small_phone_shows_all_and_every_target_is_big_enough(circle: Circle, scheme: str) -> None:
    await called(circle)
    hospital = await circle.sign_in("hospital.wen", SMALL_PHONE, scheme=scheme)
    await expect(hospital.page.locator(".answer .respond")).to_be_in_viewport(ratio=1)
    await expect(hospital.page.locator(".incident-header h2")).to_be_in_viewport(ratio=1)
    await expect(hospital.page.locator(".my-numbers")).to_be_in_viewport(ratio=1)
    await hospital.picture(f"360x640-{scheme}-partner")

    assert await hospital.page.evaluate(TOO_SMALL, 48) == []
    assert not await hospital.page.evaluate(OVERFLOWS)


async def test_an_alert_that_opens_by_itself_begins_at_its_top_and_then_stays_where_it_is(
    circle: Circle,
) -> None:
    hospital = await circle.sign_in("hospital.wen", SMALL_PHONE)
    assert await hospital.page.evaluate(SCROLL_DOWN) > 0

    await called(circle)

    await expect(hospital.page.locator(".incident-header h2")).to_be_in_viewport(ratio=1)
    await hospital.picture("360x640-alert-at-its-top")
    assert await hospital.page.evaluate(SCROLL_DOWN) > 0
    assert await hospital.page.evaluate(DRAWN_AGAIN) > 0


async def test_a_closure_begins_at_its_top_wherever_the_page_was(circle: Circle) -> None:
    staff = await circle.sign_in("community", SMALL_PHONE)
    start = staff.page.get_by_role("button", name="在地图上封闭一段路")
    if not await start.is_visible():
        await staff.page.locator("summary", has_text="通行限制").click()
    assert await staff.page.evaluate(SCROLL_DOWN) > 0

    await start.click()

    await expect(staff.page.locator(".view-header")).to_contain_text("封闭")
    await expect(staff.page.locator(".view-header h2")).to_be_in_viewport(ratio=1)


async def test_what_stands_on_the_map_stays_clear_of_the_banners_of_several_incidents(
    circle: Circle,
) -> None:
    await called(circle)
    building = await circle.building("脑科巷13栋")
    await circle.raise_alert(kind="gas", severity="orange", exercise=False, building_id=building["id"])
    staff = await circle.sign_in("community", PHONE)
    await staff.page.get_by_role("button", name="返回").click()
    await staff.page.locator(".panel-actions .call").click()
    await expect(staff.page.locator(".incident-banner")).to_have_count(2)
    await staff.picture("390x844-23-two-incidents")

    # A button with something over its middle cannot be clicked.
    await staff.page.get_by_role("button", name="回到当前位置").click()
    await staff.page.get_by_role("button", name="图层与图例").click()

    await expect(staff.page.locator(".legend")).to_be_visible()


async def test_an_alert_can_be_raised_and_ended_with_the_keyboard_alone(circle: Circle) -> None:
    staff = await circle.sign_in("community")
    await focus(staff, "报警 · 呼叫联动力量")
    await staff.page.keyboard.press("Enter")
    await focus(staff, "找楼栋")
    await staff.page.keyboard.type(BLOCK_7)
    await staff.page.keyboard.press("Tab")
    await staff.page.keyboard.press("Enter")
    await expect(staff.page.locator(".view-header h2")).to_have_text(BLOCK_7)
    await staff.page.wait_for_timeout(SETTLES_MS)
    await focus(staff, "冒烟异味")
    await staff.page.keyboard.press("Enter")
    await expect(staff.page.locator(".incident-header h2")).to_have_text(BLOCK_7)

    # In its first seconds the button counts down what is left to undo the alert.
    await expect(staff.page.locator('[data-end="false_alarm"]')).to_be_visible()
    await focus(staff, "误报，撤回")
    await staff.page.keyboard.press("Enter")

    await expect(staff.page.locator(".ended-line")).to_be_visible()


async def focus(person: Person, name: str) -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(90):
        await person.page.keyboard.press("Tab")
        focused = await person.page.evaluate(
            "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        )
        if focused.strip() == name:
            return
    pytest.fail(f"{name} cannot be reached with the keyboard")


async def test_an_alert_is_announced_to_a_screen_reader_once_and_for_those_called_only(
    circle: Circle,
) -> None:
    staff = await circle.sign_in("observer")
    hospital = await circle.sign_in("hospital.wen", PHONE)

    await called(circle)

    await expect(hospital.page.locator("[role=alert].unseen")).to_contain_text(f"新警情：火情，{BLOCK_7}")
    await expect(staff.page.locator(".incident-header")).to_be_visible()
    await expect(staff.page.locator("[role=alert].unseen")).to_have_text("")


async def test_here_raises_where_the_device_is(circle: Circle) -> None:
    at = (112.98542, 28.15925)
    staff = await circle.sign_in("community", PHONE, here=at)
    await staff.page.locator(".panel-actions .call").click()
    await staff.page.get_by_role("button", name="就在我这里").click()

    await expect(staff.page.locator(".view-header")).to_contain_text("靠近脑科巷")
    await staff.call_for("人员被困")

    await expect(staff.page.locator(".incident-header")).to_contain_text("人员被困")
    await expect(staff.page.locator(".address")).to_contain_text("28.15925")


@pytest.mark.drawn
async def test_bands_are_drawn_for_the_chosen_unit(circle: Circle) -> None:
    await called(circle)
    staff = await circle.sign_in("community", DESKTOP)
    await staff.page.get_by_role("button", name="图层与图例").click()
    async with staff.page.expect_response(lambda answer: "/isochrones" in answer.url and answer.ok):
        await staff.page.locator(".legend label", has_text="等时圈").click()
    async with staff.page.expect_response(lambda answer: "profile=fire_engine" in answer.url and answer.ok):
        await staff.page.locator(".legend select").select_option("fire_engine")

    drawn = await staff.page.evaluate(
        """async () => {
          const { current } = window.responder;
          const deadline = performance.now() + 60_000;
          while (performance.now() < deadline) {
            const found = current.view.map.queryRenderedFeatures({ layers: ["bands"] });
            if (found.length > 0) return found.map(({ properties }) => properties.minutes);
            await new Promise((done) => setTimeout(done, 100));
          }
          return [];
        }"""
    )

    assert set(drawn) & {5, 10, 15}
    await staff.picture("1440x900-13-bands")


async def test_a_position_that_came_takes_its_note_away_and_fetches_no_one_back(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE, language="en")
    await staff.page.evaluate(SLOW_POSITION)
    note = staff.page.locator(".toast", has_text="Finding your position")
    here = staff.page.get_by_role("button", name="Here, where I am")

    await staff.page.locator(".panel-actions .call").click()
    await here.click()
    await expect(note).to_be_visible()
    assert await staff.page.evaluate(COVERED_BY_TOASTS) == []
    await staff.picture("390x844-34-finding-position-en")
    await staff.page.evaluate("() => window.comes(112.98542, 28.15925)")
    await expect(staff.page.locator(".view-header")).to_contain_text("My position")
    assert await note.count() == 0

    await staff.page.get_by_role("button", name="Back", exact=True).click()
    await staff.page.locator(".panel-actions .call").click()
    await here.click()
    await staff.page.evaluate("() => window.fails()")
    await expect(staff.page.locator(".toast[data-tone=problem]")).to_contain_text("No position")
    assert await note.count() == 0

    await here.click()
    await staff.page.get_by_role("button", name="Back", exact=True).click()
    await staff.page.evaluate("() => window.comes(112.98542, 28.15925)")
    await expect(note).to_have_count(0)
    await expect(staff.page.locator(".panel[data-view=overview]")).to_be_visible()


async def test_a_note_about_a_position_that_never_comes_goes_by_itself(circle: Circle) -> None:
    staff = await circle.sign_in("community", PHONE)
    await staff.page.evaluate(SLOW_POSITION)
    await staff.page.locator(".panel-actions .call").click()
    await staff.page.get_by_role("button", name="就在我这里").click()
    await expect(staff.page.locator(".toast")).to_be_visible()

    await expect(staff.page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "dark"), ("en", "light")])
async def test_what_is_over_says_so_and_why_before_anything_else(
    circle: Circle, language: str, scheme: str
) -> None:
    building = await circle.building(BLOCK_7)
    raised = await circle.raise_alert(kind="fire", severity="red", exercise=False, building_id=building["id"])
    hospital = await circle.sign_in("hospital.wen", PHONE, language=language, scheme=scheme)
    await expect(hospital.page.locator(".answer")).to_be_visible()

    await circle.office.post(f"incidents/{raised['incident']['id']}/end", {"reason": "false_alarm"})

    over = hospital.page.locator(".ended-line")
    said = {"zh-CN": ("误报", "不用再去"), "en": ("false alarm", "nobody needs to go")}[language]
    title = {"zh-CN": "已结束", "en": "Over"}[language]
    for words in said:
        await expect(over).to_contain_text(words)
    await expect(over).to_be_in_viewport(ratio=1)
    await expect(hospital.page.locator(".kind-line")).to_contain_text(title)
    # As loud as what stood there before: ink on the page's ground, turned round.
    assert await over.evaluate(TURNED_ROUND)
    await expect(hospital.page.locator(".panel-actions button")).to_be_in_viewport(ratio=1)
    await hospital.picture(f"390x844-35-false-alarm-{language}")
