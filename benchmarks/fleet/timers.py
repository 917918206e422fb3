"""A thousand timers of ladders on a running installation, and how late each is taken by its own processes."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.alert import Alert, MessageType
from responder.domain.incidents.incident import Incident, Severity
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import Ladder, LadderStep, StepState
from responder.domain.ladder.profile import Condition, Rung, StepKind, UnitReach
from responder.domain.map.circle import Circle
from responder.domain.map.place import Place
from responder.domain.people.access import OPERATOR
from responder.ports import Transaction
from responder.ports.clock import SystemClock, moment
from responder.services.circles.create import new_epoch
from responder.settings import Settings
from responder.store.database import PostgresDatabase, connect
from responder.terminal.database_url import database_at_hand

TIMERS: Final = 1000
CIRCLES: Final = 20
WITHIN_S: Final = 20.0
"""The timers are due one after the other within this time: fifty a second."""
BEFORE_S: Final = 20.0
"""Time to write all of them before the first is due."""
PATIENCE_S: Final = 120.0
RUNG: Final = Rung(
    name="扩大",
    name_en="Wider",
    kind=StepKind.CALL,
    after_s=0,
    condition=Condition.NOT_ENOUGH,
    reach=(UnitReach.BEYOND,),
)


async def timer_lateness_ms(data_dir: Path) -> list[float]:
    """Plan timers of as many open exercises, let the installation take them, and return how late each was."""
    with database_at_hand(Settings(data_dir=data_dir)) as url:
        database = connect(url)
        circles = [CircleId(uuid4()) for _ in range(CIRCLES)]
        planned: dict[CircleId, list[IncidentId]] = {}
        for circle_id in circles:
            async with database.begin() as transaction:
                circle = Circle(id=circle_id, name=f"timers {circle_id}", name_en="", centre=(113.0, 28.0))
                await transaction.circles.add(circle, epoch=new_epoch())
                planned[circle_id] = [await _open(transaction, circle_id) for _ in range(TIMERS // CIRCLES)]
        begin = moment(SystemClock()) + timedelta(seconds=BEFORE_S)
        for number, circle_id in enumerate(circles):
            async with database.begin() as transaction:
                for turn, incident_id in enumerate(planned[circle_id]):
                    due_at = begin + timedelta(seconds=WITHIN_S * (turn * CIRCLES + number) / TIMERS)
                    await _plan(transaction, circle_id, incident_id, due_at=due_at)
        if moment(SystemClock()) > begin:
            message = "the timers were due before all were planned"
            raise RuntimeError(message)
        late_ms: list[float] = []
        async with asyncio.timeout(PATIENCE_S):
            for circle_id in circles:
                while len(found := await _taken(database, circle_id)) < TIMERS // CIRCLES:  # noqa: ASYNC110 - what other processes do
                    await asyncio.sleep(0.5)
                late_ms += found
        for circle_id in circles:
            async with database.begin() as transaction:
                for detail in await transaction.incidents.open_details(circle_id):
                    await transaction.ladders.close(circle_id, detail.incident.id)
        await database.dispose()
    return late_ms


async def _open(transaction: Transaction, circle_id: CircleId) -> IncidentId:
    now = moment(SystemClock())
    incident = Incident(
        id=IncidentId(uuid4()),
        circle_id=circle_id,
        exercise=True,
        kind="other",
        severity=Severity.YELLOW,
        place=Place(lon=113.0, lat=28.0, label="x"),
        note="",
        raised_at=now,
        raised_by=OPERATOR,
        raised_by_name="bench",
    )
    alert = Alert(
        id=AlertId(uuid4()),
        incident_id=incident.id,
        message_type=MessageType.ALERT,
        exercise=True,
        headline="x",
        sent_at=now,
    )
    found = ResponseCircle(limit_s=900, computed_at=now, members=(), non_members=())
    # Due when the time is known: `_plan` says so.
    ladder = Ladder(
        key="bench", name="x", name_en="x", enough=1, marks=(), steps=(_step(now + timedelta(hours=1)),)
    )
    detail = IncidentDetail(
        incident=incident, alerts=(alert,), response_circle=found, deliveries=(), ladder=ladder
    )
    await transaction.incidents.begin(detail, reach_version=0)
    return incident.id


async def _plan(
    transaction: Transaction, circle_id: CircleId, incident_id: IncidentId, *, due_at: datetime
) -> None:
    await transaction.ladders.put_steps(circle_id, incident_id, [_step(due_at)])


def _step(due_at: datetime) -> LadderStep:
    return LadderStep(number=1, rung=RUNG, due_at=due_at, expires_at=due_at + timedelta(minutes=10))


async def _taken(database: PostgresDatabase, circle_id: CircleId) -> list[float]:
    async with database.snapshot() as transaction:
        details = await transaction.incidents.open_details(circle_id)
    steps = [step for detail in details if detail.ladder is not None for step in detail.ladder.steps]
    return [
        1000 * (step.at - step.due_at).total_seconds()
        for step in steps
        if step.state is StepState.TAKEN and step.at is not None
    ]
