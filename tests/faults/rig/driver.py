"""Raises and ends alerts by the interface, and keeps only answers that it really got."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.rig.town import Town, village_middle

ANSWER_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An alert that the interface said it had taken."""

    alert_id: str
    incident_id: str
    village: int
    at: float
    tries: int


def request(village: int, *, exercise: bool = False) -> dict[str, Any]:
    """Return what is said to raise an alert in a village."""
    lon, lat = village_middle(village)
    return {
        "kind": "smoke",
        "severity": "orange",
        "exercise": exercise,
        "note": "",
        "lon": lon,
        "lat": lat,
        "label": f"第{village}村",
    }


@dataclass(kw_only=True)
class Driver:
    """The coordinator of a town, with a stubborn client."""

    town: Town
    api_urls: list[str]
    answered: list[Answered] = field(default_factory=list)

    @property
    def _headers(self) -> dict[str, str]:
        token = next(person.token for person in self.town.staff if person.role == "coordinator")
        return {"Authorization": f"Bearer {token}"}

    async def raise_alert(self, village: int, *, exercise: bool = False) -> Answered:
        """Raise an alert; the same request with the same key is sent until there is an answer."""
        body = self.body(village, exercise=exercise)
        detail, tries = await self._insist("incidents", body, key=str(uuid4()))
        return self.keep(detail, village, tries=tries)

    def body(self, village: int, *, exercise: bool = False) -> dict[str, Any]:
        """Return a request for an alert that is the same as none of this village before."""
        others = [each.incident_id for each in self.answered if each.village == village]
        return {**request(village, exercise=exercise), "not_same_as": list(dict.fromkeys(others))[-20:]}

    async def end(self, raised: Answered) -> Answered:
        """End the incident of an alert."""
        detail, tries = await self._insist(
            f"incidents/{raised.incident_id}/end", {"reason": "false_alarm"}, key=None
        )
        return self.keep(detail, raised.village, tries=tries)

    def keep(self, detail: dict[str, Any], village: int, *, tries: int) -> Answered:
        """Keep an answer."""
        answered = Answered(
            alert_id=detail["alerts"][-1]["id"],
            incident_id=detail["incident"]["id"],
            village=village,
            at=time.time(),
            tries=tries,
        )
        self.answered.append(answered)
        return answered

    async def _insist(
        self, path: str, body: dict[str, Any], *, key: str | None
    ) -> tuple[dict[str, Any], int]:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        tries = 0
        async with asyncio.timeout(ANSWER_WITHIN_S), httpx.AsyncClient(trust_env=False, timeout=10) as http:
            while True:
                tries += 1
                url = f"{random.choice(self.api_urls)}/api/circles/{self.town.circle_id}"  # noqa: S311
                try:
                    answer = await http.post(f"{url}/{path}", json=body, headers=headers)
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.is_success:
                    detail: dict[str, Any] = answer.json()
                    return detail, tries
                if answer.status_code == httpx.codes.CONFLICT and (others := answer.json().get("candidates")):
                    # Those that others raised in this town are not the same, either.
                    body = {**body, "not_same_as": [each["incident_id"] for each in others]}
                    continue
                if answer.status_code == httpx.codes.CONFLICT and tries > 1:
                    # Ended by an earlier try whose answer was lost: look at it.
                    return (
                        await http.get(f"{url}/{path.removesuffix('/end')}", headers=headers)
                    ).json(), tries
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    message = f"{answer.status_code} {answer.text}"
                    raise RuntimeError(message)
                await asyncio.sleep(0.1)
