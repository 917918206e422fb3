"""CAP messages of others: what is read of them, and every fault by its code."""

import re
from datetime import UTC, datetime

import pytest

from geo.lonlat import LonLat
from responder.domain.cap.faults import FAULTS, Fault, FaultLevel
from responder.domain.cap.message import CapMessage, CapMessageType
from responder.exchange.cap_reader import MOST_MESSAGES, read_cap
from tests.exchange.messages import HERE, alert_text, area_text, cap_text, feed_text, info_text, reference

NOW = datetime(2025, 11, 3, 6, 0, tzinfo=UTC)
MIDDLE = LonLat(112.985, 28.158)
SOUND = cap_text()


def sound(text: str) -> CapMessage:
    [read] = read_cap(text.encode())
    assert read.message is not None, read.faults
    return read.message


def faults(text: str, *, near: LonLat | None = None) -> list[Fault]:
    [read] = read_cap(text.encode(), now=NOW, near=near)
    assert (read.message is None) == any(each.is_error for each in read.faults)
    return list(read.faults)


def codes(text: str, *, near: LonLat | None = None) -> list[str]:
    return [each.code for each in faults(text, near=near)]


def replaced(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


def test_a_sound_message_is_read_whole() -> None:
    message = sound(SOUND)
    assert codes(SOUND, near=MIDDLE) == []
    assert (message.identifier, message.sender) == ("x-1", "station@fire.example")
    assert message.sent == datetime(2025, 11, 3, 5, 0, tzinfo=UTC)
    [info] = message.infos
    assert (info.language, info.event, info.headline) == ("zh-CN", "火灾", "脑科巷火灾")
    [area] = info.areas
    assert area.polygons[0][1] == LonLat(112.985, 28.157)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (replaced("<identifier>x-1</identifier>", ""), "element_missing"),
        (replaced("<identifier>x-1<", "<identifier> <"), "value_empty"),
        (replaced("<sender>", "<source>x</source><sender>"), "element_order"),
        (replaced("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>"), "element_repeated"),
        (replaced("<scope>", "<mood>calm</mood><scope>"), "element_unknown"),
        (replaced("<scope>Public</scope>", "<scope>public</scope>"), "value_unknown"),
        (replaced("<status>Actual<", "<status>Actual <"), "value_unknown"),
        (replaced("<scope>", "and <scope>"), "text_stray"),
        (replaced("<scope>", '<scope lang="zh">'), "attribute_unknown"),
        (replaced("zh-CN", "中文"), "language_form"),
        (replaced("13:00:00+08:00", "13:00:00Z"), "time_zulu"),
        (replaced("13:00:00+08:00", "13:00:00.0+08:00"), "time_fraction"),
        (replaced("13:00:00+08:00", "13:00:00+0800"), "time_offset"),
        (cap_text(identifier="x 1"), "identifier_characters"),
        (cap_text(identifier="x,1"), "identifier_characters"),
        (cap_text(identifier="x&amp;1"), "identifier_characters"),
        (cap_text(identifier="x" * 300), "identifier_long"),
        (cap_text(sender="a station"), "sender_characters"),
        (cap_text(message_type="Cancel"), "references_missing"),
        (cap_text(message_type="Update"), "references_missing"),
        (cap_text(message_type="Update", references="x-0"), "references_form"),
        (cap_text(message_type="Update", references=reference("x-1")), "references_itself"),
        (
            cap_text(message_type="Update", references=reference("x-0").replace("13:00", "14:00")),
            "references_later",
        ),
        (cap_text(infos=""), "info_missing"),
        (cap_text(scope="<scope>Restricted</scope>"), "restriction_missing"),
        (cap_text(scope="<scope>Private</scope>"), "addresses_missing"),
        (cap_text(status="Exercise"), "exercise_unnamed"),
        (cap_text(status="Test"), "not_operational"),
        (cap_text(sent="2025-11-03T15:00:00+08:00"), "sent_in_future"),
        (cap_text(infos=info_text(expires="2025-11-03T12:59:59+08:00")), "expires_before_sent"),
        (cap_text(infos=info_text(expires="2025-11-03T13:30:00+08:00")), "expired"),
        (cap_text(infos=info_text(expires=None)), "expires_missing"),
        (
            cap_text(infos=info_text(more="<onset>2126-01-01T00:00:00+08:00</onset>")),
            "onset_after_expires",
        ),
        (cap_text(infos=info_text(headline="")), "headline_missing"),
        (cap_text(infos=info_text(area=" ").replace("> <", "><")), "area_missing"),
        (cap_text(infos=info_text(area=area_text(polygon=None))), "area_without_shape"),
        (cap_text(infos=info_text(area=area_text(polygon="the old town"))), "polygon_words"),
        (cap_text(infos=info_text(area=area_text(polygon=HERE.rpartition(" ")[0]))), "polygon_open"),
        (
            cap_text(infos=info_text(area=area_text(polygon=re.sub(r"(\S+),(\S+)", r"\2,\1", HERE)))),
            "lonlat_order",
        ),
        (cap_text(infos=info_text(area=area_text(circle="28.158,112.985 500"))), "circle_metres"),
        (cap_text(infos=info_text(area=area_text(circle="28.158,112.985 25000"))), "circle_too_large"),
        (cap_text(infos=info_text(area=area_text(circle="nearby"))), "circle_words"),
        (SOUND.replace("cap:1.2", "cap:1.1"), "other_version"),
        ("<html><body/></html>", "no_message"),
        ("", "empty_file"),
    ],
)
def test_each_fault_has_its_code(text: str, code: str) -> None:
    assert code in codes(text)


