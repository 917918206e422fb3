"""Index of a channel's sessions by what events name: most events concern few of many."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from responder.domain.ids import AccountId, ResponderId
from responder.domain.incidents.event import DeliveriesUpdated, Event
from responder.domain.people.access import Role
from responder.live.circle.audience import CROWD
from responder.live.circle.session import ClientSession
from responder.ports.incidents import AddressedEvent

Key = TypeVar("Key")


class SessionIndex:
    """
    A set of sessions with a fast filter.

    A responder without another role is told only of alerts to them and of incidents that they raised.
    So of ten thousand sessions only the few candidates of an event are looked at; `Audience` decides for
    each of them.
    """

    __slots__ = ("_all", "_by_account", "_by_person", "_watching")

    def __init__(self) -> None:
        self._all: dict[ClientSession, None] = {}
        self._by_person: dict[ResponderId, dict[ClientSession, None]] = {}
        self._by_account: dict[AccountId, dict[ClientSession, None]] = {}
        self._watching: dict[ClientSession, None] = {}
        """Sessions in other roles, which any event may concern."""

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[ClientSession]:
        return iter(tuple(self._all))

    def add(self, session: ClientSession) -> None:
        viewer = session.viewer
        self._all[session] = None
        self._by_account.setdefault(viewer.account_id, {})[session] = None
        for person in viewer.responder_ids:
            self._by_person.setdefault(person, {})[session] = None
        if viewer.role is not Role.RESPONDER:
            self._watching[session] = None

    def discard(self, session: ClientSession) -> None:
        """Remove a session, if it is in."""
        if session not in self._all:
            return
        viewer = session.viewer
        del self._all[session]
        self._watching.pop(session, None)
        _take_out(self._by_account, viewer.account_id, session)
        for person in viewer.responder_ids:
            _take_out(self._by_person, person, session)

    def candidates(self, addressed: AddressedEvent) -> Collection[ClientSession]:
        """Return all sessions that an event may concern, and perhaps others."""
        audience = addressed.audience
        if audience is None:
            return tuple(self._all)
        crowd = len(audience.recipient_ids) > CROWD
        told = _recipients(addressed.recorded.event) if crowd else None
        if told is None and len(audience.recipient_ids) >= len(self._all):
            return tuple(self._all)
        found = dict(self._watching)
        for person in audience.recipient_ids if told is None else told:
            found.update(self._by_person.get(person, {}))
        for account in audience.account_ids:
            found.update(self._by_account.get(account, {}))
        return found


def _recipients(event: Event) -> Iterable[ResponderId] | None:
    """Return whose deliveries an event of a crowd is about; None when it is about more than deliveries."""
    match event:
        case DeliveriesUpdated(deliveries=deliveries):
            return tuple(delivery.recipient_id for delivery in deliveries)
        case _:
            return None


def _take_out(index: dict[Key, dict[ClientSession, None]], key: Key, session: ClientSession) -> None:
    left = index.get(key, {})
    left.pop(session, None)
    if not left:
        index.pop(key, None)
