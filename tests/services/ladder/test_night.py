"""A night in one circle, second by second: twelve alerts, and what goes wrong."""

from dataclasses import replace
from functools import reduce

from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import StepReason, StepState
from responder.domain.ladder.profile import LadderProfiles
from responder.domain.ladder.shipped import ACTIONS
from responder.services.circles.snapshot import show_circle
from responder.services.ladder.steer import stop_steps
from tests.services.ladder.conftest import Night
from tests.services.log import events_after

EVERYONE = 16
"""People of the demo circle's units that can be at block 7 in time; one more is off duty."""
WITHIN_5_MINUTES = 8
TAKEN, SKIPPED, EXPIRED = "taken", "skipped", "expired"
HURRIED = LadderProfiles(
    default="hurried",
    profiles=(
        replace(
            ACTIONS, key="hurried", rungs=tuple(replace(rung, expires_after_s=10) for rung in ACTIONS.rungs)
        ),
    ),
)
"""Of which a step that is 10 s late is not taken any more."""


class Alerts:
    """The alerts of the night by name, raised and ended at a second."""

    def __init__(self, night: Night) -> None:
        self._night = night
        self.raised: dict[str, IncidentDetail] = {}

    def raise_at(
        self, second: int, name: str, *, exercise: bool = False, severity: Severity = Severity.ORANGE
    ) -> None:
        async def scene() -> None:
            self.raised[name] = await self._night.raises(exercise=exercise, severity=severity)

        self._night.at(second, scene)

    def answer_at(self, second: int, name: str, who: str, state: DeliveryState) -> None:
        self._night.at(second, lambda: self._night.answers(self.raised[name], who, state))

    def end_at(self, second: int, name: str, reason: EndReason = EndReason.RESOLVED) -> None:
        self._night.at(second, lambda: self._night.ends(self.raised[name], reason))

    def story(self, name: str) -> list[tuple[int, int, str]]:
        return self._night.story(self.raised[name])