def test_a_fault_says_where_it_is_and_what_stands_there() -> None:
    both = info_text() + info_text(area=area_text() + area_text(polygon="x " * 100))
    [found] = faults(cap_text(infos=both))
    assert (found.code, found.where) == ("polygon_words", "info[2]/area[2]/polygon[1]")
    assert len(found.value) <= 81


def test_only_the_circle_tells_longitude_first_where_both_orders_are_on_earth() -> None:
    porto = LonLat(-8.61, 41.15)
    exchanged = cap_text(infos=info_text(area=area_text(polygon=None, circle="-8.61,41.15 0.5")))
    assert codes(exchanged) == []
    assert codes(exchanged, near=porto) == ["lonlat_order"]
    right = cap_text(infos=info_text(area=area_text(polygon=None, circle="41.15,-8.61 0.5")))
    assert codes(right, near=porto) == []


def test_an_area_far_away_is_told_and_one_around_the_circle_is_not() -> None:
    there = "38.47,-120.14 38.34,-119.95 38.52,-119.74 38.47,-120.14"
    assert codes(cap_text(infos=info_text(area=area_text(polygon=there))), near=MIDDLE) == ["area_elsewhere"]
    around = "20,100 20,120 35,120 35,100 20,100"
    assert codes(cap_text(infos=info_text(area=area_text(polygon=around))), near=MIDDLE) == []
    wide = area_text(polygon=None, circle="30,115 99")
    assert codes(cap_text(infos=info_text(area=wide)), near=MIDDLE) == ["area_elsewhere"]


def test_a_feed_holds_messages_and_entries_that_only_link_are_named() -> None:
    linked = '<entry><title>Flood</title><link href="https://example.invalid/1.cap"/></entry>'
    read = read_cap(
        feed_text(alert_text(), alert_text(identifier="x-2", infos=""), linked=linked).encode(), now=NOW
    )
    assert [each.message is not None for each in read] == [True, False, False]
    assert [each.title for each in read] == ["x-1", "x-2", "Flood"]
    assert [each.code for each in read[2].faults] == ["only_linked"]


def test_rss_and_edxl_hold_messages_too() -> None:
    rss = f"<rss><channel><item><description>x</description>{alert_text()}</item></channel></rss>"
    edxl = (
        '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject><xmlContent>'
        f"<embeddedXMLContent>{alert_text()}</embeddedXMLContent></xmlContent></contentObject>"
        "</EDXLDistribution>"
    )
    for text in (rss, edxl):
        assert sound(text).identifier == "x-1"


def test_a_feed_is_not_read_without_end() -> None:
    many = "".join(alert_text(identifier=f"x-{n}", infos="") for n in range(MOST_MESSAGES + 1))
    assert codes(f"<feed>{many}</feed>") == ["too_many_messages"]


def test_a_signature_is_not_taken_for_checked() -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue/></Signature>'
    assert codes(replaced("</alert>", f"{signature}</alert>")) == ["signature_unchecked"]


def test_every_fault_has_one_sentence_in_each_language() -> None:
    for code, words in FAULTS.items():
        assert re.fullmatch(r"[a-z_]+", code), code
        assert words.zh.endswith("。"), code
        assert re.search(r"[\u4e00-\u9fff]", words.zh), code
        assert words.en.endswith("."), code
        assert words.level in set(FaultLevel), code


def test_acks_are_read_as_such() -> None:
    ack = cap_text(message_type="Ack", references=reference("x-0"), infos="")
    assert sound(ack).message_type is CapMessageType.ACK
