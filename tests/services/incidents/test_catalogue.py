from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from responder.domain.errors import EditConflictError, InvalidValueError, NotAllowedError
from responder.domain.incidents.cap_codes import CapCertainty, CapUrgency
from responder.domain.incidents.catalogue import (
    AlertCatalogue,
    QuietHours,
    cap_values,
)
from responder.domain.incidents.event import AlertCatalogueChanged
from responder.domain.incidents.incident import EndReason, IncidentStage, Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.services.incidents.catalogue import (
    KINDS_AT_MOST,
    ShownCatalogue,
    set_catalogue,
    show_catalogue,
)
from tests.services.conftest import World
from tests.services.log import addressed_events, log_head

FORMER_CODES = {"fire", "smoke", "gas", "medical", "trapped", "fall", "flood", "crowd", "other"}
"""Those that incidents of earlier versions may have."""


async def changed(world: World, catalogue: AlertCatalogue | None, **more: Any) -> ShownCatalogue:  # noqa: ANN401
    viewer = await world.viewer("community")
    return await set_catalogue(world.database, viewer=viewer, catalogue=catalogue, clock=world.clock, **more)


def test_every_kind_says_whom_to_dial_and_what_to_say_in_both_languages() -> None:
    assert {kind.code for kind in SHIPPED.kinds} == FORMER_CODES | {"blocked_lane"}
    for kind in SHIPPED.kinds:
        assert len(kind.script_zh) == len(kind.script_en) >= 2
    assert SHIPPED.kind("medical").emergency_number == "120"
    assert SHIPPED.kind("crowd").emergency_number == "110"


def test_only_blue_waits_in_quiet_hours_and_they_pass_midnight() -> None:
    # 23:30 and 06:59 in Changsha; 07:00 is no longer quiet.
    for moment, quiet in (
        (datetime(2026, 1, 1, 15, 30, tzinfo=UTC), True),
        (datetime(2026, 1, 1, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 1, 23, 0, tzinfo=UTC), False),
    ):
        assert SHIPPED.is_quiet(Severity.BLUE, now=moment) is quiet
        assert not any(SHIPPED.is_quiet(each, now=moment) for each in Severity if each is not Severity.BLUE)


async def test_a_circle_has_its_own_kinds_and_raises_by_them(world: World) -> None:
    kind = replace(SHIPPED.kind("fall"), code="lift_fault", name_zh="电梯故障", severity=Severity.BLUE)
    shown = await changed(world, replace(SHIPPED, kinds=(kind, *SHIPPED.kinds)))
    assert shown.is_custom
    seen = await show_catalogue(world.database, viewer=await world.viewer("observer"))
    assert seen == shown
    head = await log_head(world.database, circle_id=world.circle.id)
    [event] = await addressed_events(world.database, circle_id=world.circle.id, seq=head.seq - 1)
    assert event.recorded.event == AlertCatalogueChanged(catalogue=shown.catalogue)

    raised = await world.raise_at(kind="lift_fault", severity=None)
    assert (raised.incident.kind, raised.incident.severity) == ("lift_fault", Severity.BLUE)
    assert raised.alerts[0].headline == "电梯故障：脑科巷7栋"


async def test_a_kind_that_goes_keeps_its_words_and_can_no_longer_be_raised(world: World) -> None:
    without = tuple(kind for kind in SHIPPED.kinds if kind.code != "fall")
    shown = await changed(world, replace(SHIPPED, kinds=without))
    assert shown.catalogue.kind("fall") == replace(SHIPPED.kind("fall"), is_offered=False)
    with pytest.raises(InvalidValueError) as refused:
        await world.raise_at(kind="fall")
    assert refused.value.detail == {"field": "kind"}
    assert not (await changed(world, None)).is_custom
    assert (await world.raise_at(kind="fall")).incident.kind == "fall"


