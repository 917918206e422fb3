"""When the units of a drill should have come, by the ways that were open as they were called."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from responder.domain.drills.run import DrillRun
from responder.domain.drills.score.times import PersonScore, Times
from responder.domain.ids import UnitId
from responder.domain.incidents.event import (
    AlertExtended,
    IncidentMoved,
    RecordedEvent,
    ResponseCircleUpdated,
)
from responder.domain.incidents.response_circle import ResponseCircle

AFTER_CALL_S: Final = 5.0
"""What is closed so soon after a call holds for it: an inject that is due with the call is given then."""


def expected_times(
    start: ResponseCircle | None,
    events: Iterable[RecordedEvent],
    run: DrillRun,
    people: Iterable[PersonScore],
) -> dict[UnitId, Times]:
    """
    Return what was expected of each unit when it was first called; of one not called, at the start.

    `start` is who could be there in time as the drill was started. With each lane that the drill closes or
    opens reach is found again, and told in the log. A unit that could not come in time then is left out.
    """
    found: list[tuple[float, ResponseCircle]] = [] if start is None else [(-math.inf, start)]
    for recorded in events:
        circle = _circle_in(recorded, run)
        if circle is not None:
            found.append((run.clock_s(recorded.at), circle))
    called_s: dict[UnitId, float] = {}
    for person in people:
        called_s[person.unit_id] = min(person.called_at_s, called_s.get(person.unit_id, math.inf))
    known = [(at_s, _times_in(circle)) for at_s, circle in found]
    units = {unit for _, times in known for unit in times}
    expected = {}
    for unit in units:
        by_then = [times for at_s, times in known if at_s <= called_s.get(unit, 0.0) + AFTER_CALL_S]
        if by_then and unit in by_then[-1]:
            expected[unit] = by_then[-1][unit]
    return expected


def _circle_in(recorded: RecordedEvent, run: DrillRun) -> ResponseCircle | None:
    event = recorded.event
    if isinstance(event, ResponseCircleUpdated) and event.incident_id == run.incident_id:
        return event.response_circle
    if isinstance(event, AlertExtended | IncidentMoved) and event.detail.incident.id == run.incident_id:
        return event.detail.response_circle
    return None


def _times_in(circle: ResponseCircle) -> Mapping[UnitId, Times]:
    return {
        each.unit_id: Times(turnout_s=each.turnout_s, travel_s=each.travel_s, response_s=each.response_s)
        for each in circle.members
    }