async def test_a_night_of_twelve_alerts(night: Night) -> None:
    alerts = Alerts(night)
    staff = await night.world.viewer("community")
    before = await show_circle(night.world.database, viewer=staff, clock=night.world.clock)
    _two_at_once_and_refusals(alerts)
    _a_false_alarm_and_a_drill(night, alerts)
    _one_withdraws(alerts)
    _services_answer_badly(night, alerts)
    _other_ladders(night, alerts)
    _a_crash_between_waves(night, alerts)

    await night.until(330)

    assert len(alerts.raised) == 12
    # No one answers: all that the ladder has, each in its second.
    whole = [(30, 2, TAKEN), (60, 3, TAKEN), (90, 4, TAKEN), (120, 5, TAKEN), (180, 6, TAKEN)]
    assert alerts.story("silent") == whole
    silent = await night.now(alerts.raised["silent"])
    assert night.called(silent, 2) == EVERYONE
    assert night.called(silent, 4) == 1
    # Beside it, enough come: nothing is widened, and who has answered is not told again.
    assert alerts.story("enough") == [(30, 2, TAKEN)] + [
        (at, number, SKIPPED) for at, number in ((60, 3), (90, 4), (120, 5), (180, 6))
    ]
    assert night.called(alerts.raised["enough"], 2) == EVERYONE - 4
    # Three say no: they are left in peace; one yes is not enough, but it is not nobody.
    assert alerts.story("refused") == [(30, 2, TAKEN), (60, 3, TAKEN)] + [
        (at, number, SKIPPED) for at, number in ((90, 4), (120, 5), (180, 6))
    ]
    assert night.called(alerts.raised["refused"], 2) == EVERYONE - 3
    # What was taken back, or stopped by hand, is never taken.
    assert alerts.story("false_alarm") == alerts.story("drill") == []
    # The only one withdraws three seconds after the deputies were let sleep: they are called at once.
    assert alerts.story("withdrawn") == [
        (30, 2, TAKEN),
        (60, 3, TAKEN),
        (90, 4, SKIPPED),
        (93, 4, TAKEN),
        (120, 5, TAKEN),
    ]
    # A step that fails is tried again until it succeeds, and holds up no step of another incident.
    assert alerts.story("faulty") == [(35, 2, TAKEN), (60, 3, TAKEN), (90, 4, TAKEN)]
    assert alerts.story("beside_faulty") == [(30, 2, TAKEN), (60, 3, TAKEN)]
    # The nearest first, then all; red calls all at once whatever the ladder says.
    assert alerts.story("nearest") == [(34, 2, TAKEN), (60, 3, TAKEN), (120, 4, TAKEN)]
    assert len(alerts.raised["nearest"].deliveries) == WITHIN_5_MINUTES
    assert night.called(alerts.raised["nearest"], 3) == EVERYONE - WITHIN_5_MINUTES
    assert alerts.story("red") == [(33, 2, TAKEN)]
    assert len(alerts.raised["red"].deliveries) == EVERYONE
    # No process for 50 s: what is due then is taken, once, unless it has expired.
    assert alerts.story("crash") == [(60, 2, TAKEN), (60, 3, TAKEN), (90, 4, TAKEN), (120, 5, TAKEN)]
    assert alerts.story("expired") == [(59, 2, EXPIRED), (60, 3, TAKEN)]
    await _everything_is_as_told(night, alerts)
    after = await show_circle(night.world.database, viewer=staff, clock=night.world.clock)
    told = await events_after(
        night.world.database, viewer=staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert told is not None
    assert reduce(apply, told, before) == after


def _two_at_once_and_refusals(alerts: Alerts) -> None:
    alerts.raise_at(1, "silent")
    alerts.raise_at(1, "enough")
    for second, who in (
        (10, "hospital.wen"),
        (15, "community.zhou"),
        (20, "police.jiang"),
        (25, "property.he"),
    ):
        alerts.answer_at(second, "enough", who, DeliveryState.ACCEPTED)
    alerts.raise_at(3, "refused")
    for who in ("hospital.wen", "community.zhou", "police.tang"):
        alerts.answer_at(8, "refused", who, DeliveryState.DECLINED)
    alerts.answer_at(70, "refused", "property.he", DeliveryState.ACCEPTED)
    for name in ("silent", "enough", "refused"):
        alerts.end_at(199, name)


def _a_false_alarm_and_a_drill(night: Night, alerts: Alerts) -> None:
    alerts.raise_at(5, "false_alarm")
    alerts.end_at(17, "false_alarm", EndReason.FALSE_ALARM)
    alerts.raise_at(20, "drill", exercise=True)

    async def stops() -> None:
        planner = await night.world.viewer("planner")
        incident_id = alerts.raised["drill"].incident.id
        clock = night.world.clock
        await stop_steps(
            night.world.database, viewer=planner, incident_id=incident_id, number=None, clock=clock
        )

    night.at(40, stops)
    alerts.end_at(300, "drill")


def _one_withdraws(alerts: Alerts) -> None:
    alerts.raise_at(25, "withdrawn")
    alerts.answer_at(30, "withdrawn", "hospital.wen", DeliveryState.ACCEPTED)
    alerts.answer_at(118, "withdrawn", "hospital.wen", DeliveryState.WITHDRAWN)
    alerts.end_at(199, "withdrawn")


def _services_answer_badly(night: Night, alerts: Alerts) -> None:
    alerts.raise_at(10, "beside_faulty")
    alerts.raise_at(40, "faulty")

    async def breaks() -> None:
        night.channels.fault = OSError("the queue cannot be written")

    async def heals() -> None:
        night.channels.fault = None

    night.at(65, breaks)
    night.at(75, heals)
    alerts.end_at(80, "beside_faulty")
    alerts.end_at(140, "faulty")


def _other_ladders(night: Night, alerts: Alerts) -> None:
    night.at(41, lambda: night.goes_by("nearest_first"))
    alerts.raise_at(41, "nearest")
    alerts.raise_at(42, "red", severity=Severity.RED)
    night.at(43, lambda: night.goes_by("135_actions"))
    alerts.end_at(100, "red")
    alerts.end_at(170, "nearest")


def _a_crash_between_waves(night: Night, alerts: Alerts) -> None:
    alerts.raise_at(190, "crash")
    night.at(191, lambda: night.goes_by(HURRIED))
    alerts.raise_at(191, "expired")

    async def goes_down() -> None:
        night.is_down = True

    async def is_back() -> None:
        night.is_down = False

    night.at(200, goes_down)
    night.at(250, is_back)
    alerts.end_at(260, "expired")
    alerts.end_at(320, "crash")


async def _everything_is_as_told(night: Night, alerts: Alerts) -> None:
    """No one is called twice, corrections go to all who were called, and nothing waits any more."""
    for name, raised in alerts.raised.items():
        detail = await night.now(raised)
        call, cancel = detail.alerts
        called = [each.recipient_id for each in detail.deliveries if each.alert_id == call.id]
        assert len(called) == len(set(called)), name
        assert called == [each.recipient_id for each in detail.deliveries if each.alert_id == cancel.id], name
        assert detail.ladder is not None
        steps = {step.number: step for step in detail.ladder.steps}
        assert all(step.state is not StepState.PLANNED for step in steps.values()), name
        assert all(
            step.reason is StepReason.ENDED or step.by_name is not None
            for step in steps.values()
            if step.state is StepState.STOPPED
        ), name
    stopped = (await night.now(alerts.raised["drill"])).ladder
    assert stopped is not None
    assert {step.by_name for step in stopped.steps[1:]} == {(await night.world.viewer("planner")).name}
    async with night.world.database.snapshot() as transaction:
        assert await transaction.ladders.next_due() == {}
