"""A circle as the database would show it now, kept up by following the log: joining costs no query."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, assert_never
from uuid import UUID

from pydantic import TypeAdapter

from responder.domain.ids import CircleId, IncidentId, PartnerId, UnitId
from responder.domain.incidents import fold
from responder.domain.incidents.addressed import READS_ALL, READS_LEAST, Reader, detail_for, runs_for
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.event import Event, RecordedEvent
from responder.domain.incidents.snapshot import ENDED_KEPT, CircleSnapshot, IncidentDetail
from responder.domain.map.unit import Position
from responder.domain.people.access import Audience, Viewer, ViewerCard, may_see_position, operator
from responder.live.circle.per_person import PersonalizedJson
from responder.ports import Transaction
from responder.ports.people import SharedPosition
from responder.services.circles.snapshot import load_snapshot
from responder.services.incidents.queries import audience_after, audience_of

ENDED_HELD = 100
"""Ended incidents held in memory; older ones are read from the database."""

_CARD: TypeAdapter[ViewerCard] = TypeAdapter(ViewerCard)
_CIRCLE: TypeAdapter[CircleSnapshot] = TypeAdapter(CircleSnapshot)
_INCIDENT: TypeAdapter[IncidentDetail] = TypeAdapter(IncidentDetail)
_POSITION: TypeAdapter[Position] = TypeAdapter(Position)


class VisibleSnapshot(NamedTuple):
    """A snapshot as one viewer is shown it."""

    json: bytes
    seq: int
    deliveries: tuple[Delivery, ...]
    """Those of the viewer's own."""


class CircleReadModel:
    """The whole circle, every incident by itself, and parts of its JSON as long as they hold."""

    def __init__(
        self,
        snapshot: CircleSnapshot,
        *,
        has_older: bool,
        positions: Iterable[SharedPosition],
    ) -> None:
        self._base = replace(snapshot, incidents=(), positions=())
        self._incidents = {each.incident.id: each for each in snapshot.incidents}
        self._has_older = has_older
        self._held_at_most = len(self._incidents) + ENDED_HELD
        self._positions = {each.position.unit_id: each for each in positions}
        self._encoded: dict[IncidentId, tuple[IncidentDetail, PersonalizedJson]] = {}
        self._encoded_base: tuple[CircleSnapshot, dict[Reader, bytes]] | None = None
        self._audiences: dict[IncidentId, Audience] = {}

    @property
    def seq(self) -> int:
        """Number of the last event that is part of it."""
        return self._base.seq

    @property
    def event_id(self) -> UUID | None:
        """Id of the last event that is part of it."""
        return self._base.event_id

    @property
    def epoch(self) -> str:
        """Which log it follows."""
        return self._base.epoch

    @property
    def incidents(self) -> Sequence[IncidentDetail]:
        """All incidents that are held, before any check of who may see them."""
        return tuple(self._incidents.values())

    def apply(self, recorded: RecordedEvent) -> None:
        """Take an event of the log into account; one that is part of it already changes nothing."""
        # Each incident is folded by itself: a whole circle's snapshot would drop ended ones that a
        # viewer of fewer incidents may still see.
        incident_id = _incident_of(recorded.event)
        known = self._incidents.get(incident_id) if incident_id is not None else None
        before = replace(self._base, incidents=() if known is None else (known,))
        after = fold.apply(before, recorded)
        for detail in after.incidents:
            self._incidents[detail.incident.id] = detail
        if incident_id is not None and incident_id in self._audiences:
            self._audiences[incident_id] = audience_after(recorded.event, self._audiences[incident_id])
        self._base = replace(after, incidents=())
        if len(self._incidents) > self._held_at_most:
            self._drop_oldest()

    def place(self, position: SharedPosition) -> None:
        """Take the latest position of a unit into account."""
        self._positions[position.position.unit_id] = position

    def show(self, viewer: Viewer) -> VisibleSnapshot | None:
        """Return the snapshot for a viewer; None when only the database knows all that they may see."""
        visible = [each for each in self._incidents.values() if self.encode(each).audience.includes(viewer)]
        if self._has_older and sum(not each.incident.is_open for each in visible) < ENDED_KEPT:
            return None
        incidents = fold.kept(visible)
        own = tuple(delivery for each in incidents for delivery in self.encode(each).own_of(viewer))
        return VisibleSnapshot(self._json(viewer, incidents), self.seq, own)

    def find(self, incident_id: IncidentId) -> PersonalizedJson | None:
        """Return an incident that is held, as JSON."""
        detail = self._incidents.get(incident_id)
        return None if detail is None else self.encode(detail)

    def audience(self, incident_id: IncidentId) -> Audience | None:
        """Return whom an incident concerns that is held."""
        detail = self._incidents.get(incident_id)
        if detail is None:
            return None
        # A thousand people are not counted again with every receipt.
        if incident_id not in self._audiences:
            self._audiences[incident_id] = audience_of(detail)
        return self._audiences[incident_id]

    @property
    def shared(self) -> tuple[Audience, ...]:
        """Whom the open incidents concern; it decides who may see where units are."""
        return tuple(self.encode(each).audience for each in self._incidents.values() if each.incident.is_open)

    def partner_of(self, unit_id: UnitId) -> PartnerId | None:
        """Return whose unit it is, if there is one."""
        return next((unit.partner_id for unit in self._base.units if unit.id == unit_id), None)

    def positions(self, *, since: datetime) -> list[SharedPosition]:
        """Return where units were at that time or later, by unit."""
        return [each for _, each in sorted(self._positions.items()) if each.position.at >= since]

    def _json(self, viewer: Viewer, incidents: Sequence[IncidentDetail]) -> bytes:
        shown = [part.json_for(viewer) or part.bare_for(viewer) for part in map(self.encode, incidents)]
        shared = [self.encode(each).audience for each in incidents if each.incident.is_open]
        positions = list(self._positions_for(viewer, shared))
        return b'{"type":"snapshot","viewer":%b,"snapshot":%b"incidents":[%b],"positions":[%b]}}' % (
            _CARD.dump_json(ViewerCard.of(viewer)),
            self._encode_base(viewer),
            b",".join(shown),
            b",".join(positions),
        )

    def _positions_for(self, viewer: Viewer, shared: Sequence[Audience]) -> Iterator[bytes]:
        for unit_id in sorted(self._positions):
            each = self._positions[UnitId(unit_id)]
            if may_see_position(viewer, each.partner_id, shared=shared):
                yield _POSITION.dump_json(each.position)

    def _drop_oldest(self) -> None:
        """Forget ended incidents beyond `ENDED_HELD`."""
        ended = sorted(
            (each.incident for each in self._incidents.values() if not each.incident.is_open),
            key=lambda incident: (incident.ended_at, incident.id),
        )
        for incident in ended[:-ENDED_HELD]:
            self._has_older = True
            del self._incidents[incident.id]
            self._encoded.pop(incident.id, None)
            self._audiences.pop(incident.id, None)
        self._held_at_most = len(self._incidents) + ENDED_HELD

    def encode(self, detail: IncidentDetail) -> PersonalizedJson:
        """Return an incident as JSON; it is encoded again only after a change."""
        known = self._encoded.get(detail.incident.id)
        if known is not None and known[0] is detail:
            return known[1]
        part = encoded(detail)
        self._encoded[detail.incident.id] = (detail, part)
        return part

    def _encode_base(self, viewer: Viewer) -> bytes:
        base = self._base
        if self._encoded_base is None or self._encoded_base[0] is not base:
            self._encoded_base = (base, {})
        by_reader = self._encoded_base[1]
        reader = READS_ALL if runs_for(READS_LEAST, base) is base else Reader.of(viewer)
        if reader not in by_reader:
            whole = _CIRCLE.dump_json(runs_for(reader, base))
            by_reader[reader] = whole[: whole.rindex(b'"incidents":[]')]
        return by_reader[reader]


