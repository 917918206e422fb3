"""The ladder insists: who has not answered is told by the next channel, also when a device has the alert."""

from responder.domain.channels.contact import ContactChannel
from responder.domain.incidents.delivery import DeliveryState
from responder.services.ladder.next_channel import by_next_channel
from responder.services.ladder.run_steps import run_due_steps
from tests.services.channels.world import Post
from tests.services.ladder.conftest import Night

WEN = "hospital.wen"


async def test_a_sleeping_person_whose_phone_has_the_alert_is_told_by_the_next_channel(post: Post) -> None:
    world = post.world
    night = Night(world)
    await post.contact(WEN, await post.service(ContactChannel.NTFY), turn=0, address="wen")
    await post.contact(WEN, await post.service(ContactChannel.VOICE), turn=1)
    detail = await night.raises()
    await night.answers(detail, WEN, DeliveryState.DELIVERED)
    world.clock.move(seconds=29)
    await post.round()
    # The device has it: nothing was sent, and by itself nothing would be.
    assert post.fake.sent == []
    world.clock.move(seconds=1)
    decided = await run_due_steps(
        world.database, world.circle.id, clock=world.clock, next_channel=by_next_channel
    )
    assert [step.called for step in decided] == [16]
    await post.round()
    assert [message.channel for message in post.fake.sent] == [ContactChannel.NTFY]


async def test_who_has_answered_is_not_told_again(post: Post) -> None:
    world = post.world
    night = Night(world)
    await post.contact(WEN, await post.service(ContactChannel.NTFY), turn=0, address="wen")
    await post.contact(WEN, await post.service(ContactChannel.VOICE), turn=1)
    detail = await night.raises()
    await night.answers(detail, WEN, DeliveryState.DECLINED)
    world.clock.move(seconds=30)
    decided = await run_due_steps(
        world.database, world.circle.id, clock=world.clock, next_channel=by_next_channel
    )
    assert [step.called for step in decided] == [15]
    await post.round()
    assert post.fake.sent == []
