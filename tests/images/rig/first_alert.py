"""How long the first alert takes on processes that have just become ready, and the one after it."""

import time
from dataclasses import dataclass
from uuid import uuid4

from responder.demo.simulated.client import SignedIn
from tests.images.rig.installation import Installation

INCIDENT = {"kind": "fire", "severity": "red", "exercise": True, "lon": 112.985, "lat": 28.158}
BANDS = {"lon": 112.985, "lat": 28.158, "profile": "car", "minutes": "5,10,15"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAndSecond:
    """Milliseconds until the answer, of a first request and of the one after it."""

    alert_ms: tuple[float, float]
    bands_ms: tuple[float, float]
    called: int
    """How many units the first alert called."""


async def first_and_second(installation: Installation) -> FirstAndSecond:
    """Start serve and live, and raise two alerts as soon as they are ready."""
    with installation.serving() as url:
        async with installation.as_coordinator(url) as staff:
            first_ms, called = await _raise_alert(staff)
            second_ms, _ = await _raise_alert(staff)
            bands_ms = await _draw_bands(staff), await _draw_bands(staff)
    return FirstAndSecond(alert_ms=(first_ms, second_ms), bands_ms=bands_ms, called=called)


async def _raise_alert(staff: SignedIn) -> tuple[float, int]:
    path = f"/api/circles/{staff.circle_id}/incidents"
    began_s = time.perf_counter()
    answer = await staff.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
    took_ms = 1000 * (time.perf_counter() - began_s)
    raised = answer.raise_for_status().json()
    end = f"{path}/{raised['incident']['id']}/end"
    (await staff.http.post(end, json={"reason": "resolved"})).raise_for_status()
    return took_ms, len(raised["alerts"])


async def _draw_bands(staff: SignedIn) -> float:
    began_s = time.perf_counter()
    answer = await staff.http.get(f"/api/circles/{staff.circle_id}/isochrones", params=BANDS)
    answer.raise_for_status()
    return 1000 * (time.perf_counter() - began_s)
