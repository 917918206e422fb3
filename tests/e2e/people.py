"""People in front of screens: who they are, what they do, and what they see."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from playwright.async_api import ConsoleMessage, Page, Request, expect

from tests.e2e import on_map
from tests.e2e.browsers import Window

PATIENCE_MS = 120_000
"""For what has no promise of its own: drawing maps without a graphics card is slow on a busy machine."""
PICTURE_MS = 3_000
"""For a map that may never be whole, such as one without a network."""
SETTLES_MS = 600
"""Longer than the page takes a second tap for a slip of the first."""
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
WINDOW: dict[str, Any] = {"viewport": {"width": 1120, "height": 720}}
"""As wide a layout as a desktop's, at little more than half of what drawing its map costs the processor."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1,
    "has_touch": True,
    "is_mobile": True,
}
SMALL_PHONE: dict[str, Any] = {**PHONE, "viewport": {"width": 360, "height": 640}}

# Notes when something first shows, by the machine's clock, which all browsers here share.
# A page of many modules and tiles outgrows the list of what it asked for: later answers would be missing.
WATCH = """
performance.setResourceTimingBufferSize(10_000);
window.firstSeen = {};
new MutationObserver(() => {
  for (const [name, selector] of Object.entries({ alert: ".incident-header:not([data-ended])" })) {
    if (!(name in firstSeen) && document.querySelector(selector)) firstSeen[name] = Date.now();
  }
}).observe(document, { childList: true, subtree: true });
"""
# The answer to who is signed in before a sign-in, and the socket that a page opens before it has that answer.
EXPECTED = ("401 (Unauthorized)", "WebSocket is closed before the connection is established")
WITHOUT_SIGNAL = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_NETWORK_CHANGED", "Failed to fetch")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where it all runs."""

    url: str
    password: str
    service_port: int
    """Where tests run a service that carries messages: messages may go out to there."""
    demo_services_url: str
    """The page that lists what the demo circle sends."""


@dataclass(kw_only=True)
class Person:
    """A person signed in."""

    username: str
    page: Page
    draws: bool
    """Whether their browser draws maps."""
    language: str = "zh-CN"
    """In which the page shows names that the data hold in both."""
    faults: list[str] = field(default_factory=list)
    """What the browser complained about; none is acceptable."""
    expected: tuple[str, ...] = EXPECTED
    """Parts of complaints that the test itself is the reason of."""
    asked: list[str] = field(default_factory=list)
    """Every address that the page has asked."""

    def listen(self) -> None:
        """Take down what the browser says."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._note_fault(str(error)))
        self.page.on("request", self._note)
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))

    async def enter(self, password: str) -> None:
        """Sign in by hand."""
        await self.page.fill("input[name=username]", self.username)
        await self.page.fill("input[name=password]", password)
        await self.page.click(".sign-in button.primary")
        await self.page.wait_for_selector(".connection[data-phase=live]")
        await self.page.wait_for_selector(".panel-body h2, .panel-body .calm")

    async def lose_signal(self) -> None:
        """Cut the network; what the browser says about that, now or later, is no fault of the page."""
        self.expected += WITHOUT_SIGNAL
        await self.page.context.set_offline(True)

    async def regain_signal(self) -> None:
        """Have the network back."""
        await self.page.context.set_offline(False)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note_fault(message.text)

    def _note_fault(self, text: str) -> None:
        if not any(each in text for each in self.expected):
            self.faults.append(f"{self.username}: {text}")

    def _note(self, request: Request) -> None:
        self.asked.append(request.url)

    async def picture(self, name: str) -> None:
        """Keep what is on screen, once the map has settled; where no map is drawn, only wait for that."""
        await on_map.settled(self.page, within_ms=PICTURE_MS)
        if not self.draws:
            return
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    async def map_settled(self) -> None:
        """Wait until the map has drawn what it was told to."""
        assert await on_map.settled(self.page), "the map does not come to rest"

    async def look_at(self, lon: float, lat: float, *, zoom: float = 18, pitch: float = 0) -> None:
        """Move the map, level, so that what is tapped is what was meant."""
        await on_map.look_at(self.page, lon, lat, zoom=zoom, pitch=pitch)

    async def tap_map(self, lon: float, lat: float) -> None:
        """Tap the map where something is."""
        await on_map.tap(self.page, lon, lat)

    async def tap_building(self, building: dict[str, Any]) -> None:
        """Tap a house, clear of every symbol, and wait until it is shown."""
        await self.look_at(*on_map.middle(building))
        await on_map.tap_ring(self.page, building["geometry"]["coordinates"][0][:-1])
        await expect(self.page.locator(".view-header h2")).to_have_text(self.name_of(building))

    def name_of(self, thing: dict[str, Any]) -> str:
        """Return the name as this person's page shows it."""
        names = thing["properties"]
        return str((self.language == "en" and names.get("name_en")) or names["name"])

    async def call_for(self, kind: str) -> None:
        """Tap what happens; not at once, for the page ignores a tap that may be the end of the one before."""
        button = self.page.locator(".kind", has_text=kind)
        await button.wait_for()
        await self.page.wait_for_timeout(SETTLES_MS)
        await button.click()

    async def first_seen(self, name: str) -> int:
        """Tell when it first showed, in milliseconds since 1970."""
        return int(await self.page.evaluate("(name) => window.firstSeen[name]", name))


