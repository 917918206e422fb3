"""
How each endpoint is called in the right form, so that nothing but a missing right can be wrong.

A new endpoint needs a row in responder/domain/people/permissions.py, and here: a body in `BODIES` if it takes
one, words in `QUERIES` if it has to be asked with some, and a value in
`Ids` for a new kind of path parameter.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from responder.api.deps.rights import route_key
from responder.domain.people.access import ADMINISTRATORS_MAY, MAY, Role
from responder.domain.people.permissions import ENDPOINTS, Access, Requirement
from tests.exchange.messages import cap_text
from tests.exchange.pictures import picture

NOW = "2025-01-31T12:00:00Z"
SOMEWHERE = {"lon": 112.985, "lat": 28.158}
INCIDENT = {"kind": "fire", "severity": "red", "note": "", **SOMEWHERE}
POINT = {"type": "Point", "coordinates": [112.985, 28.158]}
HAZARD = {"geometry": POINT, "properties": {"kind": "clutter", "name": "x"}}
TILE = {"z": "16", "x": "53336", "y": "27422"}
"""The tile of the middle of the demo circle."""
DRILL = {
    "plan": {
        "name": "x",
        "mode": "tabletop",
        "kind": "fire",
        "place": {**SOMEWHERE, "label": "x"},
        "starts_at": None,
        "duration_s": 1800,
    }
}
FINDING = {"text": "x", "state": "open"}
HAZARD_STEP = {"kind": "reopen", "note": "x"}
INSPECTION = {"round_id": str(uuid4()), "result": "ok"}
OBSERVATION = {"at": NOW, "verdict": "good", "text": "x"}
ROLL_CALL_MARK = {
    "id": str(uuid4()),
    "building_id": str(uuid4()),
    "label": "101",
    "state": "out",
    "people": 2,
    "at": NOW,
}
PICTURE = picture()
HOUSEHOLD = {"door": "x-1", "people": 1}
PACT = {"name": "x", "parties": [], "duties": [], "valid_from": "2025-01-31", "valid_until": "2025-12-31"}
RESPONDER = {"responder_id": str(uuid4())}
BODIES: dict[str, object] = {
    "POST /start": {"circle_id": None},
    "POST /session": {"username": "nobody", "password": "a password that nobody has"},
    "POST /account/password": {"current": "not the password", "new": "a new and long enough one"},
    "POST /invitations/preview": {"token": "a token that nobody was given"},
    "POST /invitations/accept": {"token": "a token that nobody was given"},
    "POST /circles/{circle_id}/channels": {"channel": "ntfy", "name": "x", "settings": {}},
    "PUT /circles/{circle_id}/channels/policy": {"next_channel_after_s": 20},
    "PATCH /circles/{circle_id}/channels/{service_id}": {"name": "y"},
    "POST /circles/{circle_id}/my-channels": {"service_id": str(uuid4()), "address": "x"},
    "PUT /circles/{circle_id}/my-channels/order": {"contact_ids": []},
    "PUT /circles/{circle_id}/my-channels/quiet-hours": {"quiet": None},
    "PUT /circles/{circle_id}/my-channels/language": {"language": "en"},
    "POST /circles/{circle_id}/my-channels/{contact_id}/verification": {"code": "000000"},
    "POST /feedback/{token}": {"text": "x"},
    "POST /reports/{token}": {"text": "x"},
    "POST /circles/{circle_id}/report-link": {"renew": True},
    "POST /circles/{circle_id}/reports/{report_id}/accept": {"hazard": {"kind": "clutter", "name": "x"}},
    "POST /circles/{circle_id}/reports/{report_id}/dismiss": {"reason": "gone"},
    "PUT /circles/{circle_id}/reports/{report_id}/shown": {"shows_text": True},
    "POST /circles": {"name": "x", "centre": [113, 28]},
    "POST /circles/{circle_id}/incidents": {**INCIDENT, "exercise": False},
    "POST /circles/{circle_id}/incidents/{incident_id}/end": {"reason": "resolved"},
    "POST /circles/{circle_id}/incidents/{incident_id}/ladder/take": {"number": 3},
    "POST /circles/{circle_id}/incidents/{incident_id}/ladder/stop": {"number": None},
    "PUT /circles/{circle_id}/ladders": {"ladders": None},
    "PUT /circles/{circle_id}/neighbours/{neighbour_id}": {"unit_ids": []},
    "PUT /circles/{circle_id}/incidents/{incident_id}/roll-call": {
        "buildings": [{"building_id": str(uuid4()), "doors": [{"label": "101"}]}]
    },
    "PUT /circles/{circle_id}/incidents/{incident_id}/roll-call/marks": {"marks": [ROLL_CALL_MARK]},
    "PUT /circles/{circle_id}/incidents/{incident_id}/stage": {"stage": "confirmed"},
    "PUT /circles/{circle_id}/incidents/{incident_id}/severity": {"severity": "red"},
    "PUT /circles/{circle_id}/incidents/{incident_id}/place": SOMEWHERE,
    "POST /circles/{circle_id}/incidents/{incident_id}/updates": {"text": "x"},
    "POST /circles/{circle_id}/incidents/{incident_id}/merge": {"into": str(uuid4())},
    "POST /circles/{circle_id}/closures": {"name": "x", "geometry": POINT, "wider_than_m": 99},
    "POST /circles/{circle_id}/closures/preview": {"name": "x", "geometry": POINT, "wider_than_m": 99},
    "POST /circles/{circle_id}/proposals": cap_text(),
    "POST /circles/{circle_id}/proposals/{proposal_id}/confirm": {},
    "POST /circles/{circle_id}/drills": DRILL,
    "PUT /circles/{circle_id}/drills/{drill_id}": DRILL,
    "POST /circles/{circle_id}/drills/{drill_id}/rehearsal": {"seed": 1},
    "POST /circles/{circle_id}/calibration": {"unit_ids": [], "profiles": []},
    "POST /circles/{circle_id}/findings": {"text": "x"},
    "PUT /circles/{circle_id}/findings/{finding_id}": FINDING,
    "POST /circles/{circle_id}/findings/{finding_id}/close": {"note": "x"},
    "PUT /circles/{circle_id}/hazard-rules": {"general_days": 15, "major_days": 3},
    "PUT /circles/{circle_id}/hazards/{hazard_id}/steps/{step_id}": HAZARD_STEP,
    "PUT /circles/{circle_id}/hazards/{hazard_id}/lane": {"clear_width_m": None},
    "PUT /circles/{circle_id}/hazards/{hazard_id}/photos/{photo_id}": PICTURE,
    "POST /circles/{circle_id}/drills/{drill_id}/start": {"beside_real": True, "beside_drill": True},
    "POST /circles/{circle_id}/drills/{drill_id}/resume": {"beside_real": True},
    "POST /circles/{circle_id}/drills/{drill_id}/roll-call": {"people": 1},
    "PUT /circles/{circle_id}/drills/{drill_id}/observations/{observation_id}": OBSERVATION,
    "PUT /circles/{circle_id}/drills/{drill_id}/observations/{observation_id}/photo": PICTURE,
    "PUT /circles/{circle_id}/drills/{drill_id}/photos/{photo_id}": PICTURE,
    "POST /circles/{circle_id}/drills/{drill_id}/injects/import": {},
    "PUT /circles/{circle_id}/facilities/{facility_id}/inspections/{inspection_id}": INSPECTION,
    "PUT /circles/{circle_id}/inspections/{inspection_id}/photo": PICTURE,
    "POST /circles/{circle_id}/drills/{drill_id}/injects/import/preview": {},
    "PUT /circles/{circle_id}/pacts/{pact_id}": PACT,
    "POST /circles/{circle_id}/pacts/{pact_id}/signature": {"document_hash": "0" * 64},
    "POST /circles/{circle_id}/duty-records": {"duty_id": str(uuid4()), "done_on": "2025-01-31"},
    "POST /circles/{circle_id}/roster/shifts": {**RESPONDER, "starts_at": NOW, "ends_at": NOW},
    "PUT /circles/{circle_id}/roster/shifts/{shift_id}": RESPONDER,
    "POST /circles/{circle_id}/roster/shifts/{shift_id}/ask": RESPONDER,
    "POST /circles/{circle_id}/roster/shifts/{shift_id}/answer": {"accept": True},
    "POST /circles/{circle_id}/roster/patterns": {
        **RESPONDER,
        "weekdays": [0],
        "starts": "08:00",
        "ends": "20:00",
    },
    "POST /circles/{circle_id}/alerts/{alert_id}/receipts": {
        "action_id": str(uuid4()),
        "state": "seen",
        "at": NOW,
    },
    "PUT /circles/{circle_id}/units/{unit_id}/position": {**SOMEWHERE, "accuracy_m": 1, "at": NOW},
    "PATCH /circles/{circle_id}/units/{unit_id}": {"on_duty": True},
    "POST /circles/{circle_id}/{noun}/import": {"type": "FeatureCollection", "features": []},
    "POST /circles/{circle_id}/{noun}/import/preview": {"type": "FeatureCollection", "features": []},
    "POST /circles/{circle_id}/{noun}/features": HAZARD,
    "PUT /circles/{circle_id}/{noun}/features/{feature_id}": HAZARD,
    "POST /circles/{circle_id}/{noun}/remove": {"ids": [str(uuid4())]},
    "POST /circles/{circle_id}/households/search": {"words": "nobody"},
    "PUT /circles/{circle_id}/households/retention": {"due_after_months": 12, "delete_after_months": 24},
    "POST /circles/{circle_id}/households/sheet/import": {},
    "POST /circles/{circle_id}/buildings/{building_id}/households": HOUSEHOLD,
    "PUT /circles/{circle_id}/households/{household_id}": HOUSEHOLD,
    "PUT /circles/{circle_id}/profiles": {"table": None},
    "PUT /circles/{circle_id}/alert-catalogue": {"catalogue": None},
    "PATCH /circles/{circle_id}/people/{account_id}": {"role": "observer"},
    "POST /circles/{circle_id}/invitations": {"role": "observer", "note": "somebody"},
}
FACILITY_ID = "{facility_id}"
"""Put in as in a path."""
QUERIES: dict[str, dict[str, str | float]] = {
    "GET /circles/{circle_id}/reach": dict(SOMEWHERE),
    "GET /circles/{circle_id}/isochrones": dict(SOMEWHERE),
    # Of no building: nothing is printed.
    "GET /circles/{circle_id}/alley-sheet.pdf": {"building": str(uuid4())},
    "GET /circles/{circle_id}/nearest": dict(SOMEWHERE),
    "GET /circles/{circle_id}/facilities/coverage": {"kind": "hydrant"},
    "GET /circles/{circle_id}/facilities/labels.html": {"id": FACILITY_ID},
    "GET /circles/{circle_id}/facilities/labels.pdf": {"id": FACILITY_ID},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """What is put into paths. Those of the map and of incidents are the same in both circles."""

    circle_id: object
    incident_id: object
    alert_id: object
    closure_id: object
    hazard_id: object
    unit_id: object
    feature_id: object
    """A hazard."""
    # Another person's: they are in another circle.
    account_id: object
    session_id: object
    invitation_id: object
    import_id: object
    neighbour_id: object = uuid4()
    """A circle that there is not."""
    proposal_id: object
    drill_id: object
    observation_id: object
    photo_id: object
    feedback_id: object
    building_id: object
    household_id: object
    finding_id: object
    step_id: object
    report_id: object
    facility_id: object
    inspection_id: object
    pact_id: object
    record_id: object
    shift_id: object
    pattern_id: object
    service_id: object
    contact_id: object
    noun: str = "hazards"
    token: str = "a-token-that-no-one-was-given"  # noqa: S105 - of a link
    answer: str = "accept"
    number: int = 1
    deed: str = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint as the interface describes itself."""

    method: str
    path: str
    described: dict[str, Any]

    @property
    def route_key(self) -> str:
        return route_key(self.method, self.path)

    @property
    def need(self) -> Requirement:
        return ENDPOINTS[self.route_key]

    @property
    def takes_a_body(self) -> bool:
        return "requestBody" in self.described

    @property
    def takes_a_form(self) -> bool:
        """Tell whether a page without scripts sends it."""
        return "application/x-www-form-urlencoded" in self.described.get("requestBody", {}).get("content", {})

    def is_refused(self, role: Role) -> bool:
        """Tell whether the domain's table lets the role not even in."""
        if isinstance(self.need, Access):
            return self.need is Access.ADMINISTRATOR
        return not any(role in MAY[action] for action in self.need)

    def is_done_by(self, role: Role) -> bool:
        """Tell whether the role has all that the endpoint may need."""
        return isinstance(self.need, Access) or all(role in MAY[action] for action in self.need)

    @property
    def is_for_administrators(self) -> bool:
        return not isinstance(self.need, Access) and not ADMINISTRATORS_MAY.isdisjoint(self.need)


