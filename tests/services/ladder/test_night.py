"""
A night in one circle, second by second: twelve alerts, and what goes wrong.

Messages go out by the senders to services that run here; clock, ladder and budgets are those of the test.
"""

from functools import reduce

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.domain.incidents.fold import apply
from responder.domain.ladder.ladder import StepReason, StepState
from responder.services.circles.snapshot import show_circle
from tests.services.ladder import night_scenes as scenes
from tests.services.ladder.conftest import Night
from tests.services.ladder.night_scenes import Alerts
from tests.services.ladder.night_services import NightServices, night_services
from tests.services.log import events_after

EVERYONE = 16
"""People of the demo circle's units that can be at block 7 in time; one more is off duty."""
WITHIN_5_MINUTES = 8
TAKEN, SKIPPED, EXPIRED = "taken", "skipped", "expired"
FIRST = "accepted 1 1"
SECOND = "accepted 21 21"
SILENT = {
    "he feishu": FIRST,
    "he voice-aliyun": SECOND,
    "jiang dingtalk": FIRST,
    "jiang email": SECOND,
    "qin wecom_robot": FIRST,
    "qin voice-tencent": SECOND,
    "tang ntfy": FIRST,
    "tang sms-aliyun": SECOND,
    # The ladder insists after 30 s; by itself the third channel waits for 40.
    "tang email": "accepted 30 30",
    "wen wecom_app": FIRST,
    "wen voice-generic": SECOND,
    "xiao wecom_robot": FIRST,
    "xiao sms-generic": SECOND,
    "zhou web_push": FIRST,
    "zhou sms-tencent": SECOND,
}
"""What each is sent who does not answer: the state, and the seconds in which it was asked and accepted."""
CONFIRMED, ENDED = "stopped confirmed", "stopped incident_ended"


def _robot(second: int) -> dict[str, str]:
    """Return what both are sent whom the robot mentions, once it takes messages again."""
    return dict.fromkeys(("qin wecom_robot", "xiao wecom_robot"), f"accepted {second} {second}")


ALERTS: dict[str, dict[str, str]] = {
    "silent": {},
    "enough": dict.fromkeys(("wen voice-generic", "zhou sms-tencent", "jiang email"), CONFIRMED),
    # HTTP 200 with a code that says no: by the next channel in the same second.
    "refused": dict.fromkeys(
        ("wen voice-generic", "zhou sms-tencent", "tang sms-aliyun", "tang email"), CONFIRMED
    )
    | {"jiang dingtalk": "failed unauthorized 1 1", "jiang email": FIRST},
    # Sent elsewhere: not followed.
    "false_alarm": {name: ENDED for name, told in SILENT.items() if told != FIRST}
    | {"tang ntfy": "failed redirected 1 1", "tang sms-aliyun": FIRST},
    # HTTP 200 with a code that says too fast: the robot is left alone for a minute, by all alerts.
    "beside_faulty": dict.fromkeys(("qin wecom_robot", "xiao wecom_robot"), "accepted 1 61 ×2"),
    # Not to the public channel; and no ladder insists, since a person stopped it.
    "drill": _robot(51) | {"zhou sms-tencent": "", "tang email": "accepted 41 41"},
    # No answer in time: once more, with the same id.
    "withdrawn": _robot(46) | {"wen voice-generic": CONFIRMED, "zhou web_push": "accepted 1 2 ×2"},
    # HTTP 429, for 7 s.
    "faulty": _robot(31) | {"he feishu": "accepted 1 8 ×2", "tang email": "accepted 38 38"},
    "nearest": _robot(30)
    | {"tang email": "accepted 34 34", "he feishu": "accepted 61 61", "he voice-aliyun": "accepted 81 81"},
    # HTTP 502: once more.
    "red": _robot(29)
    | {"tang ntfy": "accepted 1 2 ×2", "tang email": "accepted 34 34", "he feishu": "accepted 6 6"},
    # No process for 50 s: then what was due.
    "crash": {name: "accepted 60 60" for name, told in SILENT.items() if told != FIRST},
    "expired": {name: "accepted 59 59" for name, told in SILENT.items() if told != FIRST},
}
"""What differs from that."""
ENDS = {
    "silent": 198,
    "enough": 198,
    "refused": 196,
    "false_alarm": 12,
    "beside_faulty": 70,
    "drill": 280,
    "withdrawn": 174,
    "faulty": 100,
    "nearest": 129,
    "red": 58,
    "crash": 130,
    "expired": 69,
}
"""In which second after the alert each correction goes out."""


