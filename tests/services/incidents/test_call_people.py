"""Whom an alert calls with which unit, and what becomes of a call when other units come within reach."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from responder.domain.ids import AccountId, AlertId, PartnerId, ResponderId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.response_circle import Member
from responder.domain.map.unit import Responder
from responder.domain.people.partner import PartnerKind
from responder.services.incidents.call_people import Extension, call, extend

NOW = datetime(2025, 11, 3, 4, 0, tzinfo=UTC)
PARTNER = PartnerId(UUID(int=1))
ALERT, OTHER_ALERT = AlertId(UUID(int=2)), AlertId(UUID(int=3))
QUICK, SLOW, FAR = (UnitId(UUID(int=number)) for number in (13, 12, 11))
"""In the order in which they could be there, which is not the order of their ids."""
PLACES = {
    unit_id: Responder(
        id=ResponderId(UUID(int=30 - number)),
        unit_id=unit_id,
        partner_id=PARTNER,
        account_id=AccountId(UUID(int=4)),
        name="文静",
    )
    for number, unit_id in enumerate((QUICK, SLOW, FAR))
}


def member(unit_id: UnitId) -> Member:
    return Member(
        unit_id=unit_id,
        unit_name="",
        unit_name_en="",
        profile="foot",
        partner_id=PARTNER,
        partner_name="",
        partner_kind=PartnerKind.HOSPITAL,
        turnout_s=60,
        travel_s=60,
        response_s=120,
        why_zh="",
        why_en="",
        legs=(),
        stop=None,
        avoided=(),
        default_share=0,
        position_age_s=None,
    )


def called(*unit_ids: UnitId, alert_id: AlertId = ALERT) -> Delivery:
    [delivery] = call(
        [PLACES[each] for each in unit_ids],
        alert_id,
        members=[member(each) for each in (QUICK, SLOW, FAR) if each in unit_ids],
        now=NOW,
    )
    return delivery


def extended(*deliveries: Delivery, within_reach: tuple[UnitId, ...]) -> Extension:
    return extend(
        [PLACES[each] for each in within_reach],
        deliveries,
        recipients={place.id: place for place in PLACES.values()},
        alert_id=ALERT,
        members=[member(each) for each in within_reach],
        now=NOW,
    )


def test_the_units_of_a_call_are_in_the_order_in_which_they_could_be_there() -> None:
    delivery = called(FAR, QUICK, SLOW)
    assert (delivery.recipient_id, delivery.unit_id) == (PLACES[QUICK].id, QUICK)
    assert delivery.unit_ids == (QUICK, SLOW, FAR)


def test_a_quicker_unit_that_comes_within_reach_stands_first() -> None:
    [after] = extended(called(SLOW), within_reach=(QUICK, SLOW)).changed
    assert (after.unit_id, after.unit_ids) == (QUICK, (QUICK, SLOW))
    assert after.recipient_id == PLACES[SLOW].id, "the call stays the same call"


@pytest.mark.parametrize(
    "state", [DeliveryState.DECLINED, DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE, DeliveryState.ON_SCENE]
)
def test_a_unit_that_comes_within_reach_is_offered_to_who_has_answered_and_changes_nothing_else(
    state: DeliveryState,
) -> None:
    before = called(SLOW).advance(state, at=NOW)
    found = extended(before, within_reach=(QUICK, SLOW))
    assert found.changed == (replace(before, unit_ids=(QUICK, SLOW)),)
    assert (found.new, found.again) == ((), {})


def test_units_that_are_no_more_within_reach_can_still_be_gone_with() -> None:
    before = called(QUICK, FAR).advance(DeliveryState.ACCEPTED, at=NOW)
    [after] = extended(before, within_reach=(SLOW,)).changed
    assert (after.unit_id, after.unit_ids) == (QUICK, (SLOW, QUICK, FAR))
    [unanswered] = extended(called(QUICK), within_reach=(SLOW,)).changed
    assert (unanswered.unit_id, unanswered.unit_ids) == (SLOW, (SLOW, QUICK))


def test_another_order_of_the_same_units_is_told_only_to_who_has_not_answered() -> None:
    before = called(QUICK, SLOW)
    [after] = extended(before, within_reach=(SLOW, QUICK)).changed
    assert (after.unit_id, after.unit_ids) == (SLOW, (SLOW, QUICK))
    answered = before.advance(DeliveryState.ACCEPTED, at=NOW)
    assert extended(answered, within_reach=(SLOW, QUICK)) == Extension(new=(), changed=(), again={})


def test_a_call_of_another_alert_of_the_incident_is_no_call_of_this_one() -> None:
    found = extended(called(QUICK, alert_id=OTHER_ALERT), within_reach=(QUICK,))
    assert [each.alert_id for each in found.new] == [ALERT]
    before = called(SLOW)
    found = extended(before, called(SLOW, alert_id=OTHER_ALERT), within_reach=(SLOW,))
    assert found == Extension(new=(), changed=(), again={})
