"""What happens in a night: who is told what in which second, who answers, and what goes wrong."""

from dataclasses import replace

from responder.demo.services.http_server import HttpResponse
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.profile import LadderProfiles
from responder.domain.ladder.shipped import ACTIONS
from responder.services.ladder.steer import stop_steps
from tests.services.ladder.conftest import Night
from tests.services.ladder.night_services import NightServices
from tests.services_of_others import Fault

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


def two_at_once_and_refusals(alerts: Alerts) -> None:
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


def a_false_alarm_and_a_drill(night: Night, alerts: Alerts) -> None:
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


def one_withdraws(alerts: Alerts) -> None:
    alerts.raise_at(25, "withdrawn")
    alerts.answer_at(30, "withdrawn", "hospital.wen", DeliveryState.ACCEPTED)
    alerts.answer_at(118, "withdrawn", "hospital.wen", DeliveryState.WITHDRAWN)
    alerts.end_at(199, "withdrawn")


def a_queue_cannot_be_written(night: Night, alerts: Alerts) -> None:
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


def services_answer_badly(night: Night, services: NightServices) -> None:
    """Each in a second in which it is asked by one alert alone."""

    def answers_at(second: int, name: str, instead: Fault | HttpResponse) -> None:
        async def scene() -> None:
            services.answers(name, instead)

        night.at(second, scene)

    # Of "refused": HTTP 200, and a code that says no.
    answers_at(4, "dingtalk", HttpResponse.of_json({"errcode": 310000, "errmsg": "sign not match"}))
    # Of "false_alarm".
    answers_at(6, "ntfy", Fault.REDIRECT)
    # Of "beside_faulty": HTTP 200, and a code that says too fast.
    answers_at(11, "wecom_robot", HttpResponse.of_json({"errcode": 45009, "errmsg": "api freq out of limit"}))
    # Of "withdrawn": no answer at all.
    answers_at(26, "web_push", Fault.HANG)
    # Of "faulty": HTTP 429, come back in 7 s.
    answers_at(41, "feishu", Fault.TOO_MANY)
    # Of "red": HTTP 502.
    answers_at(43, "ntfy", Fault.BROKEN)


def other_ladders(night: Night, alerts: Alerts) -> None:
    night.at(41, lambda: night.goes_by("nearest_first"))
    alerts.raise_at(41, "nearest")
    alerts.raise_at(42, "red", severity=Severity.RED)
    night.at(43, lambda: night.goes_by("135_actions"))
    alerts.end_at(100, "red")
    alerts.end_at(170, "nearest")


def a_crash_between_waves(night: Night, alerts: Alerts) -> None:
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
