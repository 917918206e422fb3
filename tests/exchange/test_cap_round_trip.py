"""What is sent can be read: all kinds, severities, message types, languages, real and exercise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.lonlat import LonLat
from responder.domain.cap.lexical import read_polygon
from responder.domain.cap.meaning import kind_of, severity_of
from responder.domain.cap.message import CapMessage, CapStatus
from responder.domain.cap.rules import distance_km
from responder.domain.cap.wording import to_message
from responder.domain.ids import AccountId, AlertId, BuildingId, CircleId, IncidentId
from responder.domain.incidents.alert import Alert, AlertCause, MessageType
from responder.domain.incidents.incident import EndReason, Incident, Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.map.place import Place
from responder.exchange.cap_reader import read_cap
from responder.exchange.cap_writer import ATOM, GEORSS, CapFeed, FeedEntry, write_cap, write_feed
from responder.services.cap.shapes import area_of, shapes_of, site_in
from tests.examples import number

CIRCLE = Circle(
    id=CircleId(UUID(int=1)), name="脑科巷", name_en="Naoke Lane", centre=(112.985, 28.158), limit_s=900
)
NOW = datetime(2025, 11, 3, 6, 0, 0, 123_000, tzinfo=UTC)
LABELS = st.text(max_size=40) | st.sampled_from(
    ["脑科巷7栋 南门", "a < b & c > d", "]]>", "\x00\x1b\r\n", "\u202ex"]
)


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    end = draw(st.sampled_from([None, *EndReason]))
    return Incident(
        id=IncidentId(UUID(int=2)),
        circle_id=CIRCLE.id,
        exercise=draw(st.booleans()),
        kind=draw(st.sampled_from([kind.code for kind in SHIPPED.kinds])),
        severity=draw(st.sampled_from(Severity)),
        place=Place(
            lon=draw(st.floats(112.9, 113.1)),
            lat=draw(st.floats(28.1, 28.2)),
            label=draw(LABELS),
            label_en=draw(LABELS),
        ),
        note="王小明在三楼",
        raised_at=NOW,
        raised_by=AccountId(UUID(int=3)),
        raised_by_name="王小明",
        ended_at=None if end is None else NOW,
        end_reason=end,
        ended_by_name=None if end is None else "王小明",
    )


CAUSES = {
    MessageType.ALERT: [AlertCause.RAISED],
    MessageType.UPDATE: [
        *(AlertCause.TEXT, AlertCause.LEVEL_RAISED, AlertCause.LEVEL_LOWERED, AlertCause.MOVED)
    ],
    MessageType.CANCEL: [
        *(AlertCause.RESOLVED, AlertCause.FALSE_ALARM, AlertCause.MISTAKE, AlertCause.MERGED)
    ],
}


def alerts_of(incident: Incident) -> list[Alert]:
    """Return a first alert, then an update and a cancellation for every cause."""
    found: list[Alert] = []
    for message_type, causes in CAUSES.items():
        for cause in causes:
            found.append(
                Alert(
                    id=AlertId(UUID(int=10 + len(found))),
                    incident_id=incident.id,
                    message_type=message_type,
                    exercise=incident.exercise,
                    headline="",
                    sent_at=NOW + timedelta(minutes=len(found), milliseconds=877),
                    references=tuple(each.id for each in found),
                    cause=cause,
                    text="" if cause is AlertCause.RAISED else "王小明在三楼",
                )
            )
    return found


def test_every_cause_is_tried() -> None:
    assert {cause for causes in CAUSES.values() for cause in causes} == set(AlertCause)


def messages_of(incident: Incident) -> list[CapMessage]:
    alerts = alerts_of(incident)
    shapes = shapes_of(incident.place, None)
    return [
        to_message(CIRCLE, SHIPPED, incident, alert, earlier=tuple(alerts), shapes=shapes) for alert in alerts
    ]


@given(incidents())
def test_what_is_sent_is_read_without_a_fault_and_means_the_same(incident: Incident) -> None:
    for alert, message in zip(alerts_of(incident), messages_of(incident), strict=True):
        [read] = read_cap(write_cap(message), now=alert.sent_at, near=LonLat(*CIRCLE.centre))
        assert read.faults == ()
        assert read.message is not None
        assert written_alike(read.message) == written_alike(message)
        assert read.message.exercise is incident.exercise
        for info in read.message.infos:
            assert (kind_of(info, SHIPPED), severity_of(info)) == (incident.kind, incident.severity)
        assert [each.identifier for each in read.message.references] == [
            f"urn:uuid:{each}" for each in alert.references
        ]


def written_alike(message: CapMessage) -> bytes:
    """Return the message as it is written: what XML cannot hold is replaced there."""
    return write_cap(message)


@given(incidents())
def test_an_exercise_says_so_everywhere_and_what_is_real_nowhere(incident: Incident) -> None:
    for message in messages_of(incident):
        chinese, english = message.infos
        marked = [chinese.headline, chinese.event, chinese.description]
        english_marked = [english.headline, english.event, english.description]
        if incident.exercise:
            assert message.status is CapStatus.EXERCISE
            assert "演练" in message.note
            assert "EXERCISE" in message.note
            assert all(text.startswith("【演练】") for text in marked)
            assert all(text.startswith("[EXERCISE] ") for text in english_marked)
        else:
            assert message.status is CapStatus.ACTUAL
            assert message.note == ""
            assert not any("【演练】" in each.replace(incident.place.label, "") for each in marked)


@given(incidents())
def test_no_name_and_no_note_is_told(incident: Incident) -> None:
    for message in messages_of(replace(incident, place=replace(incident.place, label="7栋"))):
        assert "王小明" not in write_cap(message).decode()


@given(incidents())
def test_the_shapes_are_around_the_place(incident: Incident) -> None:
    pin = incident.place.lonlat
    for message in messages_of(incident):
        assert [info.language for info in message.infos] == ["zh-CN", "en"]
        for info in message.infos:
            [area] = info.areas
            [ring], [circle] = area.polygons, area.circles
            assert ring[0] == ring[-1]
            assert circle.radius_km == pytest.approx(0.05)
            assert all(distance_km(pin, point) == pytest.approx(0.05, abs=0.001) for point in ring)
        site = site_in(area_of(message))
        assert site is not None
        assert distance_km(pin, site) < 0.005


def test_a_building_is_told_by_its_outline() -> None:
    ring = [[112.984, 28.157], [112.986, 28.157], [112.986, 28.158], [112.984, 28.158], [112.984, 28.157]]
    hole = [[112.9845, 28.1572], [112.985, 28.1572], [112.985, 28.1575], [112.9845, 28.1572]]
    part = [[112.99, 28.157], [112.9901, 28.157], [112.9901, 28.1571], [112.99, 28.157]]
    building = Building(
        id=BuildingId(UUID(int=4)),
        circle_id=CIRCLE.id,
        name="7栋",
        name_en="",
        geometry={"type": "MultiPolygon", "coordinates": [[part], [ring, hole]]},
    )
    place = Place(lon=112.984, lat=28.157, label="7栋")
    area = shapes_of(place, building)
    assert [len(each) for each in area.polygons] == [5, 4]
    assert {(point.lon, point.lat) for point in area.polygons[0]} == {(lon, lat) for lon, lat in ring}
    [circle] = area.circles
    farthest = max(distance_km(place.lonlat, point) for each in area.polygons for point in each)
    assert farthest <= circle.radius_km <= farthest + 0.001


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 0.0), (-180.0, 89.9999), (0.0, -90.0)])
def test_the_shapes_stay_on_earth(lon: float, lat: float) -> None:
    area = shapes_of(Place(lon=lon, lat=lat), None)
    assert all(abs(point.lon) <= 180 and abs(point.lat) <= 90 for point in area.polygons[0])


def test_map_programs_read_the_polygon_of_the_feed(tmp_path: Path) -> None:
    """GDAL passes over `cap:polygon` and `georss:circle` without a word."""
    incident = Incident(
        id=IncidentId(UUID(int=2)),
        circle_id=CIRCLE.id,
        exercise=True,
        kind="fire",
        severity=Severity.RED,
        place=Place(lon=112.985, lat=28.158, label="脑科巷7栋"),
        note="",
        raised_at=NOW,
        raised_by=AccountId(UUID(int=3)),
        raised_by_name="",
    )
    messages = messages_of(incident)
    entries = [FeedEntry(message=each, href="https://example.invalid/x.cap") for each in messages]
    feed = CapFeed(id="urn:uuid:x", title="x", author="x", href="x", updated=NOW, entries=entries)
    path = tmp_path / "alerts.atom"
    path.write_bytes(write_feed(feed))
    read = pyogrio.read_dataframe(path)
    assert len(read) == len(messages)
    assert list(read.columns[:2]) == ["id", "title"]
    for shape, message in zip(read.geometry, messages, strict=True):
        [ring] = message.infos[0].areas[0].polygons
        assert list(shape.exterior.coords) == [(point.lon, point.lat) for point in ring]


@given(st.lists(incidents(), min_size=0, max_size=number(2)))
def test_the_feed_holds_every_message_and_a_polygon_that_maps_read(several: list[Incident]) -> None:
    messages = [message for incident in several for message in messages_of(incident)]
    feed = CapFeed(
        id="urn:uuid:x",
        title="脑科巷 & 周边",
        author="脑科巷",
        href="https://example.invalid/alerts.atom?open=true&limit=20",
        updated=NOW,
        entries=[
            FeedEntry(message=each, href=f"https://example.invalid/{each.identifier}") for each in messages
        ],
        next_href=None,
    )
    text = write_feed(feed)
    if messages:
        read = read_cap(text, now=NOW + timedelta(hours=1))
        assert [each.message and write_cap(each.message) for each in read] == [
            write_cap(each) for each in messages
        ]
    root = ET.fromstring(text)  # noqa: S314 - our own
    for entry, message in zip(root.iter(f"{{{ATOM}}}entry"), messages, strict=True):
        polygon = entry.findtext(f"{{{GEORSS}}}polygon")
        assert polygon is not None
        numbers = polygon.split()
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        assert read_polygon(" ".join(map(",".join, pairs))) == message.infos[0].areas[0].polygons[0]
        assert entry.findtext(f"{{{ATOM}}}title") is not None
