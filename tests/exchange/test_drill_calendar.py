"""A drill's entry in a calendar: read by icalendar again, and line by line as RFC 5545 has it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from responder.domain.channels.message_words import Language
from responder.domain.drills.plan import Drill, DrillState
from responder.domain.errors import DrillWithoutDateError
from responder.domain.ids import CircleId
from responder.domain.map.circle import Circle
from responder.domain.map.place import Place
from responder.exchange.drill_calendar import write_calendar
from tests.exchange.drill_books import DRILL, PLAN

CIRCLE = Circle(
    id=CircleId(UUID(int=1)), name="脑科巷“片区”", name_en='Naoke "Lane"', centre=(112.985, 28.158)
)
SHANGHAI = "Asia/Shanghai"


def entry(
    drill: Drill, *, time_zone: str = SHANGHAI, language: Language = Language.ZH
) -> tuple[Any, Any, bytes]:
    """Return the calendar, its one event and the bytes."""
    data = write_calendar(drill, CIRCLE, time_zone=time_zone, language=language)
    calendar: Any = Calendar.from_ical(data)
    [event] = calendar.walk("VEVENT")
    assert not event.errors
    return calendar, event, data


def planned(**changes: Any) -> Drill:  # noqa: ANN401 - fields of a plan
    return replace(DRILL, plan=replace(PLAN, **changes))


def test_an_entry_says_when_and_where_and_that_it_is_an_exercise() -> None:
    calendar, event, data = entry(DRILL)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert event["UID"] == "6f9619ff-8b86-4011-b42d-00c04fc964ff"
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CONFIRMED")
    assert event["DTSTAMP"].dt == DRILL.changed_at
    assert event["SUMMARY"] == "【演练】电动车起火演练"
    assert event["LOCATION"] == "脑科巷7栋"
    assert event["DESCRIPTION"] == PLAN.notice
    assert event["GEO"].to_ical() == "28.158;112.985"
    assert event["ORGANIZER"] == f"urn:uuid:{CIRCLE.id}"
    assert event["DTSTART"].dt == PLAN.starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    assert b"DTSTART;TZID=Asia/Shanghai:20261203T090000\r\n" in data
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == SHANGHAI
    [alarm] = event.walk("VALARM")
    assert (alarm["TRIGGER"].dt, alarm["ACTION"]) == (timedelta(days=-1), "DISPLAY")


def test_nothing_in_it_gives_the_drill_away() -> None:
    _, _, data = entry(DRILL)
    text = data.replace(b"\r\n ", b"").decode()
    secrets = [PLAN.scenario, PLAN.kind, DRILL.created_by_name or "电动车起火演练 方案"]
    secrets += [each.text for each in PLAN.injects] + [each.text for each in PLAN.objectives]
    assert [secret for secret in secrets if secret in text] == []


def test_a_later_entry_moves_the_first_and_one_called_off_takes_it_away() -> None:
    _, first, _ = entry(DRILL)
    later = replace(planned(starts_at=datetime(2026, 12, 10, 1, tzinfo=UTC)), revision=3)
    _, moved, _ = entry(later)
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], 3)
    calendar, gone, _ = entry(replace(later, state=DrillState.CALLED_OFF, revision=4))
    assert (calendar["METHOD"], gone["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (gone["UID"], gone["SEQUENCE"]) == (first["UID"], 4)
    assert gone.walk("VALARM") == [], "no one is reminded of it"
    with pytest.raises(DrillWithoutDateError):
        entry(planned(starts_at=None))


def test_english_takes_english_words_where_there_are_some() -> None:
    drill = planned(place=Place(lon=112.9851234567, lat=-28.1, label="南门", label_en="South gate"))
    _, event, data = entry(drill, language=Language.EN)
    assert event["SUMMARY"] == "[EXERCISE] 电动车起火演练"
    assert event["LOCATION"] == "South gate"
    assert b"GEO:-28.1;112.985123\r\n" in data
    assert event["ORGANIZER"].params["CN"] == "Naoke 'Lane'"


def test_a_name_that_says_exercise_says_it_once() -> None:
    _, event, _ = entry(planned(name="【演练】 楼道起火"))
    assert event["SUMMARY"] == "【演练】楼道起火"


@pytest.mark.parametrize("time_zone", ["Europe/Berlin", "America/New_York", "Asia/Urumqi", "UTC"])
@pytest.mark.parametrize("month", [1, 7])
def test_an_entry_is_at_the_same_moment_in_any_zone(time_zone: str, month: int) -> None:
    starts = datetime(2026, month, 15, 23, 30, tzinfo=ZoneInfo(SHANGHAI))
    calendar, event, data = entry(planned(starts_at=starts, duration_s=5400), time_zone=time_zone)
    assert event["DTSTART"].dt == starts
    assert event["DTEND"].dt == starts + timedelta(minutes=90)
    assert calendar.get_missing_tzids() == set()
    if time_zone != "UTC":
        # Read by another library, which knows no zones but those in the file.
        zone = tzical(StringIO(data.decode())).get(time_zone)
        assert event["DTSTART"].dt.replace(tzinfo=zone) == starts


@given(
    st.text(max_size=120) | st.just('消防,演练;\\n\r\n"引号"：😀' * 12),
    st.text(max_size=300) | st.just("\x00\x0b\x1b\ufffe"),
)
def test_any_words_come_through_in_lines_of_75_octets(name: str, notice: str) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in (name, notice)]
    _, event, data = entry(
        planned(name=texts[0] or "x", notice=texts[1], place=Place(lon=1, lat=2, label=texts[0]))
    )
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r[^\n]|[^\r]\n", data)
    for line in lines:
        line.decode()
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", " ", texts[1].replace("\r\n", "\n"))
    assert len(event.get("DESCRIPTION", "")) == len(clean)