def encoded(detail: IncidentDetail) -> PersonalizedJson:
    """Return an incident as JSON for all whom it concerns."""
    bare = replace(detail, deliveries=(), ladder=None)
    return PersonalizedJson(
        lambda reader: _INCIDENT.dump_json(detail_for(reader, bare)),
        detail.deliveries,
        is_addressed=detail_for(READS_LEAST, bare) is not bare,
        audience=audience_of(detail),
        ladder=detail.ladder,
    )


async def load(transaction: Transaction, circle_id: CircleId) -> CircleReadModel:
    """Read the whole circle in a transaction that sees one moment."""
    snapshot = await load_snapshot(transaction, operator(circle_id), ended_kept=ENDED_HELD)
    ended = sum(not each.incident.is_open for each in snapshot.incidents)
    return CircleReadModel(
        snapshot,
        has_older=ended >= ENDED_HELD,
        positions=await transaction.positions.of_circle(circle_id),
    )


def _incident_of(event: Event) -> IncidentId | None:
    match event.kind:
        case "alert_raised" | "alert_extended" | "incident_moved":
            return event.detail.incident.id
        case "incident_ended" | "alert_updated" | "incident_stage_changed":
            return event.incident.id
        case "response_circle_updated" | "ladder_updated" | "deliveries_updated":
            return event.incident_id
        case "roll_call_changed" | "roll_call_marked":
            return event.incident_id
        case (
            "closure_created"
            | "closure_lifted"
            | "unit_changed"
            | "hazard_changed"
            | "features_changed"
            | "profiles_changed"
            | "proposals_changed"
            | "drills_changed"
            | "findings_changed"
            | "reports_changed"
            | "pact_changed"
            | "drill_run_changed"
            | "alert_catalogue_changed"
        ):
            return None
        case _:
            # An event about an incident that is missing above would not reach what new sockets are shown.
            assert_never(event)