async def test_two_who_change_it_at_once_do_not_undo_each_other(world: World) -> None:
    seen = await show_catalogue(world.database, viewer=await world.viewer("community"))
    await changed(world, replace(SHIPPED, time_zone="Asia/Urumqi"), expected_version=seen.version)
    with pytest.raises(EditConflictError):
        await changed(world, None, expected_version=seen.version)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kinds": ()}, "kinds"),
        ({"kinds": SHIPPED.kinds[:1] * 2}, "kinds"),
        ({"kinds": SHIPPED.kinds[:3]}, "kinds"),
        ({"kinds": (replace(SHIPPED.kinds[0], code="Fire!"), *SHIPPED.kinds[1:])}, "code"),
        ({"kinds": (replace(SHIPPED.kinds[0], name_zh="九个字的名字太长了"), *SHIPPED.kinds[1:])}, "name_zh"),
        ({"kinds": (replace(SHIPPED.kinds[0], name_en="\ud800"), *SHIPPED.kinds[1:])}, "name_en"),
        ({"kinds": (replace(SHIPPED.kinds[0], script_zh=("x",) * 13), *SHIPPED.kinds[1:])}, "script_zh"),
        ({"severities": SHIPPED.severities[::-1]}, "severities"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        (
            {
                "severities": (
                    replace(SHIPPED.severities[0], quiet_hours=QuietHours(start="22:00", end="07:00")),
                    *SHIPPED.severities[1:],
                )
            },
            "quiet_hours",
        ),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    world: World, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidValueError) as refused:
        await changed(world, replace(SHIPPED, **change))
    assert refused.value.detail == {"field": field}
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == 0


async def test_a_catalogue_holds_so_many_kinds_with_those_of_the_past(world: World) -> None:
    def kinds(name: str, count: int) -> AlertCatalogue:
        own = (replace(SHIPPED.kinds[0], code=f"{name}_{number}") for number in range(count))
        return replace(SHIPPED, kinds=(*own, SHIPPED.kind("other")))

    room = KINDS_AT_MOST - len(SHIPPED.kinds)
    full = await changed(world, kinds("first", room))
    assert len(full.catalogue.kinds) == KINDS_AT_MOST
    with pytest.raises(InvalidValueError) as refused:
        await changed(world, kinds("second", 1))
    assert refused.value.detail == {"field": "kinds"}
    # What is shown can always be sent back, and what is shipped is always taken.
    assert (await changed(world, full.catalogue)).catalogue == full.catalogue
    assert len((await changed(world, None)).catalogue.kinds) == KINDS_AT_MOST


@pytest.mark.parametrize("hours", [("22:00", "22:00"), ("7:00", "22:00"), ("24:00", "07:00")])
async def test_hours_that_cannot_be_are_refused(world: World, hours: tuple[str, str]) -> None:
    blue = replace(SHIPPED.severities[-1], quiet_hours=QuietHours(start=hours[0], end=hours[1]))
    with pytest.raises(InvalidValueError):
        await changed(world, replace(SHIPPED, severities=(*SHIPPED.severities[:-1], blue)))


async def test_only_a_coordinator_changes_it(world: World) -> None:
    for name in ("planner", "hospital", "observer"):
        viewer = await world.viewer(name)
        with pytest.raises(NotAllowedError):
            await set_catalogue(world.database, viewer=viewer, catalogue=None, clock=world.clock)


async def test_what_cap_says_follows_the_colour_and_how_far_it_has_come(world: World) -> None:
    incident = (await world.raise_at()).incident
    values = cap_values(SHIPPED, incident)
    assert (values.categories, values.urgency, values.severity) == (("Fire",), "Immediate", "Severe")
    assert values.certainty is CapCertainty.LIKELY
    confirmed = replace(incident, stage=IncidentStage.CONFIRMED)
    assert cap_values(SHIPPED, confirmed).certainty is CapCertainty.OBSERVED
    assert cap_values(SHIPPED, incident, severity=Severity.BLUE).severity == "Minor"
    over = incident.end(EndReason.RESOLVED, at=world.clock.now(), by_name="")
    assert cap_values(SHIPPED, over).urgency is CapUrgency.PAST
