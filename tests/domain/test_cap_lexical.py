"""Times, shapes and references in CAP messages: each wrong form has its own code."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.lonlat import LonLat
from responder.domain.cap.lexical import (
    LexicalError,
    read_circle,
    read_polygon,
    read_references,
    read_time,
    rounded,
    write_circle,
    write_polygon,
    write_references,
    write_time,
)
from responder.domain.cap.message import CapCircle, CapReference

POINTS = st.builds(LonLat, st.floats(-180, 180), st.floats(-90, 90)).map(rounded)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-01-31T21:40:00Z", "time_zulu"),
        ("2026-01-31T21:40:00.5+08:00", "time_fraction"),
        ("2026-01-31T21:40:00+0800", "time_offset"),
        ("2026-01-31T21:40:00", "time_offset"),
        ("2026-01-31T21:40:00,08:00", "time_offset"),
        ("2026-01-31 21:40:00+08:00", "time_form"),
        ("2026-02-30T21:40:00+08:00", "time_form"),
        ("2026-01-31T24:00:01+08:00", "time_form"),
        ("2026-01-31T25:00:00+08:00", "time_form"),
        ("2026-01-31T21:40:00+15:00", "time_form"),
        ("0001-01-01T00:00:00+14:00", "time_form"),
        ("9999-12-31T23:59:59-14:00", "time_form"),
        ("２０２６-01-31T21:40:00+08:00", "time_form"),
        ("soon", "time_form"),
        ("", "time_form"),
    ],
)
def test_a_time_is_written_in_one_way(text: str, code: str) -> None:
    with pytest.raises(LexicalError) as caught:
        read_time(text)
    assert caught.value.code == code


def test_a_day_may_end_at_24() -> None:
    assert read_time("2026-01-31T24:00:00+08:00") == read_time("2026-02-01T00:00:00+08:00")


def test_utc_is_an_offset_of_minus_nothing() -> None:
    assert read_time(" 2026-01-31T13:40:00-00:00\n") == datetime(2026, 1, 31, 13, 40, tzinfo=UTC)
    east = timezone(timedelta(hours=8))
    assert write_time(datetime(2026, 1, 31, 21, 40, 0, 999_999, tzinfo=east)) == "2026-01-31T13:40:00-00:00"


@given(st.datetimes(datetime(1971, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_written_as_a_time_is_read(moment: datetime) -> None:
    assert read_time(write_time(moment)) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "polygon_words"),
        ("around the station", "polygon_words"),
        ("28.1 112.9 28.2 113", "polygon_words"),
        ("28.1,112.9,5 28.1,113 28.2,113 28.1,112.9", "polygon_words"),
        ("nan,112.9 28.1,113 28.2,113 nan,112.9", "polygon_words"),
        ("1e400,112.9 28.1,113 28.2,113 1e400,112.9", "polygon_words"),
        ("28.1,112.9 28.1,113 28.2,113", "polygon_open"),
        ("28.1,112.9 28.1,113 28.1,112.9", "polygon_short"),
        ("112.9,28.1 113,28.1 113,28.2 112.9,28.1", "lonlat_order"),
        ("28.1,212.9 28.1,213 28.2,213 28.1,212.9", "coordinates_range"),
        ("95,112.9 28.1,113 28.2,113 95,112.9", "coordinates_range"),
        (" ".join(["28.1,112.9"] * 2001), "polygon_large"),
    ],
)
def test_a_polygon_is_a_closed_ring_of_latitude_and_longitude(text: str, code: str) -> None:
    with pytest.raises(LexicalError) as caught:
        read_polygon(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("28.1,112.9", "circle_words"),
        ("28.1,112.9 wide", "circle_words"),
        ("28.1,112.9 -1", "circle_words"),
        ("28.1,112.9 nan", "circle_words"),
        ("112.9,28.1 1", "lonlat_order"),
        ("28.1,112.9 50000", "circle_too_large"),
    ],
)
def test_a_circle_has_a_middle_and_kilometres(text: str, code: str) -> None:
    with pytest.raises(LexicalError) as caught:
        read_circle(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text", ["x-1", "a,b", "a,b,2026-01-31T21:40:00Z", ",b,2026-01-31T21:40:00+08:00", "a,b,c,d"]
)
def test_a_reference_has_three_parts(text: str) -> None:
    with pytest.raises(LexicalError) as caught:
        read_references(text)
    assert caught.value.code == "references_form"


@given(st.lists(POINTS, min_size=3, max_size=8), st.floats(0, 20_000))
def test_what_is_written_as_a_shape_is_read(points: list[LonLat], radius_km: float) -> None:
    ring = (*points, points[0])
    assert read_polygon(write_polygon(ring)) == ring
    circle = CapCircle(centre=points[0], radius_km=round(radius_km, 3))
    assert read_circle(write_circle(circle)) == circle


def test_what_is_written_as_references_is_read() -> None:
    sent = datetime(2026, 1, 31, 13, 40, tzinfo=UTC)
    references = tuple(CapReference(sender="a@b", identifier=f"{n}", sent=sent) for n in range(3))
    assert read_references(write_references(references)) == references
