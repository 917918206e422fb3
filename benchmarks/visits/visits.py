"""A person's phone, as slow as cheap ones are: first visit, next visits, a notification that is tapped."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from benchmarks.visits.installation import Installation
from benchmarks.visits.line import Line

SLOWER = 4
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1,
    "has_touch": True,
    "is_mobile": True,
    "locale": "zh-CN",
    "permissions": ["notifications"],
}
FLAGS = [
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
    *("--disable-gpu-rasterization", "--no-sandbox"),
]
PATIENCE_MS = 180_000
REST_S = 3.0
"""The line is at rest when nothing has passed for so long: the map and other screens come before that."""
BUILDINGS = ("脑科巷7栋", "脑科巷5栋")
"""Alerts are raised at both in turn, so that none can be taken for the one before."""
# Notes when the head of an alert is first drawn, by its words and by the clock that the driver has as well.
WATCH = """
window.drawnAt = {};
new MutationObserver(() => {
  const card = document.querySelector(".incident-header:not([data-ended]) h2, #starting .pushed-notice h2");
  const words = card?.textContent.trim();
  if (words && !(words in drawnAt)) requestAnimationFrame(() => (drawnAt[words] ??= Date.now()));
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
MAP = ".maplibregl-canvas"
KEPT = "() => navigator.serviceWorker.controller !== null"
# What the worker does when its notification is tapped, as far as a browser lets a script do that: only a real
# tap may open a window, so that the address is noted and opened from here.
TAP = """async (head) => {
  let shown;
  for (let tries = 0; !shown && tries < 100; tries += 1) {
    if (tries) await new Promise((resolve) => setTimeout(resolve, 50));
    shown = (await self.registration.getNotifications()).find(({ title }) => title === head);
  }
  let address = null;
  self.clients.openWindow = async (given) => void (address = given);
  const event = new NotificationEvent("notificationclick", { notification: shown });
  let done = Promise.resolve();
  event.waitUntil = (promise) => (done = promise);
  self.dispatchEvent(event);
  await done;
  return address;
}"""


@dataclass(kw_only=True)
class Phone:
    """One person's browser, with a profile of its own."""

    context: BrowserContext
    place: Installation
    line: Line
    raised: int = 0

    async def first_visit(self) -> dict[str, float]:
        """Open the page for the first time, sign in at once, and wait for the alert that is open."""
        name, _ = await self._next_alert()
        before_bytes = self.line.down.sent_bytes
        async with self._page() as page:
            begun_ms = 1000 * time.time()
            await page.goto(self.place.address, wait_until="commit")
            await page.fill("input[name=username]", "hospital.wen")
            await page.fill("input[name=password]", self.place.password)
            await page.click(".sign-in button.primary")
            visit_ms = await self._drawn_at(page, name) - begun_ms
            await page.wait_for_function(KEPT)
            await page.wait_for_selector(MAP)
            await self.line.quiet(for_s=REST_S, within_s=180)
        return {"first_visit_ms": visit_ms, "kib_first": (self.line.down.sent_bytes - before_bytes) / 1024}

    async def repeat_visit(self) -> dict[str, float]:
        """Open the page after an alert that was raised while it was closed."""
        name, _ = await self._next_alert()
        before = len(self.line.asked)
        async with self._page() as page:
            begun_ms = 1000 * time.time()
            await page.goto(self.place.address, wait_until="commit")
            visit_ms = await self._drawn_at(page, name) - begun_ms
            at_card = len(self.line.asked) - before
            await page.wait_for_selector(MAP)
            await self.line.quiet(for_s=REST_S, within_s=180)
        in_all = len(self.line.asked) - before
        return {
            "repeat_visit_ms": visit_ms,
            "requests_to_card": at_card,
            "requests_repeat": in_all,
        }

    async def notification(self) -> dict[str, float]:
        """Tap a notification while the page is closed and its worker is asleep."""
        name, raised = await self._next_alert()
        said = {
            "v": 1,
            "alert_id": raised["alerts"][0]["id"],
            "incident_id": raised["incident"]["id"],
            "circle_id": self.place.circle_id,
            "exercise": False,
            "severity": "red",
            "head": f"火警 · {name}",
            "lines": ["步行 4 分钟"],
            "link": None,
        }
        address = await self._told(said)
        async with self._page() as page:
            devtools = await self.context.new_cdp_session(page)
            await devtools.send("ServiceWorker.enable")
            await devtools.send("ServiceWorker.stopAllWorkers")
            begun_ms = 1000 * time.time()
            await page.goto(self.place.address + address, wait_until="commit")
            drawn_ms = await self._drawn_at(page, said["head"])
            return {"card_from_notification_ms": drawn_ms - begun_ms}

    async def _told(self, said: dict[str, Any]) -> str:
        """Have a push come, and return the address that a tap on its notification opens."""
        page = await self.context.new_page()
        await page.goto(self.place.address)
        devtools = await self.context.new_cdp_session(page)
        registered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def note(event: dict[str, Any]) -> None:
            if not registered.done():
                registered.set_result(event["registrations"][0]["registrationId"])

        devtools.on("ServiceWorker.workerRegistrationUpdated", note)
        await devtools.send("ServiceWorker.enable")
        push = {"origin": self.place.address, "registrationId": await registered, "data": json.dumps(said)}
        await devtools.send("ServiceWorker.deliverPushMessage", push)
        [worker] = self.context.service_workers
        await page.close()
        return str(await worker.evaluate(TAP, said["head"]))

    async def _next_alert(self) -> tuple[str, dict[str, Any]]:
        name = BUILDINGS[self.raised % len(BUILDINGS)]
        self.raised += 1
        return name, await self.place.only_alert(name)

    async def _drawn_at(self, page: Page, head: str) -> float:
        """Wait until the alert is on screen, and return when it was, in milliseconds since 1970."""
        drawn = await page.wait_for_function("(head) => window.drawnAt[head]", arg=head)
        return float(await drawn.json_value())

    @asynccontextmanager
    async def _page(self) -> AsyncIterator[Page]:
        page = await self.context.new_page()
        await page.add_init_script(WATCH)
        devtools = await self.context.new_cdp_session(page)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        yield page
        await page.close()


@asynccontextmanager
async def phone(browser: Browser, place: Installation, line: Line) -> AsyncIterator[Phone]:
    """Have a browser that has never seen the page."""
    context = await browser.new_context(**PHONE)
    context.set_default_timeout(PATIENCE_MS)
    yield Phone(context=context, place=place, line=line)
    await context.close()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        await browser.close()
