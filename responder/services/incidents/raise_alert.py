"""Raise an alert: decide who can be there in time, and call exactly those."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import uuid4

from geo.lonlat import LonLat
from responder.domain.audit import AuditAction, AuditEntry, Subject, audit_entry
from responder.domain.errors import IdempotencyConflictError, InvalidValueError
from responder.domain.ids import AlertId, BuildingId, IncidentId, PartnerId
from responder.domain.incidents.alert import Alert, MessageType, headline
from responder.domain.incidents.catalogue import IncidentKind
from responder.domain.incidents.event import AlertRaised
from responder.domain.incidents.incident import Incident, Severity
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.shipped_catalogue import SHIPPED as SHIPPED_CATALOGUE
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.profile import LadderProfile
from responder.domain.ladder.shipped import SHIPPED as SHIPPED_LADDERS
from responder.domain.map.place import Place
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.incidents import KeyUse
from responder.services.concurrency import both
from responder.services.incidents.call_people import call
from responder.services.incidents.response_circle import ReachInputs, compute, read_inputs
from responder.services.incidents.scene import LABEL_LENGTH, find_scene, named, scene_of
from responder.services.incidents.similar import ask_about_similar
from responder.services.incidents.waves import first_wave, planned_for
from responder.services.validation.text import checked_text

KEY_LENGTH = 128
NOTE_LENGTH = 2000
TogetherWith = Callable[[Transaction, IncidentDetail], Awaitable[None]]
"""Called in the transaction that raises the alert, under the circle's lock; an error from it undoes all."""
TRIES = 3
"""As often roads or figures may change while the ways are found; then the alert goes out by those it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIncident:
    """Input of an alert."""

    kind: str
    """Code of a kind that the circle's catalogue offers."""
    severity: Severity | None = None
    """None: the colour that the catalogue gives the kind."""
    exercise: bool
    note: str = ""
    building_id: BuildingId | None = None
    entrance: str | None = None
    lon: float | None = None
    lat: float | None = None
    label: str = ""
    not_same_as: tuple[IncidentId, ...] = ()
    """Incidents nearby that this one is not the same as, said by the person who raises it."""

    @property
    def lonlat(self) -> LonLat | None:
        if self.lon is None and self.lat is None:
            return None
        if self.lon is None or self.lat is None:
            message = "longitude and latitude belong together"
            raise InvalidValueError(message, field="lat" if self.lat is None else "lon")
        return LonLat(self.lon, self.lat)


async def raise_alert(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    new: NewIncident,
    idempotency_key: str,
    clock: Clock,
    taking_part: Collection[PartnerId] | None = None,
    together_with: TogetherWith | None = None,
) -> IncidentDetail:
    """
    Raise an alert and return the incident with its response circle and why each unit is in it.

    The same key with the same words answers with the same incident, however often and however much at once.
    For a drill, `taking_part` are its partners, and only their units are looked at; empty is everyone. It is
    started on purpose: it is not asked whether another exercise nearby is the same.

    Raises
    ------
    IdempotencyConflictError
        The key was used before for a different request.
    SimilarIncidentError
        One nearby was raised moments ago and may be the same; nothing was done. With it in `not_same_as`,
        and the same key, this one is raised.
    InvalidValueError
        The place is neither a building nor a point, the kind is not offered, or a text may not be.
    NotFoundError
        The circle has no such building or entrance.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the place can be found.
    """
    viewer.must(Action.RAISE_EXERCISE if new.exercise else Action.RAISE_ALERT)
    key = checked_text(idempotency_key, field="Idempotency-Key", longest=KEY_LENGTH, may_be_empty=False)
    new = replace(
        new,
        note=checked_text(new.note, field="note", longest=NOTE_LENGTH),
        label=checked_text(new.label.strip(), field="label", longest=LABEL_LENGTH),
    )
    request = _Request(
        viewer=viewer,
        new=new,
        key=key,
        hash=_fingerprint(new),
        now=moment(clock),
        taking_part=None if taking_part is None else frozenset(taking_part),
        together_with=together_with,
    )
    tries_left = TRIES
    detail = None
    while detail is None:
        tries_left -= 1
        detail = await _raise(database, roads, request, roads_may_be_old=tries_left == 0)
    return detail


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    viewer: Viewer
    new: NewIncident
    key: str
    hash: str
    now: datetime
    taking_part: frozenset[PartnerId] | None
    together_with: TogetherWith | None

    def narrowed(self, inputs: ReachInputs) -> ReachInputs:
        """Leave out units of partners that do not take part."""
        if not self.taking_part:
            return inputs
        units = tuple(unit for unit in inputs.units if unit.partner_id in self.taking_part)
        return replace(inputs, units=units)


