"""Events as frames, encoded once for all clients that are shown the same."""

from dataclasses import replace
from uuid import UUID

from responder.domain.incidents.addressed import READS_ALL, READS_LEAST, Reader, event_for
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    DeliveriesUpdated,
    Event,
    IncidentMoved,
    LadderUpdated,
)
from responder.domain.ladder.ladder import Ladder
from responder.domain.people.access import Action, Audience, Viewer
from responder.live.circle.audience import sees_every_delivery
from responder.live.circle.per_person import PersonalizedJson, with_ladder
from responder.live.protocol.messages import EventMessage
from responder.live.protocol.wire import text_frame, to_json
from responder.ports.incidents import AddressedEvent
from responder.services.incidents.queries import ABOUT_DELIVERIES, without_deliveries


class EncodedEvent:
    """One event on its way to many clients."""

    __slots__ = ("_audience", "_frames", "_is_addressed", "_is_split", "_per_person", "_recorded")

    def __init__(self, addressed: AddressedEvent) -> None:
        self._recorded, self._audience = addressed
        self._frames: dict[tuple[Reader, bool], bytes] = {}
        """By reader, and whether it is for staff."""
        self._is_addressed = event_for(READS_LEAST, self.event) is not self.event
        """Whether it says something that is not for all whom it concerns."""
        self._is_split = False
        self._per_person: PersonalizedJson | None = None
        """The parts of an event about deliveries, once it has been split."""

    @property
    def seq(self) -> int:
        """The event's number in the log of its circle."""
        return self._recorded.seq

    @property
    def event_id(self) -> UUID:
        """The event's id, which no other event has."""
        return self._recorded.id

    @property
    def event(self) -> Event:
        return self._recorded.event

    def frame_for(self, viewer: Viewer) -> bytes | None:
        """Return what the viewer is sent of the event; None when it is not the viewer's business."""
        audience = self._audience
        staff = viewer.may(Action.SEE_LADDER)
        if audience is None:
            return self._whole(viewer)
        if not audience.includes(viewer) or (isinstance(self.event, LadderUpdated) and not staff):
            return None
        if sees_every_delivery(viewer, audience):
            return self._whole(viewer)
        return self._part_for(viewer, audience)

    def _whole(self, viewer: Viewer) -> bytes:
        event, ladder = _without_ladder(self.event)
        staff = ladder is not None and viewer.may(Action.SEE_LADDER)
        reader = Reader.of(viewer) if self._is_addressed else READS_ALL
        if (reader, staff) not in self._frames:
            json = to_json(self._message(event_for(reader, event)))
            self._frames[reader, staff] = text_frame(with_ladder(json, ladder) if staff else json)
        return self._frames[reader, staff]

    def _part_for(self, viewer: Viewer, audience: Audience) -> bytes | None:
        if not self._is_split:
            self._is_split = True
            self._per_person = self._split(audience)
        if self._per_person is None:
            return self._whole(viewer)
        part = self._per_person.own_json_for(viewer)
        if part is None and not isinstance(self.event, DeliveriesUpdated):
            part = self._per_person.bare_for(viewer)
        return None if part is None else text_frame(part)

    def _split(self, audience: Audience) -> PersonalizedJson | None:
        event, ladder = _without_ladder(self.event)
        if not isinstance(event, ABOUT_DELIVERIES):
            return None
        bare, deliveries = without_deliveries(event)
        return PersonalizedJson(
            lambda reader: to_json(self._message(event_for(reader, bare))),
            deliveries,
            is_addressed=self._is_addressed,
            audience=audience,
            ladder=ladder,
        )

    def _message(self, event: Event) -> EventMessage:
        recorded = self._recorded
        return EventMessage(
            seq=recorded.seq,
            id=recorded.id,
            at=recorded.at,
            event=event,
            reach_version=recorded.reach_version,
        )


def _without_ladder(event: Event) -> tuple[Event, Ladder | None]:
    """Return the event as those see it who are not staff, and the ladder that staff see with it."""
    match event:
        case AlertRaised(detail=detail) | AlertExtended(detail=detail) | IncidentMoved(detail=detail):
            return replace(event, detail=replace(detail, ladder=None)), detail.ladder
        case _:
            return event, None
