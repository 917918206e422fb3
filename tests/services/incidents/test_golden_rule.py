"""Old snapshot + events = new snapshot, for every kind of event and every role."""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any, get_args
from uuid import uuid4

from responder.domain.drills.observation import ObservationVerdict
from responder.domain.drills.plan import DrillMode, DrillPlan, Inject, InjectKind
from responder.domain.ids import ObservationId, RollCallMarkId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import Event
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason, IncidentStage, Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import ENDED_KEPT, CircleSnapshot, IncidentDetail
from responder.domain.map.place import Place
from responder.domain.people.access import Viewer
from responder.domain.registers.roll_call import RollCallState
from responder.services.circles.snapshot import show_circle
from responder.services.directing.direct_incident import send_update, set_severity, set_stage
from responder.services.directing.end_incident import end_incident
from responder.services.directing.merge_incidents import merge_incidents
from responder.services.directing.move_pin import NewPlace, move_pin
from responder.services.drills.drills import plan_drill
from responder.services.drills.follow_up.findings import FindingWork, create_finding
from responder.services.drills.follow_up.sources import FindingSource
from responder.services.drills.running.observe import NewObservation, observe
from responder.services.drills.running.start_drill import start_drill
from responder.services.drills.running.steer_drill import (
    InjectDeed,
    end_drill,
    pause_drill,
    resume_drill,
    steer_inject,
)
from responder.services.imports.features import Noun, import_features
from responder.services.imports.remove_features import list_imports, remove_import
from responder.services.incidents.acknowledge import acknowledge, acknowledge_all
from responder.services.incidents.catalogue import set_catalogue
from responder.services.incidents.mark_sent import mark_sent
from responder.services.incidents.receipt_batch import DeviceReceipt
from responder.services.map.closures import NewClosure, lift_closure, set_closure
from responder.services.map.set_duty import set_duty
from responder.services.people.remove_person import remove_person
from responder.services.reach.profiles import set_profiles, shipped_table
from responder.services.registers.pact.pacts import draft_pact
from responder.services.registers.reports.links import open_link
from responder.services.registers.reports.send_report import send_report
from responder.services.registers.roll_call.mark_doors import NewMark, mark_doors
from responder.services.registers.roll_call.put_doors import DoorGrid, DoorsOfBuilding, put_doors
from tests.exchange.messages import cap_text
from tests.services.cap.test_receive import receive
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.log import events_after

VIEWERS = (
    "community",
    "hospital",
    "police",
    "planner",
    "observer",
    "community.zhou",
    "volunteer.luo",
    "hospital.wen",
)
ALL_AROUND = {
    "type": "Polygon",
    "coordinates": [
        [[112.984, 28.157], [112.987, 28.157], [112.987, 28.1598], [112.984, 28.1598], [112.984, 28.157]]
    ],
}


