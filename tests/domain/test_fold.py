"""The golden examples are up to date, and say what they should."""

from typing import get_args

import pytest

from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import Event
from responder.domain.incidents.snapshot import ENDED_KEPT
from tests.domain.golden import FOLDER, Example, examples

EXAMPLES = {example.name: example for example in examples()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_shared_example_is_not_stale(name: str) -> None:
    stored = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert stored == EXAMPLES[name].as_json(), "rewrite it with: python -m tests.domain.golden"


def test_there_is_an_example_for_every_kind_of_event_and_none_too_many() -> None:
    kinds = {recorded.event.kind for example in EXAMPLES.values() for recorded in example.events}
    assert kinds == {kind.__dataclass_fields__["kind"].default for kind in get_args(Event)}
    assert {path.stem for path in FOLDER.glob("*.json")} == set(EXAMPLES)


def ids(example: Example, things: str) -> list[object]:
    return [each.id for each in getattr(example.after, things)]


@pytest.mark.parametrize("things", ["closures", "units", "hazards"])
def test_what_is_new_stands_in_its_place_by_id(things: str) -> None:
    example = EXAMPLES[
        {"closures": "closure_created", "units": "unit_changed", "hazards": "hazard_changed"}[things]
    ]
    assert ids(example, things) == sorted(ids(example, things))
    before, after = getattr(example.before, things), getattr(example.after, things)
    assert len(after) > len(before)
    assert set(ids(example, things)) > {each.id for each in before}
    assert after != before


def test_incidents_stand_in_the_order_in_which_they_were_raised() -> None:
    after = EXAMPLES["alert_raised"].after.incidents
    order = [(each.incident.raised_at, each.incident.id) for each in after]
    assert order == sorted(order)
    assert len({raised_at for raised_at, _ in order}) < len(order)


def test_an_extended_alert_takes_the_place_of_what_was_known() -> None:
    example = EXAMPLES["alert_extended"]
    assert len(example.after.incidents) == len(example.before.incidents)
    [extended] = example.events
    assert extended.event.kind == "alert_extended"
    assert extended.event.detail in example.after.incidents


def test_a_late_receipt_adds_its_time_and_takes_nothing_back() -> None:
    [delivery] = [
        each
        for incident in EXAMPLES["receipts"].after.incidents
        for each in incident.deliveries
        if "seen" in each.times
    ]
    assert delivery.state is DeliveryState.SEEN
    assert list(delivery.times) == ["queued", "seen", "delivered"]


def test_the_end_brings_the_cancellation_to_those_who_had_the_alert() -> None:
    example = EXAMPLES["incident_ended"]
    incident = example.after.incidents[-1]
    assert not incident.incident.is_open
    first, cancel = incident.alerts
    called = [each.recipient_id for each in incident.deliveries if each.alert_id == first.id]
    assert [each.recipient_id for each in incident.deliveries if each.alert_id == cancel.id] == called


def test_of_the_ended_only_the_last_are_kept() -> None:
    example = EXAMPLES["more_ended_than_kept"]
    ended = [each.incident for each in example.after.incidents if not each.incident.is_open]
    assert len(ended) == ENDED_KEPT
    gone = {each.incident.id for each in example.before.incidents} - {each.id for each in ended}
    assert gone >= {example.before.incidents[0].incident.id}
    assert any(each.incident.is_open for each in example.after.incidents)


def test_what_is_unknown_or_was_seen_changes_nothing_but_the_number() -> None:
    unknown, seen = EXAMPLES["unknown_incident"], EXAMPLES["already_seen"]
    assert unknown.after.incidents == unknown.before.incidents
    assert unknown.after.seq == unknown.events[-1].seq
    assert seen.after == seen.before
