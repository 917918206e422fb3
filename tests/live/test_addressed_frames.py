"""What a drill tells one partner reaches the others' sockets without its words, by whatever way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from responder.domain.drills.plan import DrillMode, DrillState, InjectKind
from responder.domain.drills.run import DrillMark, DrillRun
from responder.domain.ids import AccountId, DrillId, PartnerId, ResponderId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import AlertExtended, DrillRunChanged, Event, RecordedEvent
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Role, Viewer
from responder.live.circle.audience import CROWD, shown_snapshot
from responder.live.circle.read_model import CircleReadModel, encoded
from responder.live.circle.rendering import EncodedEvent
from responder.ports.incidents import AddressedEvent
from responder.services.incidents.queries import audience_of
from tests.domain.town import NOON, Town

WORDS = "地下室还有一人"


class Told:
    """A town in whose exercise the first partner alone is told something."""

    def __init__(self, *, crowd: bool = False) -> None:
        self.town = Town()
        self.partner, self.other = (unit.partner_id for unit in self.town.units[:2])
        self.detail = self.town.incident(minute=1)
        if crowd:
            self.detail = replace(
                self.detail, deliveries=(*self.detail.deliveries, *self._crowd(self.detail))
            )
        update = self.town.updated(self.detail, AlertCause.TEXT, minute=2)
        self.update = replace(update, alert=replace(update.alert, text=WORDS, partner_ids=(self.partner,)))
        self.after = replace(
            self.detail,
            alerts=(*self.detail.alerts, self.update.alert),
            deliveries=(*self.detail.deliveries, *self.update.deliveries),
        )
        self.run = DrillRun(
            drill_id=DrillId(uuid4()),
            circle_id=self.town.circle.id,
            name="x",
            mode=DrillMode.FIELD,
            partner_ids=(),
            state=DrillState.RUNNING,
            started_at=NOON,
            started_by_name="x",
            incident_id=None,
            injects=(),
            marks=(
                DrillMark(
                    inject=1,
                    kind=InjectKind.CASUALTY,
                    text=WORDS,
                    lon=112.9,
                    lat=28.1,
                    partner_ids=(self.partner,),
                ),
            ),
        )
        self.viewers = {
            "theirs": self.called(0),
            "their dispatcher": replace(self.viewer(Role.DISPATCHER), partner_id=self.partner),
            "planner": self.viewer(Role.PLANNER),
            "coordinator": self.viewer(Role.COORDINATOR),
            "observer": self.viewer(Role.OBSERVER),
            "another's": self.called(1),
            "another's dispatcher": replace(self.viewer(Role.DISPATCHER), partner_id=self.other),
        }
        self.readers = {name for name in self.viewers if not name.startswith("another")}

    def viewer(self, role: Role) -> Viewer:
        return Viewer(account_id=AccountId(uuid4()), name="x", circle_id=self.town.circle.id, role=role)

    def called(self, number: int) -> Viewer:
        unit = self.town.units[number]
        person = frozenset({self.town.people[unit.id]})
        return replace(self.viewer(Role.RESPONDER), responder_ids=person, partner_id=unit.partner_id)

    def _crowd(self, detail: IncidentDetail) -> Iterator[Delivery]:
        for _ in range(CROWD):
            yield replace(
                detail.deliveries[0],
                recipient_id=ResponderId(uuid4()),
                partner_id=PartnerId(uuid4()),
                state=DeliveryState.QUEUED,
            )

    def frames(self, event: Event, *, whole_circle: bool = False) -> EncodedEvent:
        recorded = RecordedEvent(
            circle_id=self.town.circle.id, seq=21, id=UUID(int=21), at=NOON, event=event, reach_version=7
        )
        return EncodedEvent(AddressedEvent(recorded, None if whole_circle else audience_of(self.after)))

    def who_reads(self, frames: EncodedEvent) -> set[str]:
        read = set()
        # Whatever is kept for one is not sent to another.
        for name, viewer in (*self.viewers.items(), *reversed(self.viewers.items())):
            frame = frames.frame_for(viewer)
            assert frame is not None, name
            json.loads(frame[frame.index(b"{") :])
            if WORDS.encode() in frame:
                read.add(name)
        return read


@pytest.mark.parametrize("crowd", [False, True], ids=["few", "crowd"])
def test_what_is_told_is_read_by_those_it_is_for(*, crowd: bool) -> None:
    told = Told(crowd=crowd)

    assert told.who_reads(told.frames(told.update)) == told.readers


@pytest.mark.parametrize("crowd", [False, True], ids=["few", "crowd"])
def test_nor_does_a_later_event_with_the_whole_incident_say_it(*, crowd: bool) -> None:
    told = Told(crowd=crowd)

    assert told.who_reads(told.frames(AlertExtended(detail=told.after))) == told.readers


def test_what_is_for_all_is_read_by_all() -> None:
    told = Told()
    for_all = replace(told.update, alert=replace(told.update.alert, partner_ids=()))

    assert told.who_reads(told.frames(for_all)) == set(told.viewers)


def test_a_casualty_is_shown_to_those_it_is_for() -> None:
    told = Told()

    assert told.who_reads(told.frames(DrillRunChanged(run=told.run), whole_circle=True)) == told.readers


def test_a_snapshot_says_it_to_those_it_is_for() -> None:
    told = Told()
    whole = replace(told.town.snapshot(), incidents=(told.after,), drills=(told.run,))
    model = CircleReadModel(whole, has_older=False, positions=())
    read = {"marks": set[str](), "alerts": set[str]()}
    for name, viewer in (*told.viewers.items(), *reversed(told.viewers.items())):
        shown = model.show(viewer)
        assert shown is not None
        snapshot = json.loads(shown.json)["snapshot"]
        assert len(snapshot["incidents"]) == len(snapshot["drills"]) == 1
        if WORDS in json.dumps(snapshot["drills"], ensure_ascii=False):
            read["marks"].add(name)
        if WORDS in json.dumps(snapshot["incidents"], ensure_ascii=False):
            read["alerts"].add(name)
        # What is read from the database where this does not hold everything says the same.
        same = shown_snapshot(replace(whole, positions=()), viewer)
        assert (WORDS in repr(same.drills), WORDS in repr(same.incidents)) == (
            name in told.readers,
            name in told.readers,
        )
    assert read == {"marks": told.readers, "alerts": told.readers}


def test_a_reminder_says_it_to_those_it_is_for() -> None:
    told = Told()
    incident = encoded(told.after)

    read = {
        name
        for name, viewer in told.viewers.items()
        if WORDS.encode() in (incident.json_for(viewer) or incident.bare_for(viewer))
    }

    assert read == told.readers