@dataclass(kw_only=True)
class Circle:
    """The demo circle, through its interface."""

    stage: Stage
    browser: Window
    office: "Interface"
    """Of the community's staff, without a page."""
    people: list[Person]

    async def sign_in(
        self,
        username: str,
        size: dict[str, Any] | None = None,
        *,
        language: str = "zh-CN",
        scheme: str = "dark",
        here: tuple[float, float] | None = None,
    ) -> Person:
        """Open the page in a new browser and sign in by hand."""
        more: dict[str, Any] = {}
        if here is not None:
            more = {
                "geolocation": {"longitude": here[0], "latitude": here[1]},
                "permissions": ["geolocation"],
            }
        person = await self.visit(
            username, self.stage.url, size, language=language, color_scheme=scheme, **more
        )
        await person.enter(self.stage.password)
        return person

    async def visit(
        self,
        username: str,
        url: str,
        size: dict[str, Any] | None = None,
        *,
        language: str = "zh-CN",
        **more: Any,  # noqa: ANN401 - whatever a browser can be told
    ) -> Person:
        """Open an address in a new browser."""
        context = await self.browser.new_context(
            **{**(size or WINDOW), "locale": "zh-CN", "reduced_motion": "reduce", **more}
        )
        context.set_default_timeout(PATIENCE_MS * 1.5)
        person = Person(
            username=username, page=await context.new_page(), draws=self.browser.draws, language=language
        )
        self.people.append(person)
        person.listen()
        await person.page.add_init_script(WATCH)
        await person.page.add_init_script(f"localStorage.setItem('responder.language', '{language}')")
        await person.page.goto(url)
        return person

    async def newcomer(self, password: str, **invited: str) -> str:
        """Invite a person, an observer unless told otherwise, and let them in; return their user name."""
        username = f"newcomer.{uuid.uuid4().hex[:8]}"
        made = await self.office.post("invitations", {"role": "observer", "note": username, **invited})
        account = {"username": username, "name": username, "password": password}
        async with httpx.AsyncClient(base_url=self.stage.url, timeout=30) as client:
            answer = await client.post("/api/invitations/accept", json={"token": made["token"], **account})
            answer.raise_for_status()
        return username

    async def calm_down(self) -> None:
        """End what is open and lift what was closed by hand."""
        for picture in (await self.office.get("incidents?open=true"))["incidents"]:
            await self.office.post(f"incidents/{picture['incident']['id']}/end", {"reason": "resolved"})
        for closure in await self.office.get("closures"):
            if closure["hazard_id"] is None and closure["lifted_at"] is None:
                await self.office.delete(f"closures/{closure['id']}")

    async def building(self, name: str) -> dict[str, Any]:
        """Find a building by its name."""
        return await self._named("buildings", name)

    async def facility(self, name: str) -> dict[str, Any]:
        """Find a shared facility by its name."""
        return await self._named("facilities", name)

    async def unit(self, name: str) -> dict[str, Any]:
        """Find a unit by its name."""
        return await self._named("units", name)

    async def _named(self, noun: str, name: str) -> dict[str, Any]:
        features = (await self.office.get(noun))["features"]
        return next(feature for feature in features if feature["properties"]["name"] == name)

    async def reach(self, building_id: str) -> dict[str, Any]:
        """Find who could be at a building in time."""
        return await self.office.get(f"reach?building_id={building_id}")

    async def raise_alert(self, **what: object) -> dict[str, Any]:
        """Raise an alert without a page."""
        # What lies near an open one is another one here: a test says so by itself when it is about that.
        page = await self.office.get("incidents?open=true")
        others = [each["incident"]["id"] for each in page["incidents"]]
        body = {"note": "", "not_same_as": others[:20], **what}
        return await self.office.post("incidents", body, key=str(uuid.uuid4()))


class Interface:
    """The HTTP interface, as one account in its circle."""

    def __init__(self, client: httpx.AsyncClient, circle_id: str) -> None:
        self._client = client
        self.circle_id = circle_id
        self._base = f"/api/circles/{circle_id}/"

    @classmethod
    async def as_user(cls, stage: Stage, username: str) -> Self:
        """Sign in."""
        # Each call takes a connection of its own: one that is kept may be closed just as it is used again.
        limits = httpx.Limits(max_keepalive_connections=0)
        client = httpx.AsyncClient(
            base_url=stage.url, headers={"Origin": stage.url}, timeout=60, limits=limits
        )
        answer = await client.post("/api/session", json={"username": username, "password": stage.password})
        answer.raise_for_status()
        return cls(client, answer.json()["circles"][0]["id"])

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End."""
        await self._client.aclose()

    async def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON is there
        """Ask."""
        answer = await self._client.get(self._base + path)
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, body: object, *, key: str | None = None) -> Any:  # noqa: ANN401
        """Do."""
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = await self._client.post(self._base + path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    async def delete(self, path: str) -> None:
        """Undo."""
        (await self._client.delete(self._base + path)).raise_for_status()

    async def put(self, path: str, body: object) -> Any:  # noqa: ANN401 - whatever JSON is there
        """Put in place."""
        answer = await self._client.put(self._base + path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    async def patch(self, path: str, body: object) -> Any:  # noqa: ANN401 - whatever JSON is there
        """Change."""
        answer = await self._client.patch(self._base + path, json=body)
        answer.raise_for_status()
        return answer.json()
