"""A notification that is tapped: the alert is on screen by what it says, whatever the network does."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Route, expect

from tests.e2e.people import PHONE, Circle, Person

pytestmark = pytest.mark.notified
BLOCK_7 = "脑科巷7栋"
KEPT = "() => navigator.serviceWorker.controller !== null"
# Only the browser's push service can have a worker told something, and only a finger can tap: both are handed
# to the worker as events of its own kind, and what it would open is noted.
PUSH = """async (said) => {
  const event = new ExtendableEvent("push");
  event.data = { json: () => JSON.parse(said) };
  let done;
  event.waitUntil = (promise) => (done = promise);
  self.dispatchEvent(event);
  await done;
  return (await self.registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}"""
# What the page held before its scripts had drawn anything.
IN_PAGE = """
new MutationObserver(() => {
  window.inPage ??= document.querySelector("#starting .pushed-notice")?.innerText;
}).observe(document, { childList: true, subtree: true });
"""
TAP = """async () => {
  const [notification] = await self.registration.getNotifications();
  let address = null;
  let done;
  self.clients.openWindow = async (given) => void (address = given);
  self.clients.matchAll = async () => [];
  const event = new NotificationEvent("notificationclick", { notification });
  event.waitUntil = (promise) => (done = promise);
  self.dispatchEvent(event);
  await done;
  return address;
}"""


async def open_by_notification(circle: Circle, person: Person, **changes: object) -> dict[str, Any]:
    """Have a person's phone be told of an alert while the page is closed, and open it by the notification."""
    building = await circle.building(BLOCK_7)
    what = {"kind": "fire", "severity": "red", "exercise": False, "building_id": building["id"]}
    raised = await circle.raise_alert(**{**what, **changes})
    prefix = "【演练】" if raised["incident"]["exercise"] else ""
    said = {
        "v": 1,
        "alert_id": raised["alerts"][0]["id"],
        "incident_id": raised["incident"]["id"],
        "circle_id": circle.office.circle_id,
        "exercise": raised["incident"]["exercise"],
        "severity": "red",
        "head": f"{prefix}火情 · 通知里的七栋",
        "lines": ["步行 4 分钟，从北门进"],
        "link": f"{circle.stage.url}/a/only-for-this-test",
    }
    [worker] = person.page.context.service_workers
    [shown] = await worker.evaluate(PUSH, json.dumps(said))
    assert shown == {"title": said["head"], "body": said["lines"][0], "tag": said["incident_id"]}
    said["address"] = await worker.evaluate(TAP)
    assert said["address"] == f"/#alert={said['alert_id']}&circle={said['circle_id']}"
    return said


async def phone_at_rest(circle: Circle, username: str = "hospital.wen") -> Person:
    """A phone on which the page was open once, and is closed."""
    person = await circle.sign_in(username, {**PHONE, "permissions": ["notifications"]})
    await person.page.wait_for_function(KEPT)
    await close(person)
    return person


async def close(person: Person) -> None:
    """Close the page; what is opened next is a new one on the same phone."""
    await person.page.close()
    person.page = await person.page.context.new_page()
    person.listen()


async def test_the_card_comes_before_the_server_says_a_word_and_the_rest_follows(circle: Circle) -> None:
    hospital = await phone_at_rest(circle)
    said = await open_by_notification(circle, hospital)
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        # The page may have given this request up, and asked again.
        with suppress(PlaywrightError):
            await route.continue_()

    await hospital.page.route("**/api/start", hold)
    await hospital.page.add_init_script(IN_PAGE)
    await hospital.page.goto(circle.stage.url + said["address"])
    in_page = await hospital.page.evaluate("window.inPage")
    assert said["head"] in in_page
    assert said["lines"][0] in in_page
    header = hospital.page.locator(".incident-header h2")
    await expect(header).to_have_text(said["head"])
    await expect(hospital.page.locator(".pushed-lines")).to_have_text(said["lines"][0])
    for number in ("119", "120", "110"):
        await expect(hospital.page.locator(f"a[href='tel:{number}']").first).to_be_visible()
    await expect(hospital.page).to_have_url(f"{circle.stage.url}/")
    await hospital.picture("notification-390x844")

    # Longer than a finger that was on its way to the screen.
    await expect(hospital.page.locator("html[data-just-came]")).to_have_count(0)
    await hospital.page.locator(".answer .respond").click()
    await expect(hospital.page.locator(".panel-actions .waiting")).to_be_visible()

    released.set()
    await expect(header).to_have_text(BLOCK_7)
    await expect(hospital.page.locator(".answer .respond")).to_contain_text("出发")
    await expect(hospital.page.locator(".panel-actions .waiting")).to_have_count(0)


async def test_without_network_the_card_is_there_and_the_answer_goes_out_when_it_is_back(
    circle: Circle,
) -> None:
    hospital = await phone_at_rest(circle)
    said = await open_by_notification(circle, hospital)
    await hospital.lose_signal()
    await hospital.page.goto(circle.stage.url + said["address"])
    await expect(hospital.page.locator(".incident-header h2")).to_have_text(said["head"])
    await expect(hospital.page.locator("html[data-just-came]")).to_have_count(0)
    await hospital.page.locator(".answer .respond").click()
    await expect(hospital.page.locator(".panel-actions .waiting")).to_be_visible()

    await hospital.regain_signal()

    await expect(hospital.page.locator(".incident-header h2")).to_have_text(BLOCK_7)
    await expect(hospital.page.locator(".answer .respond")).to_contain_text("出发")
    await expect(hospital.page.locator(".panel-actions .waiting")).to_have_count(0)
    detail = await circle.office.get(f"incidents/{said['incident_id']}")
    assert "accepted" in {each["state"] for each in detail["deliveries"]}


async def test_an_exercise_looks_like_one_before_anything_else_has_come(circle: Circle) -> None:
    hospital = await phone_at_rest(circle)
    said = await open_by_notification(circle, hospital, exercise=True)
    await hospital.lose_signal()
    await hospital.page.goto(circle.stage.url + said["address"])
    await expect(hospital.page.locator(".incident-header[data-exercise] h2")).to_have_text(said["head"])
    await expect(hospital.page.locator(".stage[data-exercise]")).to_be_visible()


async def test_a_link_cannot_show_an_alert_that_was_never_sent(circle: Circle) -> None:
    hospital = await phone_at_rest(circle)
    for alert_id in ("0198c1d2-0000-7000-8000-000000000001", "../../x", ""):
        await hospital.page.goto(f"{circle.stage.url}/#alert={alert_id}&circle={circle.office.circle_id}")
        await expect(hospital.page.locator(".panel-body .calm")).to_be_visible()
        await expect(hospital.page.locator(".incident-header")).to_have_count(0)
        await close(hospital)


async def test_who_is_not_signed_in_reads_the_alert_and_may_answer_by_its_link(circle: Circle) -> None:
    hospital = await phone_at_rest(circle)
    said = await open_by_notification(circle, hospital)
    await hospital.page.context.clear_cookies()
    await hospital.page.goto(circle.stage.url + said["address"])
    notice = hospital.page.locator(".pushed-notice")
    await expect(notice.locator("h2")).to_have_text(said["head"])
    await expect(notice.locator("a.button")).to_have_attribute("href", said["link"])
    await expect(hospital.page.locator("input[name=username]")).to_be_visible()
    await hospital.picture("notification-signed-out-390x844")


async def test_after_signing_out_nothing_of_a_notification_is_left(circle: Circle) -> None:
    hospital = await phone_at_rest(circle)
    said = await open_by_notification(circle, hospital)
    await hospital.page.goto(circle.stage.url)
    await expect(hospital.page.locator(".connection")).to_have_attribute("data-phase", "live")
    await hospital.page.locator("er-menu button.square").click()
    await hospital.page.get_by_text("退出登录").click()
    await expect(hospital.page.locator("input[name=username]")).to_be_visible()
    await close(hospital)
    await hospital.page.goto(circle.stage.url + said["address"])
    await expect(hospital.page.locator("input[name=username]")).to_be_visible()
    await expect(hospital.page.locator(".pushed-notice")).to_have_count(0)
