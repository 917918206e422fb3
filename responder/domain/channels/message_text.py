"""
What a sleeping phone shows of an alert: what, where and how many minutes first.

`static/js/state/message-text.js` says the same in the page's own notifications.
"""

import math
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from responder.domain.channels.message import ActionText, MessageAction, MessageText
from responder.domain.channels.message_words import WORDS, Language
from responder.domain.incidents.alert import Alert, AlertCause
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.snapshot import IncidentDetail

HEAD_WIDTH: Final = 46
"""Of the head, in half-width characters: a Chinese one counts two."""
PLACE_WIDTH: Final = 16
"""So much of the place is shown at least, however long the rest is."""
SCREEN_WIDTH: Final = 64
"""Of a lock screen: an iPhone shows about 32 Chinese characters. Head and first line fit."""
_MOST_TEXT: Final = 300
"""Of what a person wrote, in characters; the rest is on the page."""
_FIRST_OF_END: Final = {
    AlertCause.RESOLVED: "resolved",
    AlertCause.FALSE_ALARM: "false_alarm",
    AlertCause.MISTAKE: "mistake",
    AlertCause.MERGED: "merged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Say:
    language: Language

    def __call__(self, key: str, **values: object) -> str:
        return WORDS[self.language][key].format(**values)


def message_text(
    catalogue: AlertCatalogue,
    detail: IncidentDetail,
    alert: Alert,
    call: Delivery | None,
    *,
    language: Language,
    link: str | None = None,
) -> MessageText:
    """
    Return an alert in words for one person.

    `call` is the person's delivery of the incident's first alert: with which unit they would go, and whether
    they were released; None for one who was not called. The place is that of now, also of an earlier alert.
    """
    incident, say = detail.incident, _Say(language=language)
    minutes = _minutes(detail, call)
    is_released = call is not None and call.state is DeliveryState.RELEASED
    place = _place(incident, language)
    head, is_cut = _head(catalogue, incident, alert, place, say)
    lines = [
        *_first(alert, minutes=minutes, is_released=is_released, say=say),
        *([alert.text[:_MOST_TEXT]] if alert.text else []),
        *([place] if is_cut else []),
        *_about(catalogue, incident, alert, say),
    ]
    if incident.exercise:
        lines.append(say("not_a_real_one"))
    return MessageText(
        head=head, lines=tuple(lines), link=link, actions=_actions(incident, alert, call, say=say)
    )


def width(text: str) -> int:
    """
    Return how wide a text is in half-width characters.

    >>> width("火情 7")
    6
    """
    return sum(2 if ord(letter) >= _WIDE else 1 for letter in text)


_WIDE: Final = 0x1100
"""From here on letters are counted as wide; East Asian punctuation is, too."""


def cut(text: str, most: int) -> str:
    """
    Return a text of at most this width, with an ellipsis where it was cut.

    >>> cut("脑科巷与北支路路口附近", 12)
    '脑科巷与北…'
    """
    if width(text) <= most:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter) > most - 2:
            break
        kept += letter
    return kept.rstrip() + "…"


def _head(
    catalogue: AlertCatalogue, incident: Incident, alert: Alert, place: str, say: _Say
) -> tuple[str, bool]:
    """Return mark, kind and place, and whether the place was cut."""
    kind = catalogue.kind(incident.kind)
    key = f"head_{alert.cause.value}"
    values = {
        "kind": kind.name_zh if say.language is Language.ZH else kind.name_en,
        "severity": say(incident.severity.value),
    }
    mark = say("exercise") if incident.exercise else ""
    bare = mark + say(key, place="", **values)
    shown = cut(place, max(PLACE_WIDTH, HEAD_WIDTH - width(bare)))
    return mark + say(key, place=shown, **values), shown != place


def _first(alert: Alert, *, minutes: int | None, is_released: bool, say: _Say) -> list[str]:
    """Return what the person has to know before all else."""
    if alert.cause in _FIRST_OF_END:
        return [say(_FIRST_OF_END[alert.cause])]
    if is_released:
        return [say("released")]
    return [] if minutes is None else [say("minutes", n=minutes)]


def _about(catalogue: AlertCatalogue, incident: Incident, alert: Alert, say: _Say) -> list[str]:
    if not incident.is_open:
        return []
    at = incident.raised_at.astimezone(ZoneInfo(catalogue.time_zone))
    when = say("raised_at", time=f"{at:%H:%M}")
    how_bad = say("severity", severity=say(incident.severity.value))
    note = incident.note.strip()
    return [
        *([note[:_MOST_TEXT]] if note and alert.cause is AlertCause.RAISED else []),
        f"{how_bad} · {when}",
    ]


def _actions(incident: Incident, alert: Alert, call: Delivery | None, *, say: _Say) -> tuple[ActionText, ...]:
    wanted = [MessageAction.OPEN]
    if incident.is_open and alert.cause is AlertCause.RAISED and call is not None:
        wanted = [MessageAction.ACCEPT, MessageAction.DECLINE, MessageAction.OPEN]
    return tuple(ActionText(action=action, words=say(action.value)) for action in wanted)


def _minutes(detail: IncidentDetail, call: Delivery | None) -> int | None:
    """Return how long the person takes with the unit that they go with, in minutes, rounded up."""
    if call is None:
        return None
    response_s = next(
        (each.response_s for each in detail.response_circle.members if each.unit_id == call.unit_id), None
    )
    return None if response_s is None else max(1, math.ceil(response_s / 60))


def _place(incident: Incident, language: Language) -> str:
    place = incident.place
    return (place.label_en if language is Language.EN else "") or place.label
