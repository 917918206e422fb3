"""Load the illustrative circle, so that a first start has something to respond in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from responder.domain.errors import NameTakenError
from responder.domain.map.circle import Circle
from responder.ports import Clock, Database, Transaction
from responder.ports.demo import Demo
from responder.security.hasher import hash_password
from responder.services.circles.create import new_epoch
from responder.services.imports.roads import use_network


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCircle:
    """The circle that was loaded, and who may sign in to it."""

    circle: Circle
    usernames: tuple[str, ...]


async def load_demo(
    database: Database,
    read_demo: Callable[[], Demo],
    *,
    password_for: Callable[[str], str],
    clock: Clock,  # noqa: ARG001 - every service that writes is told the time
) -> DemoCircle | None:
    """
    Load the illustrative circle with `password_for` each username; None when it is there already.

    `read_demo` reads its files, which takes a moment.
    """
    demo = await asyncio.to_thread(read_demo)
    async with database.begin() as transaction:
        if demo.circle.id in {circle.id for circle in await transaction.circles.everything()}:
            return None
    passwords = {each.account.username: password_for(each.account.username) for each in demo.accounts}
    hashes = {password: await hash_password(password) for password in set(passwords.values())}
    try:
        async with database.begin() as transaction:
            await transaction.circles.add(demo.circle, epoch=new_epoch())
            for each in demo.accounts:
                await transaction.accounts.add(each.account, hashes[passwords[each.account.username]])
            await _add(transaction, demo)
            await use_network(transaction, demo.circle.id, demo.roads)
    except NameTakenError:
        # Another process was quicker.
        return None
    return DemoCircle(circle=demo.circle, usernames=tuple(passwords))


async def _add(transaction: Transaction, demo: Demo) -> None:
    circle_id = demo.circle.id
    for partner in demo.partners:
        await transaction.partners.add(partner)
    for pact in demo.pacts:
        await transaction.partners.add_pact(circle_id, pact)
    for each in demo.accounts:
        await transaction.memberships.add(
            circle_id, each.account.id, role=each.role, partner_id=each.partner_id
        )
    for kind, things in demo.layers.items():
        await transaction.layer(kind).add(circle_id, things)
    await transaction.responders.add(circle_id, demo.responders)
