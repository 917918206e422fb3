"""How long a tap in a roll-call takes until the console has it: three phones, and a full list of doors."""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import LiveSocket, SignedIn, live_socket, signed_in
from responder.domain.registers.roll_call import MOST_DOORS
from responder.live.protocol.messages import EventMessage

PHONES: Final = 3
TAPS: Final = 100
"""Of each phone, and a sixth of those before them are not counted: they find cold caches."""
EVERY_S: Final = 0.25
"""Between two taps of a phone: faster than a person taps."""
HOUSE: Final = "脑科巷7栋"
STAIRWELLS, STOREYS = 10, 10


async def roll_call_ms(url: str, *, password: str) -> list[float]:
    """Return the milliseconds from each tap until the console has it."""
    told = demo_accounts()
    async with AsyncExitStack() as doors:

        async def session(username: str) -> SignedIn:
            return await doors.enter_async_context(
                signed_in(url, username=username, password=password, circle_name=told.circle_name)
            )

        staff = await session(told.staff)
        # Coordinators and dispatchers of partners who are called see the incident, and may mark.
        phones = [await session(username) for username in ("hospital.wen", "community.zhou", "police.tang")]
        buildings = await _asked(staff, "GET", "buildings")
        building_id = next(
            each["id"] for each in buildings["features"] if each["properties"]["name"] == HOUSE
        )
        alert = {"kind": "fire", "severity": "red", "exercise": False, "building_id": building_id}
        incident = (await _asked(staff, "POST", "incidents", alert))["incident"]["id"]
        grid = {"stairwells": STAIRWELLS, "storeys": STOREYS, "doors": MOST_DOORS // STAIRWELLS // STOREYS}
        begun = await _asked(
            staff,
            "PUT",
            f"incidents/{incident}/roll-call",
            {"buildings": [{"building_id": building_id, "grid": grid}]},
        )
        labels = [door["label"] for door in begun["doors"]]
        console = await doors.enter_async_context(live_socket(staff))
        heard: dict[str, float] = {}
        listening = asyncio.create_task(_listen(console, heard))
        path = f"incidents/{incident}/roll-call/marks"
        tapped: dict[str, float] = {}

        async def tap_along(number: int, phone: SignedIn) -> None:
            await asyncio.sleep(number * EVERY_S / PHONES)
            for label in labels[number::PHONES][: TAPS + TAPS // 6]:
                mark: dict[str, Any] = {
                    "id": str(uuid4()),
                    "building_id": building_id,
                    "label": label,
                    "state": "out",
                    "people": 2,
                    "at": datetime.now(UTC).isoformat(),
                }
                tapped[label] = time.perf_counter()
                await _asked(phone, "PUT", path, {"marks": [mark]})
                await asyncio.sleep(EVERY_S)

        await asyncio.gather(*(tap_along(number, phone) for number, phone in enumerate(phones)))
        async with asyncio.timeout(30):
            while tapped.keys() - heard.keys():  # noqa: ASYNC110 - the console has no event for the last one
                await asyncio.sleep(0.05)
        listening.cancel()
        await _asked(staff, "POST", f"incidents/{incident}/end", {"reason": "resolved"})
    warm = list(tapped)[PHONES * (TAPS // 6) :]
    return [1000 * (heard[label] - tapped[label]) for label in warm]


async def _listen(console: LiveSocket, heard: dict[str, float]) -> None:
    async for message in console.messages():
        if isinstance(message, EventMessage) and message.event.kind == "roll_call_marked":
            now = time.perf_counter()
            for door in message.event.doors:
                heard.setdefault(door.label, now)


async def _asked(session: SignedIn, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    answer = await session.http.request(
        method,
        f"/api/circles/{session.circle_id}/{path}",
        json=body,
        headers={"Idempotency-Key": str(uuid4())},
    )
    return answer.raise_for_status().json()
