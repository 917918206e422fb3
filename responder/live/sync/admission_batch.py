"""Authentication of sockets: tickets and memberships, looked up in batches."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from responder.domain.errors import NotFoundError, ResponderError, TicketRefusedError
from responder.domain.ids import AccountId, CircleId, ResponderId
from responder.domain.people.access import Viewer
from responder.domain.people.account import RedeemedTicket
from responder.live.circle.hub import Hub
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.incidents import Call
from responder.security.sign_in import hash_token

BATCH = 200
UNCONFIRMED_AT_MOST = 100
"""Unconfirmed deliveries per person; further ones are sent at the next connection."""
LINGER_S = 0.002


class Admitted(NamedTuple):
    """The socket's account and its membership in the circle."""

    redeemed: RedeemedTicket
    viewer: Viewer
    unconfirmed: tuple[Call, ...]
    """Calls to the account of which no receipt has come, the newest first."""


class _Asking(NamedTuple):
    ticket: str
    circle_id: CircleId
    answer: asyncio.Future[Admitted]


class Admission:
    """
    Redeems tickets, several in one transaction.

    When ten thousand clients come back at once, it is transactions that take the time.
    """

    def __init__(self, database: Database, hub: Hub, *, clock: Clock) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._asking: list[_Asking] = []
        self._working: asyncio.Task[None] | None = None

    async def admit(self, *, ticket: str, circle_id: CircleId) -> Admitted:
        """
        Use up a ticket and return whose it is.

        Raises
        ------
        TicketRefusedError
            The ticket is unknown, used or too old, or its session has ended.
        NotFoundError
            The account does not belong to the circle, or there is no such circle.
        """
        answer: asyncio.Future[Admitted] = asyncio.get_running_loop().create_future()
        self._asking.append(_Asking(ticket, circle_id, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def finish(self) -> None:
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        try:
            while self._asking:
                await asyncio.sleep(LINGER_S)
                batch, self._asking = self._asking[:BATCH], self._asking[BATCH:]
                await self._answer([each for each in batch if not each.answer.done()])
        finally:
            self._working = None

    async def _answer(self, batch: list[_Asking]) -> None:
        found: list[Admitted | ResponderError]
        try:
            async with self._database.begin() as transaction:
                found = await self._find(transaction, batch)
        except BaseException as error:
            for each in batch:
                if not each.answer.done():
                    each.answer.set_exception(
                        error if isinstance(error, Exception) else ConnectionError("stopping")
                    )
            if not isinstance(error, Exception):
                raise
            return
        for each, outcome in zip(batch, found, strict=True):
            if each.answer.done():
                continue
            if isinstance(outcome, ResponderError):
                each.answer.set_exception(outcome)
            else:
                each.answer.set_result(outcome)

    async def _find(self, transaction: Transaction, batch: list[_Asking]) -> list[Admitted | ResponderError]:
        hashes = [hash_token(each.ticket) for each in batch]
        redeemed = await transaction.live_tickets.redeem(hashes, now=moment(self._clock))
        accounts: dict[CircleId, set[AccountId]] = defaultdict(set)
        for each, ticket_hash in zip(batch, hashes, strict=True):
            if ticket_hash in redeemed:
                accounts[each.circle_id].add(redeemed[ticket_hash].account.id)
        # The database may have been restored since the gateway last looked: who comes in by a ticket of the
        # restored one is not resumed from what the gateway remembers of the old one.
        await self._hub.drop_other_logs(transaction, accounts)
        viewers = {
            (circle_id, account_id): viewer
            for circle_id, asked in accounts.items()
            for account_id, viewer in (await transaction.admissions.viewers(circle_id, asked)).items()
        }
        unconfirmed = {
            circle_id: await self._unconfirmed(transaction, circle_id, viewers.values())
            for circle_id in accounts
        }
        found: list[Admitted | ResponderError] = []
        for each, ticket_hash in zip(batch, hashes, strict=True):
            # The second use of the same ticket is refused.
            proof = redeemed.pop(ticket_hash, None)
            if proof is None:
                found.append(TicketRefusedError())
            elif viewer := viewers.get((each.circle_id, proof.account.id)):
                calls = unconfirmed[each.circle_id]
                own = (call for person in sorted(viewer.responder_ids) for call in calls.get(person, ()))
                found.append(Admitted(proof, viewer, tuple(own)))
            else:
                found.append(NotFoundError())
        return found

    async def _unconfirmed(
        self, transaction: Transaction, circle_id: CircleId, viewers: Iterable[Viewer]
    ) -> dict[ResponderId, list[Call]]:
        people = {
            person for viewer in viewers if viewer.circle_id == circle_id for person in viewer.responder_ids
        }
        calls: dict[ResponderId, list[Call]] = defaultdict(list)
        for call in await transaction.deliveries.unconfirmed(circle_id, people, at_most=UNCONFIRMED_AT_MOST):
            calls[call.recipient_id].append(call)
        return calls
