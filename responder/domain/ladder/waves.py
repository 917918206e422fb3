"""Which units a call of the ladder concerns, and what is still missing among those who come."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Protocol

from responder.domain.ids import PartnerId, UnitId
from responder.domain.ladder.ladder import Wanted
from responder.domain.ladder.profile import Rung, StepKind, UnitReach
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner

OFF_DUTY: Final = "off_duty"
"""Why a unit that is off duty cannot be there in time."""


class _InTime(Protocol):
    @property
    def unit_id(self) -> UnitId: ...
    @property
    def partner_id(self) -> PartnerId: ...
    @property
    def response_s(self) -> float: ...


class _NotInTime(Protocol):
    @property
    def unit_id(self) -> UnitId: ...
    @property
    def partner_id(self) -> PartnerId: ...
    @property
    def reason(self) -> str: ...


class UnitsFound(Protocol):
    """Who can be there in time, soonest first, and who cannot: a `ResponseCircle`, or what stands for one."""

    @property
    def members(self) -> Sequence[_InTime]: ...
    @property
    def non_members(self) -> Sequence[_NotInTime]: ...


def is_in_first_wave(rung: Rung) -> bool:
    """Tell whether it calls those in time, who are called at once while no one is found."""
    return rung.kind is StepKind.CALL and UnitReach.IN_TIME in rung.reach


def wave_units(
    rung: Rung,
    *,
    found: UnitsFound,
    units: Iterable[Unit],
    partners: Iterable[Partner],
    missing: Collection[str] = (),
) -> list[UnitId]:
    """Return the units whose people a call of the ladder concerns, the quickest first."""
    all_units = {unit.id: unit for unit in units}
    kinds = {partner.id: partner.kind for partner in partners}
    wanted = set(missing) if rung.wanted_only else set()

    def concerns(unit_id: UnitId, partner_id: PartnerId) -> bool:
        has = all_units[unit_id].capabilities if unit_id in all_units else ()
        return (
            (not rung.partner_kinds or kinds.get(partner_id) in rung.partner_kinds)
            and (not rung.capabilities or not set(rung.capabilities).isdisjoint(has))
            and (not rung.wanted_only or not wanted.isdisjoint(has))
        )

    in_time = [
        (member.unit_id, member.partner_id)
        for member in found.members
        if UnitReach.IN_TIME in rung.reach and (rung.within_s is None or member.response_s <= rung.within_s)
    ]
    others = [
        (unit.unit_id, unit.partner_id)
        for unit in found.non_members
        if (UnitReach.OFF_DUTY if unit.reason == OFF_DUTY else UnitReach.BEYOND) in rung.reach
    ]
    return [unit_id for unit_id, partner_id in (*in_time, *others) if concerns(unit_id, partner_id)]


def missing_among(
    coming: Sequence[UnitId], wanted: Iterable[Wanted], units: Iterable[Unit]
) -> frozenset[str]:
    """
    Return the capabilities of which fewer than wanted are among those who come.

    `coming` names the unit of each person.
    """
    capabilities = {unit.id: unit.capabilities for unit in units}
    missing = set()
    for each in wanted:
        having = [unit_id for unit_id in coming if each.capability in capabilities.get(unit_id, ())]
        if len(set(having) if each.by_units else having) < each.count:
            missing.add(each.capability)
    return frozenset(missing)
