"""The page's own notifications say what messages on other channels say."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from responder.domain.channels.message import MessageAction
from responder.domain.channels.message_text import HEAD_WIDTH, SCREEN_WIDTH, cut, message_text, width
from responder.domain.channels.message_words import WORDS, Language
from responder.domain.incidents.alert import EXERCISE_PREFIX, AlertCause
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import IncidentDetail
from tests.domain.town import NOON, Town

PROGRAM = """
import { readFileSync } from "node:fs";
import { messageText } from "./js/state/message-text.js";
const { catalogue, cases } = JSON.parse(readFileSync(0, "utf8"));
const words = Object.fromEntries(["zh-CN", "en"].map((each) => [each, JSON.parse(readFileSync(`locales/${each}.json`, "utf8"))]));
const tOf = (language) => (key, values = {}) => words[language][key].replace(/\\{(\\w+)\\}/g, (whole, name) => String(values[name] ?? whole));
console.log(JSON.stringify(cases.map(({ detail, alert, call, language }) => messageText(catalogue, detail, alert, call, { t: tOf(language), language }))));
"""
PLACES = ("脑科巷7栋", "脑科巷与北支路路口附近", "湘雅路，二里半路口东南方约120米", "x" * 200)
ENDS = {
    AlertCause.RESOLVED: EndReason.RESOLVED,
    AlertCause.FALSE_ALARM: EndReason.FALSE_ALARM,
    AlertCause.MISTAKE: EndReason.MISTAKE,
    AlertCause.MERGED: EndReason.MERGED,
}


def cases() -> Iterator[tuple[IncidentDetail, Delivery | None, Language]]:
    """Every kind, colour, cause, place and language, real and exercise; the last alert is what is told."""
    town = Town()
    detail = town.incident(minute=1)
    for number, kind in enumerate(SHIPPED.kinds):
        for severity in Severity:
            for cause in AlertCause:
                for language in Language:
                    exercise = (number + len(cause)) % 2 == 0
                    place = replace(
                        detail.incident.place,
                        label=PLACES[(number + len(severity)) % len(PLACES)],
                        label_en=["", "near Hospital Lane 7"][number % 2],
                    )
                    incident = replace(
                        detail.incident,
                        kind=kind.code,
                        severity=severity,
                        exercise=exercise,
                        place=place,
                        note=["", "三楼冒烟" * 100][number % 2],
                    )
                    if cause in ENDS:
                        incident = incident.end(ENDS[cause], at=NOON, by_name="周岚")
                    alert = replace(
                        detail.alerts[0], cause=cause, text="先到门岗" if cause is AlertCause.TEXT else ""
                    )
                    call = detail.deliveries[number % 2]
                    if number % 3 == 0:
                        call = call.advance(DeliveryState.RELEASED, at=NOON)
                    told = replace(detail, incident=incident, alerts=(alert,))
                    yield told, None if number % 4 == 3 else call, language


def test_the_page_says_the_same(node: Callable[..., str]) -> None:
    told = list(cases())
    body: dict[str, Any] = {
        "catalogue": TypeAdapter(AlertCatalogue).dump_python(SHIPPED, mode="json"),
        "cases": [
            {
                "detail": TypeAdapter(IncidentDetail).dump_python(detail, mode="json"),
                "alert": TypeAdapter(IncidentDetail).dump_python(detail, mode="json")["alerts"][0],
                "call": None if call is None else TypeAdapter(Delivery).dump_python(call, mode="json"),
                "language": language.value,
            }
            for detail, call, language in told
        ],
    }
    shown = json.loads(node("--input-type=module", "-e", PROGRAM, stdin=json.dumps(body)))
    expected = [
        message_text(SHIPPED, detail, detail.alerts[0], call, language=language)
        for detail, call, language in told
    ]

    assert len(told) > 500
    assert shown == [{"head": text.head, "lines": list(text.lines)} for text in expected]


def test_a_lock_screen_shows_what_where_and_how_soon_and_an_exercise_says_so_first() -> None:
    for detail, call, language in cases():
        text = message_text(SHIPPED, detail, detail.alerts[0], call, language=language)
        kind = SHIPPED.kind(detail.incident.kind)
        assert (kind.name_en if language is Language.EN else kind.name_zh) in text.head
        assert text.head.startswith(WORDS[language]["exercise"]) is detail.incident.exercise
        assert "{" not in text.head + "".join(text.lines)
        if language is Language.ZH:
            assert width(text.head) <= HEAD_WIDTH
            assert width(text.head + text.lines[0]) <= SCREEN_WIDTH or not _says_what_to_do(text.lines[0])
            assert text.head.startswith(EXERCISE_PREFIX) is detail.incident.exercise


def _says_what_to_do(line: str) -> bool:
    return line.startswith("约") or "不用再去" in line


def test_only_a_call_can_be_accepted_and_only_by_those_who_were_called() -> None:
    town = Town()
    detail = town.incident(minute=1)
    call = detail.deliveries[0]

    def actions(detail: IncidentDetail, cause: AlertCause, call: Delivery | None) -> list[MessageAction]:
        alert = replace(detail.alerts[0], cause=cause)
        text = message_text(SHIPPED, detail, alert, call, language=Language.ZH)
        return [each.action for each in text.actions]

    assert actions(detail, AlertCause.RAISED, call) == ["accept", "decline", "open"]
    assert actions(detail, AlertCause.RAISED, None) == ["open"]
    assert actions(detail, AlertCause.MOVED, call) == ["open"]
    assert actions(town.ended(detail, minute=2), AlertCause.RAISED, call) == ["open"]


@pytest.mark.parametrize(
    ("text", "most", "cut_to"),
    [("脑科巷7栋", 9, "脑科巷7栋"), ("脑科巷7栋", 8, "脑科巷…"), ("abcdefgh", 6, "abcd…"), ("abc def", 6, "abc…")],
)
def test_a_place_is_cut_by_width(text: str, most: int, cut_to: str) -> None:
    assert cut(text, most) == cut_to
    assert width(cut_to) <= most