def endpoints(api: FastAPI) -> list[Endpoint]:
    """List every endpoint, from the description of the interface."""
    return [
        Endpoint(method=method, path=path, described=described)
        for path, item in api.openapi()["paths"].items()
        for method, described in item.items()
    ]


def filled(path: str, ids: Ids) -> str:
    """Put ids into a path."""
    values = {**{name: str(value) for name, value in asdict(ids).items()}, **TILE}
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], path)


async def ask(http: httpx.AsyncClient, endpoint: Endpoint, ids: Ids) -> httpx.Response:
    """Ask in the right form."""
    headers = {"Idempotency-Key": str(uuid4())}
    if "/import" in endpoint.path and endpoint.method == "POST":
        headers["Content-Type"] = "application/geo+json"
    body = BODIES[endpoint.route_key] if endpoint.takes_a_body else None
    if isinstance(body, str):
        headers["Content-Type"] = "application/cap+xml"
    if isinstance(body, bytes):
        headers["Content-Type"] = "image/png"
    return await http.request(
        endpoint.method,
        filled(endpoint.path, ids),
        json=None if isinstance(body, str | bytes) else body,
        content=body if isinstance(body, str | bytes) else None,
        params={
            name: filled(value, ids) if isinstance(value, str) else value
            for name, value in QUERIES.get(endpoint.route_key, {}).items()
        },
        headers=headers,
    )
