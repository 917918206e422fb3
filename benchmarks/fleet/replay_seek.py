"""How soon a moment is found in the replay of a long drill, in the page that people open."""

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from benchmarks.fleet.sockets import percentile
from benchmarks.visits.visits import chromium
from responder.domain.channels.message_words import DEFAULT_LANGUAGE
from responder.domain.drills.injects import give
from responder.domain.drills.plan import Drill, DrillMode, DrillPlan, DrillState, Inject, InjectKind
from responder.domain.drills.run import begin
from responder.domain.drills.track import TrackPoint
from responder.domain.ids import (
    AccountId,
    AlertId,
    CircleId,
    DrillId,
    IncidentId,
    PartnerId,
    ResponderId,
    UnitId,
)
from responder.domain.incidents.alert import Alert, MessageType
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import DeliveriesUpdated, DrillRunChanged, Event, RecordedEvent
from responder.domain.incidents.incident import Incident, Severity
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.map.circle import Circle
from responder.domain.map.place import Place
from responder.domain.map.unit import Unit
from responder.exchange.replay.page import PlayerFiles, replay_page
from responder.services.drills.ground import Ground
from responder.services.drills.replay import Replay

HOURS: Final = 2
POSITIONS_A_MINUTE: Final = 500
UNITS: Final = 60
PEOPLE: Final = 200
INJECTS: Final = 40
SEEKS: Final = 300
START: Final = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
CIRCLE, DRILL = CircleId(UUID(int=1)), DrillId(UUID(int=2))
INCIDENT, ALERT, PARTNER = IncidentId(UUID(int=3)), AlertId(UUID(int=4)), PartnerId(UUID(int=5))
PLACE: Final = Place(lon=113.0, lat=28.0, label="x")
_REPLAY: TypeAdapter[Replay] = TypeAdapter(Replay)
_SEEK: Final = """
(seconds) => seconds.map((each) => {
  const began = performance.now();
  seekTo(each);
  document.querySelector("svg").getBoundingClientRect();
  return performance.now() - began;
})
"""


async def seeks_ms(built: Path) -> list[float]:
    """Return how long each of `SEEKS` jumps took, with what is drawn; `built` is the folder of the page."""
    folder = built / "replay"
    files = PlayerFiles(
        script=(folder / "replay.js").read_text(encoding="utf-8"),
        style=(folder / "replay.css").read_text(encoding="utf-8"),
    )
    chance = random.Random(1)  # noqa: S311 - the same drill in every run
    replay = recorded(chance)
    ground = Ground(
        bbox=(112.99, 27.99, 113.01, 28.01),
        roads=(),
        buildings=(),
        facilities=(),
        rests_on_openstreetmap=False,
    )
    made = replay_page(
        _REPLAY.dump_python(replay, mode="json"),
        replay.drill.plan,
        ground,
        files,
        language=DEFAULT_LANGUAGE,
        names=True,
        made_at=START + timedelta(hours=HOURS),
    )
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        file = Path(name) / "replay.html"
        file.write_text(made.html, encoding="utf-8")
        async with chromium() as browser:
            page = await browser.new_page()
            await page.goto(f"file://{file}")
            moments = [chance.randrange(HOURS * 3600) for _ in range(SEEKS)]
            found: list[float] = await page.evaluate(_SEEK, moments)
    print(f"{len(replay.track)} positions, {len(replay.events)} events, {len(made.html) / 2**20:.1f} MiB")
    return found


async def seek_p99_ms(built: Path) -> float:
    """Return the 99th percentile of them."""
    return percentile(await seeks_ms(built), 0.99)


