"""The times of the people whom a drill called."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from responder.domain.drills.run import DrillRun
from responder.domain.drills.score.times import CallTimes, PersonScore, score_person
from responder.domain.ids import ResponderId
from responder.domain.incidents.delivery import NOT_COUNTED_ON, Delivery, DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.services.incidents.waves import current_calls

_ANSWERS: Final = (
    DeliveryState.ACCEPTED,
    DeliveryState.DECLINED,
    DeliveryState.EN_ROUTE,
    DeliveryState.ON_SCENE,
)


def score_people(
    run: DrillRun, detail: IncidentDetail | None, *, seqs: Mapping[ResponderId, Mapping[str, int]]
) -> tuple[PersonScore, ...]:
    """Return the times of all who were called, the first on scene first; `seqs` by person and state."""
    if detail is None:
        return ()
    sent_at = detail.alerts[0].sent_at
    people = [
        score_person(run, _times_of(delivery, sent_at, seqs.get(delivery.recipient_id)))
        for delivery in current_calls(detail)
    ]
    return tuple(
        sorted(
            people,
            key=lambda each: (each.on_scene_at_s is None, each.on_scene_at_s, str(each.recipient_id)),
        )
    )


def _times_of(delivery: Delivery, sent_at: datetime, seqs: Mapping[str, int] | None) -> CallTimes:
    times = delivery.times
    answers = [times[state] for state in _ANSWERS if state in times]
    return CallTimes(
        recipient_id=delivery.recipient_id,
        name=delivery.recipient_name,
        unit_id=delivery.unit_id,
        partner_id=delivery.partner_id,
        # Those of a later wave of the ladder were called then.
        called_at=times.get(DeliveryState.QUEUED, sent_at),
        answered_at=min(answers, default=None),
        declined=delivery.state in NOT_COUNTED_ON and delivery.state is not DeliveryState.RELEASED,
        accepted_at=times.get(DeliveryState.ACCEPTED),
        en_route_at=times.get(DeliveryState.EN_ROUTE),
        on_scene_at=times.get(DeliveryState.ON_SCENE),
        seqs=seqs,
    )
