"""What a first draft of a pact begins with."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import uuid5

from responder.domain.ids import CircleId, DutyId
from responder.domain.people.partner import Partner, PartnerKind
from responder.domain.registers.pact.pact import DutyKind, PactContent, PactDuty, PactParty, Period

YEARS: Final = 3
_NOT_A_PARTY: Final = frozenset({PartnerKind.FIRE_SERVICE})
"""Sent by 119 alone: it agrees to nothing with a circle."""
_DUTIES: Final = (
    (
        DutyKind.PUBLICITY,
        "每季度入户开展消防安全宣传，重点为电动车充电、燃气与疏散通道。",
        "Every quarter, fire-safety publicity from door to door: e-bike charging, gas, escape routes.",
        1,
        Period.QUARTER,
    ),
    (
        DutyKind.DRILLS,
        "每半年至少联合演练一次，演练后三十日内完成整改项。",
        "A joint drill at least every half-year; what it shows is put right within thirty days.",
        2,
        Period.YEAR,
    ),
    (
        DutyKind.FACILITIES,
        "每月巡查一次共享设施，保持完好、有效、可取用。",
        "A round of the shared facilities every month: complete, working and at hand.",
        1,
        Period.MONTH,
    ),
    (
        DutyKind.RESCUE,
        "接到警报立即回应，十五分钟内到场；先拨 119、120、110。",
        "Every alert is answered at once, people come within fifteen minutes; 119, 120, 110 come first.",
        0,
        Period.QUARTER,
    ),
)


def party_of(partner: Partner, signatory: str = "") -> PactParty:
    return PactParty(partner_id=partner.id, name=partner.name, name_en=partner.name_en, signatory=signatory)


def first_draft(circle_id: CircleId, name: str, partners: Iterable[Partner], *, today: date) -> PactContent:
    """Return a pact of all partners but the fire service, for three years from today on."""
    return PactContent(
        name=f"{name}共建协议",
        name_en="",
        parties=tuple(party_of(each) for each in partners if each.kind not in _NOT_A_PARTY),
        duties=tuple(
            PactDuty(
                id=DutyId(uuid5(circle_id, f"duty {kind.value}")),
                kind=kind,
                text=text,
                text_en=text_en,
                times=times,
                per=per,
            )
            for kind, text, text_en, times, per in _DUTIES
        ),
        valid_from=today,
        valid_until=years_after(today, YEARS),
    )


def years_after(day: date, years: int) -> date:
    """Return the last day of so many years from a day on."""
    try:
        end = day.replace(year=day.year + years)
    except ValueError:
        end = date(day.year + years, 3, 1)
    return date.fromordinal(end.toordinal() - 1)