def recorded(chance: random.Random) -> Replay:
    """Return a drill of two hours in which people answer, injects are given and units move all the time."""
    plan = DrillPlan(
        name="x",
        mode=DrillMode.FIELD,
        kind="fire",
        place=PLACE,
        starts_at=None,
        duration_s=HOURS * 3600.0,
        injects=tuple(
            Inject(number=n + 1, after_s=180.0 * n, kind=InjectKind.MESSAGE, text="x") for n in range(INJECTS)
        ),
    )
    run = begin(plan, DRILL, CIRCLE, at=START, by_name="x", incident_id=INCIDENT)
    units = tuple(_unit(number) for number in range(UNITS))
    people = [_delivery(number) for number in range(PEOPLE)]
    events: list[tuple[float, Event]] = [(0.0, DrillRunChanged(run=run))]
    for number, delivery in enumerate(people):
        at_s = 5.0 + number
        for state in (DeliveryState.DELIVERED, DeliveryState.ACCEPTED, DeliveryState.ON_SCENE):
            at_s += chance.random() * 600
            moved = delivery.advance(state, at=START + timedelta(seconds=at_s))
            events.append((at_s, DeliveriesUpdated(incident_id=INCIDENT, deliveries=(moved,))))
            delivery = moved  # noqa: PLW2901 - it goes on
    for inject in plan.injects:
        at = START + timedelta(seconds=inject.after_s)
        run = give(plan, run, inject.number, clock_s=inject.after_s, now=at)
        events.append((inject.after_s, DrillRunChanged(run=run)))
    events.sort(key=lambda each: each[0])
    ended = run.end(at=START + timedelta(hours=HOURS))
    drill = Drill(
        id=DRILL,
        circle_id=CIRCLE,
        state=DrillState.ENDED,
        plan=plan,
        revision=0,
        version="x",
        created_at=START,
        created_by=None,
        created_by_name="x",
        changed_at=START,
        changed_by=None,
        changed_by_name="x",
    )
    return Replay(
        drill=drill,
        run=ended,
        base=_base(units, people),
        events=tuple(_at(seq, at_s, event) for seq, (at_s, event) in enumerate(events, start=2)),
        track=_track(units, chance),
        observations=(),
    )


def _base(units: tuple[Unit, ...], people: list[Delivery]) -> CircleSnapshot:
    incident = Incident(
        id=INCIDENT,
        circle_id=CIRCLE,
        exercise=True,
        kind="fire",
        severity=Severity.RED,
        place=PLACE,
        note="",
        raised_at=START,
        raised_by=AccountId(UUID(int=6)),
        raised_by_name="x",
    )
    alert = Alert(
        id=ALERT,
        incident_id=INCIDENT,
        message_type=MessageType.ALERT,
        exercise=True,
        headline="x",
        sent_at=START,
    )
    detail = IncidentDetail(
        incident=incident,
        alerts=(alert,),
        response_circle=ResponseCircle(limit_s=900, computed_at=START, members=(), non_members=()),
        deliveries=tuple(people),
    )
    return CircleSnapshot(
        circle=Circle(id=CIRCLE, name="x", name_en="x", centre=(113.0, 28.0)),
        epoch="x",
        seq=1,
        event_id=UUID(int=1),
        reach_version=0,
        catalogue=SHIPPED,
        partners=(),
        units=units,
        hazards=(),
        closures=(),
        drills=(),
        incidents=(detail,),
        positions=(),
    )


def _at(seq: int, at_s: float, event: Event) -> RecordedEvent:
    return RecordedEvent(
        circle_id=CIRCLE,
        seq=seq,
        id=UUID(int=seq),
        at=START + timedelta(seconds=at_s),
        event=event,
        reach_version=0,
    )


def _unit(number: int) -> Unit:
    return Unit(
        id=UnitId(UUID(int=1000 + number)),
        partner_id=PARTNER,
        name=f"{number}",
        name_en=f"{number}",
        kind="patrol",
        profile="foot",
        turnout_s=60.0,
        people=3,
        on_duty=True,
        post=(113.0, 28.0),
    )


def _delivery(number: int) -> Delivery:
    return Delivery(
        alert_id=ALERT,
        recipient_id=ResponderId(UUID(int=5000 + number)),
        recipient_name=f"{number}",
        unit_id=UnitId(UUID(int=1000 + number % UNITS)),
        partner_id=PARTNER,
        state=DeliveryState.QUEUED,
        times={DeliveryState.QUEUED.value: START},
    )


def _track(units: tuple[Unit, ...], chance: random.Random) -> tuple[TrackPoint, ...]:
    count = HOURS * 60 * POSITIONS_A_MINUTE
    points = []
    for number in range(count):
        at = START + timedelta(seconds=number * 60 / POSITIONS_A_MINUTE)
        points.append(
            TrackPoint(
                unit_id=units[number % UNITS].id,
                at=at,
                stored_at=at,
                lon=113.0 + chance.random() / 100,
                lat=28.0 + chance.random() / 100,
                accuracy_m=5.0,
            )
        )
    return tuple(points)
