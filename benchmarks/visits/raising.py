"""Staff raise an alert on a phone by the taps that they need: from the first to the commit."""

import time
from dataclasses import dataclass

from playwright.async_api import Browser, Response, expect

from tests.e2e import on_map
from tests.e2e.browsers import Window
from tests.e2e.people import PATIENCE_MS, PHONE, Circle, Interface, Person, Stage

BUILDING = "脑科巷7栋"
KIND = "冒烟"
CREATED = 201
# On the way down: whatever a button does with its tap, it is counted.
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener("click", () => (window.taps += 1), { capture: true });
}"""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An alert that was raised on the page."""

    taps: int
    seconds: float
    """From the first tap, without the time in which a person reads."""


async def raise_by_hand(browser: Browser, url: str, *, password: str, times: int) -> list[Sent]:
    """Sign in as the community's staff with a phone, and raise an alert so many times."""
    stage = Stage(url=url, password=password, service_port=0, demo_services_url="")
    expect.set_options(timeout=PATIENCE_MS)
    async with await Interface.as_user(stage, "community") as office:
        window = Window(browser=browser, draws=True)
        circle = Circle(stage=stage, browser=window, office=office, people=[])
        await circle.calm_down()
        staff = await circle.sign_in("community", PHONE)
        building = await circle.building(BUILDING)
        found = []
        for _ in range(times):
            await staff.map_settled()
            await staff.look_at(*on_map.middle(building))
            await staff.map_settled()
            found.append(await _raise(staff, building))
            await circle.calm_down()
            await staff.page.locator(".incident-header:not([data-ended])").wait_for(state="detached")
            await staff.page.reload()
            await staff.page.wait_for_selector(".connection[data-phase=live]")
        await staff.page.context.close()
    return found


async def _raise(staff: Person, building: dict[str, object]) -> Sent:
    page = staff.page
    await page.evaluate(COUNT_TAPS)
    begun_s = time.perf_counter()
    async with page.expect_response(_is_raised) as answered:
        await staff.tap_building(building)
        await staff.call_for(KIND)
    answer = await answered.value
    seconds = time.perf_counter() - begun_s
    if answer.status != CREATED:
        message = f"the alert was answered by {answer.status}: {await answer.text()}"
        raise RuntimeError(message)
    return Sent(taps=await page.evaluate("window.taps"), seconds=seconds)


def _is_raised(answer: Response) -> bool:
    return answer.request.method == "POST" and answer.url.endswith("/incidents")