class Play:
    """What happens in the circle, one scene after the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.raised: list[IncidentDetail] = []

    async def a_person_raises_an_alert(self) -> None:
        self.raised.append(await self.world.raise_at())

    async def a_person_raises_an_exercise(self) -> None:
        self.raised.append(await self.world.raise_at("脑科巷2栋", by="planner", exercise=True))

    async def the_hospital_raises_an_alert(self) -> None:
        self.raised.append(await self.world.raise_at("脑科巷1栋", by="hospital"))

    async def alerts_are_handed_to_sockets(self) -> None:
        pairs = [(d.alert_id, d.recipient_id) for d in self.raised[0].deliveries]
        await mark_sent(
            self.world.database, circle_id=self.world.circle.id, pairs=pairs, clock=self.world.clock
        )

    async def the_hospital_accepts(self) -> None:
        for state in (DeliveryState.DELIVERED, DeliveryState.ACCEPTED):
            await acknowledge(
                self.world.database,
                viewer=await self.world.viewer("hospital.wen"),
                alert_id=self.raised[0].alerts[0].id,
                state=state,
                action_id=uuid4(),
                device_at=self.world.clock.now(),
                device="phone",
                clock=self.world.clock,
            )
            self.world.clock.move(seconds=3)

    async def many_answer_at_once(self) -> None:
        receipts = [
            DeviceReceipt(
                viewer=await self.world.viewer(username),
                action_id=uuid4(),
                alert_id=incident.alerts[0].id,
                state=DeliveryState.SEEN,
                device_at=self.world.clock.now(),
                device="",
            )
            for username in ("community.zhou", "police.tang", "property.he")
            for incident in self.raised
        ]
        await acknowledge_all(
            self.world.database, circle_id=self.world.circle.id, receipts=receipts, clock=self.world.clock
        )

    async def everything_around_is_closed(self) -> None:
        new = NewClosure(name="围挡", geometry=ALL_AROUND)
        viewer = await self.world.viewer("police")
        self.closure = await set_closure(
            self.world.database, self.world.roads, viewer=viewer, new=new, clock=self.world.clock
        )

    async def an_alert_finds_everything_closed(self) -> None:
        self.raised.append(await self.world.raise_at("脑科巷3栋"))

    async def the_closure_is_lifted(self) -> None:
        await lift_closure(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("community"),
            closure_id=self.closure.id,
            clock=self.world.clock,
        )

    async def everyone_walks_at_half_the_speed(self) -> None:
        table = shipped_table()
        table["profiles"]["foot"]["speeds_kph"] = {"default": 2.16, "steps": 0.54}
        await set_profiles(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("community"),
            table=table,
            clock=self.world.clock,
        )

    async def a_unit_goes_off_duty(self) -> None:
        viewer = await self.world.viewer("hospital.wen")
        for unit_id in viewer.unit_ids:
            await set_duty(
                self.world.database,
                self.world.roads,
                viewer=viewer,
                unit_id=unit_id,
                on_duty=False,
                clock=self.world.clock,
            )

    async def hazards_are_imported(self) -> None:
        table = table_of([{"name": "堆物", "kind": "stairwell_clutter"}, {"name": "飞线", "kind": "wiring"}])
        await import_features(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("community"),
            noun=Noun.HAZARDS,
            table=table,
            clock=self.world.clock,
        )

    async def a_person_who_accepted_is_removed(self) -> None:
        tang = await self.world.viewer("police.tang")
        await acknowledge(
            self.world.database,
            viewer=tang,
            alert_id=self.raised[0].alerts[0].id,
            state=DeliveryState.ACCEPTED,
            action_id=uuid4(),
            device_at=self.world.clock.now(),
            device="",
            clock=self.world.clock,
        )
        await remove_person(
            self.world.database,
            viewer=await self.world.viewer("community"),
            account_id=tang.account_id,
            clock=self.world.clock,
        )

    async def there_is_another_kind_of_incident(self) -> None:
        await set_catalogue(
            self.world.database,
            viewer=await self.world.viewer("community"),
            catalogue=replace(SHIPPED, time_zone="Asia/Urumqi"),
            clock=self.world.clock,
        )

    async def staff_direct_the_incident(self) -> None:
        common = {"viewer": await self.world.viewer("community"), "clock": self.world.clock}
        about: Any = {**common, "incident_id": self.raised[0].incident.id}
        await set_stage(self.world.database, stage=IncidentStage.CONFIRMED, **about)
        await set_severity(self.world.database, severity=Severity.RED, **about)
        await send_update(self.world.database, text="先到门岗", **about)

    async def people_are_counted_by_door(self) -> None:
        building_id = (await self.world.building("脑科巷7栋")).id
        incident_id = self.raised[0].incident.id
        doors = DoorsOfBuilding(building_id=building_id, grid=DoorGrid(stairwells=2, storeys=3, doors=2))
        await put_doors(
            self.world.database,
            viewer=await self.world.viewer("community"),
            incident_id=incident_id,
            buildings=[doors],
            clock=self.world.clock,
        )
        await mark_doors(
            self.world.database,
            viewer=await self.world.viewer("community.zhou"),
            incident_id=incident_id,
            marks=[
                NewMark(
                    id=RollCallMarkId(uuid4()),
                    building_id=building_id,
                    label=label,
                    state=RollCallState.OUT,
                    people=3,
                    at=self.world.clock.now(),
                )
                for label in ("1-101", "9-901")
            ],
            clock=self.world.clock,
        )

    async def the_pin_is_moved(self) -> None:
        await move_pin(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("community"),
            incident_id=self.raised[0].incident.id,
            to=NewPlace(building_id=(await self.world.building("脑科巷9栋")).id),
            clock=self.world.clock,
        )

    async def two_turn_out_to_be_the_same(self) -> None:
        doubled = await self.world.raise_at("脑科巷9栋", by="hospital")
        await merge_incidents(
            self.world.database,
            viewer=await self.world.viewer("community"),
            incident_id=doubled.incident.id,
            into=self.raised[0].incident.id,
            clock=self.world.clock,
        )

    async def another_system_proposes_an_incident(self) -> None:
        await receive(self.world, cap_text())

    async def a_drill_is_planned(self) -> None:
        self.drill = await plan_drill(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("planner"),
            plan=DrillPlan(
                name="x",
                mode=DrillMode.TABLETOP,
                kind="fire",
                place=Place(lon=112.985, lat=28.158, label="x"),
                starts_at=None,
                duration_s=600,
                injects=(await self._for_the_police(),),
            ),
            clock=self.world.clock,
        )

    async def the_drill_is_started_and_a_person_observes_it(self) -> None:
        for deed in (start_drill, pause_drill):
            await deed(
                self.world.database,
                self.world.roads,
                viewer=await self.world.viewer("planner"),
                drill_id=self.drill.drill.id,
                clock=self.world.clock,
                **({"beside_real": True} if deed is start_drill else {}),
            )
        await observe(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("observer"),
            drill_id=self.drill.drill.id,
            new=NewObservation(
                id=ObservationId(uuid4()), at=self.world.clock.now(), verdict=ObservationVerdict.GOOD
            ),
            clock=self.world.clock,
        )

    async def _for_the_police(self) -> Inject:
        police = await self.world.viewer("police")
        assert police.partner_id is not None
        kind, whom = InjectKind.CASUALTY, (police.partner_id,)
        return Inject(number=1, after_s=0, kind=kind, text="x", lon=112.985, lat=28.158, partner_ids=whom)

    async def some_are_told_of_a_casualty(self) -> None:
        for deed in (resume_drill, steer_inject, pause_drill):
            more = {
                resume_drill: {"beside_real": True},
                steer_inject: {"number": 1, "deed": InjectDeed.GIVE},
            }
            await deed(  # type: ignore[operator]
                self.world.database,
                self.world.roads,
                viewer=await self.world.viewer("planner"),
                drill_id=self.drill.drill.id,
                clock=self.world.clock,
                **more.get(deed, {}),  # type: ignore[call-overload]
            )

    async def a_finding_is_written_down(self) -> None:
        await create_finding(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("planner"),
            work=FindingWork(text="x"),
            source=FindingSource(drill_id=self.drill.drill.id),
            clock=self.world.clock,
        )

    async def a_resident_reports_something(self) -> None:
        staff = await self.world.viewer("community")
        shown = await open_link(self.world.database, viewer=staff, renew=False, clock=self.world.clock)
        assert shown.link is not None
        await send_report(
            self.world.database,
            token=shown.link.path.rpartition("/")[2],
            given={"id": str(uuid4()), "kind": "clutter", "lon": "112.985", "lat": "28.158"},
            photo=None,
            redraw=lambda photo: photo,
            clock=self.world.clock,
        )

    async def a_pact_is_drafted(self) -> None:
        await draft_pact(
            self.world.database, viewer=await self.world.viewer("community"), clock=self.world.clock
        )

    async def the_drill_is_ended(self) -> None:
        await end_drill(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("planner"),
            drill_id=self.drill.drill.id,
            clock=self.world.clock,
        )

    async def incidents_end(self) -> None:
        for incident, by in ((self.raised[0], "community"), (self.raised[1], "planner")):
            self.world.clock.move(seconds=1)
            await end_incident(
                self.world.database,
                viewer=await self.world.viewer(by),
                incident_id=incident.incident.id,
                reason=EndReason.FALSE_ALARM,
                clock=self.world.clock,
            )

    async def the_cancellation_is_read(self) -> None:
        async with self.world.database.begin() as transaction:
            ended = await transaction.incidents.detail(self.world.circle.id, self.raised[0].incident.id)
        await acknowledge(
            self.world.database,
            viewer=await self.world.viewer("hospital.wen"),
            alert_id=ended.alerts[-1].id,
            state=DeliveryState.SEEN,
            action_id=uuid4(),
            device_at=self.world.clock.now(),
            device="phone",
            clock=self.world.clock,
        )

    async def more_end_than_are_kept(self) -> None:
        for _ in range(ENDED_KEPT):
            self.world.clock.move(seconds=1)
            incident = await self.world.raise_at("脑科巷9栋")
            await end_incident(
                self.world.database,
                viewer=await self.world.viewer("community"),
                incident_id=incident.incident.id,
                reason=EndReason.RESOLVED,
                clock=self.world.clock,
            )

    async def hazards_are_removed(self) -> None:
        viewer = await self.world.viewer("community")
        [latest, *_] = await list_imports(self.world.database, viewer=viewer)
        await remove_import(self.world.database, viewer=viewer, import_id=latest.id, clock=self.world.clock)

    def scenes(self) -> list[Callable[[], Any]]:
        return [
            self.a_person_raises_an_alert,
            self.a_person_raises_an_exercise,
            self.the_hospital_raises_an_alert,
            self.alerts_are_handed_to_sockets,
            self.the_hospital_accepts,
            self.many_answer_at_once,
            self.everything_around_is_closed,
            self.an_alert_finds_everything_closed,
            self.the_closure_is_lifted,
            self.everyone_walks_at_half_the_speed,
            self.there_is_another_kind_of_incident,
            self.another_system_proposes_an_incident,
            self.a_drill_is_planned,
            self.the_drill_is_started_and_a_person_observes_it,
            self.some_are_told_of_a_casualty,
            self.a_finding_is_written_down,
            self.a_resident_reports_something,
            self.a_pact_is_drafted,
            self.the_drill_is_ended,
            self.people_are_counted_by_door,
            self.staff_direct_the_incident,
            self.the_pin_is_moved,
            self.two_turn_out_to_be_the_same,
            self.a_unit_goes_off_duty,
            self.hazards_are_imported,
            self.hazards_are_removed,
            self.a_person_who_accepted_is_removed,
            self.incidents_end,
            self.the_cancellation_is_read,
            self.more_end_than_are_kept,
        ]


async def catch_up(world: World, viewer: Viewer, snapshot: CircleSnapshot) -> tuple[CircleSnapshot, set[str]]:
    events = await events_after(
        world.database,
        viewer=viewer,
        epoch=snapshot.epoch,
        seq=snapshot.seq,
        event_id=snapshot.event_id,
    )
    assert events is not None
    return reduce(apply, events, snapshot), {recorded.event.kind for recorded in events}


async def test_old_snapshot_and_events_make_the_new_snapshot(world: World) -> None:
    viewers = {name: await world.viewer(name) for name in VIEWERS}
    seen: list[dict[str, CircleSnapshot]] = [{name: await look(world, viewers[name]) for name in VIEWERS}]
    kinds: set[str] = set()
    for scene in Play(world).scenes():
        await scene()
        world.clock.move(seconds=1)
        fresh = {name: await look(world, viewers[name]) for name in VIEWERS}
        for name, viewer in viewers.items():
            # A person who was away for one scene, for half of the play, and for all of it.
            for number in sorted({0, len(seen) // 2, len(seen) - 1}):
                folded, told = await catch_up(world, viewer, seen[number][name])
                kinds |= told
                # What is not the viewer's business is left out, so the number may lag behind.
                assert folded.seq <= fresh[name].seq
                at_head = replace(folded, seq=fresh[name].seq, event_id=fresh[name].event_id)
                assert at_head == fresh[name], (scene.__name__, name, number)
        seen.append(fresh)
    assert kinds == {kind.__dataclass_fields__["kind"].default for kind in get_args(Event)}
    assert len({len(snapshot.incidents) for snapshot in seen[-1].values()}) > 1, "no viewer misses anything"


async def look(world: World, viewer: Viewer) -> CircleSnapshot:
    return await show_circle(world.database, viewer=viewer, clock=world.clock)