async def test_a_night_of_twelve_alerts(night: Night) -> None:
    async with night_services(night) as services:
        await _a_night(night, services)


async def _a_night(night: Night, services: NightServices) -> None:
    alerts = Alerts(night)
    staff = await night.world.viewer("community")
    before = await show_circle(night.world.database, viewer=staff, clock=night.world.clock)
    scenes.two_at_once_and_refusals(alerts)
    scenes.a_false_alarm_and_a_drill(night, alerts)
    scenes.one_withdraws(alerts)
    scenes.a_queue_cannot_be_written(night, alerts)
    scenes.services_answer_badly(night, services)
    scenes.other_ladders(night, alerts)
    scenes.a_crash_between_waves(night, alerts)

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
    # A step that fails is tried again, later each time, and holds up no step of another incident.
    assert alerts.story("faulty") == [(38, 2, TAKEN), (60, 3, TAKEN), (90, 4, TAKEN)]
    assert alerts.story("beside_faulty") == [(30, 2, TAKEN), (60, 3, TAKEN)]
    # The nearest first, then all; red calls all at once whatever the ladder says.
    assert alerts.story("nearest") == [(34, 2, TAKEN), (60, 3, TAKEN), (120, 4, TAKEN)]
    assert len(alerts.raised["nearest"].deliveries) == WITHIN_5_MINUTES
    assert night.called(alerts.raised["nearest"], 3) == EVERYONE - WITHIN_5_MINUTES
    assert alerts.story("red") == [(34, 2, TAKEN)]
    assert len(alerts.raised["red"].deliveries) == EVERYONE
    # No process for 50 s: what is due then is taken, once, unless it has expired.
    assert alerts.story("crash") == [(60, 2, TAKEN), (60, 3, TAKEN), (90, 4, TAKEN), (120, 5, TAKEN)]
    assert alerts.story("expired") == [(59, 2, EXPIRED), (60, 3, TAKEN)]
    await _everything_is_as_told(night, alerts)
    await _each_person_was_told(services, alerts)
    _services_took_each_once(services, alerts)
    after = await show_circle(night.world.database, viewer=staff, clock=night.world.clock)
    told = await events_after(
        night.world.database, viewer=staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert told is not None
    assert reduce(apply, told, before) == after


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


async def _each_person_was_told(services: NightServices, alerts: Alerts) -> None:
    """The proof table of each alert; and corrections go out at once, by exactly the channels that took it."""
    for name, raised in alerts.raised.items():
        expected = {key: told for key, told in (SILENT | ALERTS[name]).items() if told}
        assert await services.proofs(raised, MessagePurpose.ALERT) == _lines(expected), name
        corrected = {
            key: f"accepted {ENDS[name]} {ENDS[name]}"
            for key, told in expected.items()
            if told.startswith("accepted")
        }
        if name == "false_alarm":
            # The robot's service takes nothing until a minute after it said that messages come too fast.
            corrected |= _robot(66)
        assert await services.proofs(raised, MessagePurpose.CORRECTION) == _lines(corrected), name


def _lines(told: dict[str, str]) -> list[str]:
    return sorted(f"{key} {what}" for key, what in told.items())


def _services_took_each_once(services: NightServices, alerts: Alerts) -> None:
    taken = services.services.inbox.messages
    # Both whom the robot mentions are told by one post.
    posts = [message for message in taken if message.channel is ContactChannel.WECOM_ROBOT]
    assert len(posts) == 2 * len(alerts.raised)
    assert {len(message.to.split(",")) for message in posts} == {2}
    accepted = [
        told
        for name in alerts.raised
        for told in (SILENT | ALERTS[name]).values()
        if told.startswith("accepted")
    ]
    assert len(taken) == 2 * len(accepted) - len(posts)
    # Each says where, those of the browser after it was decrypted; the drill says that it is one.
    assert all("脑科巷7栋" in message.text for message in taken)
    drill = {key: told for key, told in (SILENT | ALERTS["drill"]).items() if told}
    marked = [message for message in taken if EXERCISE_PREFIX in message.text]
    assert len(marked) == 2 * (len(drill) - 1)
