"""Messages go out in the language that a person has chosen, and in Chinese until then."""

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message_words import Language
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.domain.incidents.incident import EndReason
from responder.services.channels import contacts as service
from responder.services.directing.end_incident import end_incident
from responder.services.people.export_person import export_person
from tests.services.channels.world import Post

WEN, LUO = "hospital.wen", "hospital.luo"


async def speak_english(post: Post, username: str) -> None:
    viewer = await post.world.viewer(username)
    await service.set_language(post.world.database, viewer=viewer, language=Language.EN)


async def test_an_alert_and_its_end_are_in_each_persons_language(post: Post) -> None:
    sms = await post.service()
    await post.contact(WEN, sms)
    await post.contact("community", sms, address="+8613800001235")
    other = next(each for each in await post.called() if each != WEN)
    await post.contact(other, sms, address="+8613800001236")
    await speak_english(post, WEN)

    detail = await post.world.raise_at()
    post.world.clock.move(seconds=1)
    await post.round()
    raised = {each.address: each.text for each in post.fake.sent}
    english, chinese = raised["+8613800001234"], raised["+8613800001236"]
    assert english.lines[0].startswith("You: about")
    assert english.lines[1] == "Reply 1: coming, 2: cannot"
    assert [each.words for each in english.actions] == ["I am coming", "Cannot come", "Open"]
    assert "分钟可到" in chinese.lines[0]

    await end_incident(
        post.world.database,
        viewer=await post.world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=post.world.clock,
    )
    post.fake.sent.clear()
    await post.round()
    ended = {each.address: each.text.head for each in post.fake.sent}
    assert ended["+8613800001234"].startswith("False alarm, ")
    assert ended["+8613800001236"].startswith("误报 ")


async def test_an_exercise_has_one_mark_in_either_language(post: Post) -> None:
    await post.contact(WEN, await post.service())
    await speak_english(post, WEN)
    await post.world.raise_at(exercise=True)
    post.world.clock.move(seconds=1)
    await post.round()
    [message] = post.fake.sent
    assert message.text.head.startswith("[EXERCISE] ")
    assert EXERCISE_PREFIX not in message.text.head
    assert message.text.lines[-1] == "This is an exercise: do not dial 119, 120 or 110"


async def test_codes_and_tests_are_in_the_language_too_and_the_person_sees_which_it_is(post: Post) -> None:
    await speak_english(post, WEN)
    push = await post.service(ContactChannel.NTFY)
    viewer = await post.world.viewer(WEN)
    await service.add_contact(
        post.world.database, viewer=viewer, service_id=push.id, address="wen", clock=post.world.clock
    )
    await post.round()
    assert ": code " in post.fake.sent[-1].text.head
    assert (await service.own_channels(post.world.database, viewer=viewer)).language is Language.EN
    kept = await export_person(post.world.database, username=WEN, clock=post.world.clock)
    assert [each["language"] for each in kept["account"]] == ["en"]