async def _raise(
    database: Database, roads: Roads, request: _Request, *, roads_may_be_old: bool
) -> IncidentDetail | None:
    """Find who can be there in time and call them; None when roads or figures changed since."""
    viewer, new, now = request.viewer, request.new, request.now
    circle_id = viewer.circle_id
    async with database.snapshot() as transaction:
        if use := await _earlier_use(transaction, request):
            return await transaction.incidents.detail(circle_id, use.incident_id)
        scene = await find_scene(
            transaction,
            circle_id,
            building_id=new.building_id,
            entrance=new.entrance,
            lonlat=new.lonlat,
            label=new.label,
        )
        settings = await transaction.circles.alert_settings(circle_id)
        kind = (settings.catalogue or SHIPPED_CATALOGUE).offered(new.kind)
        profile = (settings.ladders or SHIPPED_LADDERS).chosen
        inputs = request.narrowed(await read_inputs(transaction, circle_id, settings=settings))
    model = await roads.model(circle_id)
    response_circle, place = await both(
        asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now),
        # Costs no time: it is done before the ways are found.
        named(database, circle_id, scene, model),
    )
    scene = replace(scene, place=place)

    async with database.begin() as transaction:
        head = await transaction.circles.lock(circle_id)
        if use := await _earlier_use(transaction, request):
            return await transaction.incidents.detail(circle_id, use.incident_id)
        if request.taking_part is None:
            await ask_about_similar(
                transaction,
                viewer,
                scene.place.lonlat,
                exercise=new.exercise,
                not_same_as=new.not_same_as,
                now=now,
            )
        if head.reach_version != inputs.reach_version:
            # A road was closed or a unit went off duty while the ways were being found. They are found once
            # more with the lock held, so that no one is called by outdated figures. Other roads or figures
            # have to be prepared first, and that takes too long for a lock.
            is_current = await roads.is_current(transaction, circle_id, model)
            if not is_current and not roads_may_be_old:
                return None
            inputs = request.narrowed(await read_inputs(transaction, circle_id))
            if not is_current:
                # Found again by `recompute_due`, a second after the alert.
                inputs = replace(inputs, reach_version=inputs.reach_version - 1)
            scene = await scene_of(transaction, circle_id, scene.place)
            response_circle = await asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now)
        detail = await _begin_incident(
            transaction,
            request,
            kind=kind,
            place=scene.place,
            response_circle=response_circle,
            inputs=inputs,
            profile=profile,
        )
        use = KeyUse(request_hash=request.hash, incident_id=detail.incident.id)
        await transaction.idempotency_keys.add(circle_id, viewer.account_id, request.key, use=use, at=now)
        await transaction.record(
            circle_id, AlertRaised(detail=detail), at=now, incident_id=detail.incident.id
        )
        await transaction.audit.append(circle_id, _act(viewer, detail), at=now)
        if request.together_with is not None:
            await request.together_with(transaction, detail)
    return detail


async def _begin_incident(
    transaction: Transaction,
    request: _Request,
    *,
    kind: IncidentKind,
    place: Place,
    response_circle: ResponseCircle,
    inputs: ReachInputs,
    profile: LadderProfile,
) -> IncidentDetail:
    viewer, new, now = request.viewer, request.new, request.now
    incident = Incident(
        id=IncidentId(uuid4()),
        circle_id=viewer.circle_id,
        exercise=new.exercise,
        kind=kind.code,
        severity=new.severity or kind.severity,
        place=place,
        note=new.note,
        raised_at=now,
        raised_by=viewer.account_id,
        raised_by_name=viewer.name,
    )
    alert = Alert(
        id=AlertId(uuid4()),
        incident_id=incident.id,
        message_type=MessageType.ALERT,
        exercise=incident.exercise,
        headline=headline(
            kind.name_zh,
            incident.place.label,
            exercise=incident.exercise,
        ),
        sent_at=now,
    )
    people, ladder = await first_wave(
        transaction,
        viewer.circle_id,
        planned_for(kind, profile, severity=incident.severity, raised_at=now),
        found=response_circle,
        units=inputs.units,
        partners=inputs.partners,
    )
    deliveries = call(people, alert.id, members=response_circle.members, now=now)
    detail = IncidentDetail(
        incident=incident,
        alerts=(alert,),
        response_circle=response_circle,
        deliveries=deliveries,
        ladder=ladder,
    )
    await transaction.incidents.begin(detail, reach_version=inputs.reach_version)
    await transaction.deliveries.add(viewer.circle_id, incident.id, deliveries)
    return detail


def _act(viewer: Viewer, detail: IncidentDetail) -> AuditEntry:
    incident = detail.incident
    return audit_entry(
        viewer,
        AuditAction.ALERT_RAISED,
        subject=Subject(kind="incident", id=incident.id),
        detail={
            "kind": incident.kind,
            "severity": incident.severity.value,
            "exercise": incident.exercise,
            "called": len(detail.deliveries),
        },
    )


async def _earlier_use(transaction: Transaction, request: _Request) -> KeyUse | None:
    viewer = request.viewer
    use = await transaction.idempotency_keys.find(viewer.circle_id, viewer.account_id, request.key)
    if use is not None and use.request_hash != request.hash:
        raise IdempotencyConflictError
    return use


def _fingerprint(new: NewIncident) -> str:
    # Said again without the answer to a question that was asked in between, it is the same request.
    words = json.dumps(asdict(replace(new, not_same_as=())), default=str, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()
