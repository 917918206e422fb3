"""The pact of the demo circle, signed by its four parties, what was done for it, and who is on call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import uuid5
from zoneinfo import ZoneInfo

from responder.domain.ids import (
    CircleId,
    DutyId,
    DutyRecordId,
    PactId,
    PartnerId,
    RosterPatternId,
)
from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.domain.map.unit import Responder
from responder.domain.people.partner import Partner
from responder.domain.registers.pact.annex import annex_rows
from responder.domain.registers.pact.pact import (
    DutyKind,
    Pact,
    PactContent,
    PactDuty,
    PactSignature,
    PactState,
    Period,
    document_hash,
)
from responder.domain.registers.pact.roster import PLANNED_AHEAD, RosterPattern, Shift, shifts_of
from responder.domain.registers.pact.score import DutyRecord
from responder.domain.registers.pact.template import party_of
from responder.ports.demo import DemoAccount, DemoPact

_CHINA: Final = ZoneInfo("Asia/Shanghai")
_KNOWN_BEFORE: Final = timedelta(days=2)
"""Shifts are made from so long ago, so that one who is on call now is among them."""


def demo_pact(
    told: Mapping[str, Any],
    *,
    circle_id: CircleId,
    partners: Mapping[str, Partner],
    accounts: Sequence[DemoAccount],
    responders: Mapping[str, Responder],
    facilities: Sequence[Facility],
    gates: Sequence[Gate],
    now: datetime,
) -> DemoPact:
    """Return the pact and the roster; entries and shifts are set by the time at which they are loaded."""
    by_name = {each.account.username: each for each in accounts}
    pact = _pact(
        told["pact"],
        circle_id=circle_id,
        partners=partners,
        accounts=by_name,
        facilities=facilities,
        gates=gates,
    )
    today = now.astimezone(_CHINA).date()
    roster = [_roster(each, responders[each["responder"]], circle_id, today) for each in told["roster"]]
    return DemoPact(
        pact=pact,
        records=tuple(
            _record(each, circle_id, by_name[each["account"]], now=now) for each in told["pact"]["records"]
        ),
        patterns=tuple(pattern for pattern, _ in roster),
        shifts=tuple(_as_of(each, now) for _, shifts in roster for each in shifts if each.ends_at > now),
    )


def _duty_id(circle_id: CircleId, name: str) -> DutyId:
    return DutyId(uuid5(circle_id, f"duty {name}"))


def _pact(
    told: Mapping[str, Any],
    *,
    circle_id: CircleId,
    partners: Mapping[str, Partner],
    accounts: Mapping[str, DemoAccount],
    facilities: Sequence[Facility],
    gates: Sequence[Gate],
) -> Pact:
    signed = told["signatures"]
    content = PactContent(
        name=told["name"],
        name_en=told["name_en"],
        parties=tuple(party_of(partners[each["partner"]], each["office"]) for each in signed),
        duties=tuple(_duty(each, circle_id, partners) for each in told["duties"]),
        valid_from=date.fromisoformat(told["valid_from"]),
        valid_until=date.fromisoformat(told["valid_until"]),
    )
    annex = annex_rows(content.parties, facilities, gates)
    document = document_hash(content, annex, circle_id=circle_id)
    signatures = tuple(
        PactSignature(
            partner_id=partners[each["partner"]].id,
            account_id=accounts[each["account"]].account.id,
            account_name=accounts[each["account"]].account.name,
            at=datetime.fromisoformat(each["at"]),
            document_hash=document,
        )
        for each in signed
    )
    first = accounts[signed[0]["account"]].account
    return Pact(
        id=PactId(uuid5(circle_id, "pact 1")),
        circle_id=circle_id,
        number=1,
        state=PactState.SIGNED,
        content=content,
        annex=annex,
        version=1,
        created_at=signatures[0].at,
        created_by=first.id,
        created_by_name=first.name,
        changed_at=signatures[0].at,
        changed_by=first.id,
        changed_by_name=first.name,
        signatures=signatures,
    )


def _duty(told: Mapping[str, Any], circle_id: CircleId, partners: Mapping[str, Partner]) -> PactDuty:
    owner: PartnerId | None = None if told["owner"] is None else partners[told["owner"]].id
    return PactDuty(
        id=_duty_id(circle_id, told["id"]),
        kind=DutyKind(told["kind"]),
        text=told["text"],
        text_en=told["text_en"],
        owner_id=owner,
        times=told["times"],
        per=Period(told["per"]),
    )


def _record(told: Mapping[str, Any], circle_id: CircleId, by: DemoAccount, *, now: datetime) -> DutyRecord:
    at = now - timedelta(days=told["days_ago"])
    return DutyRecord(
        id=DutyRecordId(uuid5(circle_id, f"duty record {told['duty']} {told['days_ago']}")),
        circle_id=circle_id,
        duty_id=_duty_id(circle_id, told["duty"]),
        partner_id=by.partner_id,
        done_on=at.astimezone(_CHINA).date(),
        note=told["note"],
        created_at=at,
        created_by=by.account.id,
        created_by_name=by.account.name,
    )


def _roster(
    told: Mapping[str, Any], person: Responder, circle_id: CircleId, today: date
) -> tuple[RosterPattern, tuple[Shift, ...]]:
    since, before = today - _KNOWN_BEFORE, today + PLANNED_AHEAD
    pattern = RosterPattern(
        id=RosterPatternId(uuid5(circle_id, f"roster {told['responder']}")),
        circle_id=circle_id,
        unit_id=person.unit_id,
        responder_id=person.id,
        partner_id=person.partner_id,
        weekdays=tuple(told["weekdays"]),
        starts=time.fromisoformat(told["starts"]),
        ends=time.fromisoformat(told["ends"]),
        since=since,
        until=None,
        made_until=since,
    )
    return replace(pattern, made_until=before), shifts_of(pattern, before=before, zone=_CHINA)


def _as_of(shift: Shift, now: datetime) -> Shift:
    """Return a shift whose unit is as it should be: one on duty for a person who is on call already."""
    return replace(shift, has_begun=shift.starts_at <= now)
