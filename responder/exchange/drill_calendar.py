"""
A drill as an entry of participants' calendars: iCalendar (RFC 5545), in the way of RFC 5546.

RFC 5546 has `PUBLISH` for an entry that is offered to anyone, without attendees who answer; `REQUEST` would
need them. Published again with the same UID and a higher SEQUENCE it moves the entry (section 3.2.1), and
CANCEL with the same UID and a higher SEQUENCE takes it away (section 3.2.5). Both need an ORGANIZER: that is
the circle, by its id, since a circle has no address of mail.
"""

from datetime import UTC, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from responder.domain.channels.message_words import WORDS, Language
from responder.domain.drills.plan import Drill, DrillCard, DrillState
from responder.domain.errors import DrillWithoutDateError
from responder.domain.map.circle import Circle
from responder.exchange.guarded_xml import NOT_XML

PRODUCT_ID: Final = "-//Responder//Drills//ZH"
REMINDED_BEFORE: Final = timedelta(days=1)
_GEO_DIGITS: Final = 6
"""As RFC 5545 advises, section 3.8.1.6."""
_A_YEAR: Final = timedelta(days=366)
"""For so long before and after the drill the zone is described."""


def write_calendar(drill: Drill, circle: Circle, *, time_zone: str, language: Language) -> bytes:
    """
    Return a calendar with the drill as its one entry, of which everyone in the circle may know.

    `time_zone` is an IANA name. The UID is the drill's id: an installation that moves keeps the entries.

    Raises
    ------
    DrillWithoutDateError
        It has no date yet.
    """
    card = DrillCard.of(drill)
    if card.starts_at is None:
        raise DrillWithoutDateError
    off = card.state is DrillState.CALLED_OFF
    # Aware of a zone by its name: icalendar writes a fixed offset as a time without any zone.
    starts = card.starts_at.astimezone(ZoneInfo(time_zone))
    ends = (card.starts_at + timedelta(seconds=card.duration_s)).astimezone(ZoneInfo(time_zone))
    prefix = WORDS[language]["exercise"]
    summary = prefix + _plain(card.name).removeprefix(prefix.strip()).strip()
    event = Event()
    event.add("uid", str(card.id))
    event.add("sequence", card.revision)
    event.add("dtstamp", drill.changed_at.astimezone(UTC))
    event.add("last-modified", drill.changed_at.astimezone(UTC))
    event.add("organizer", _organizer(circle, language))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", summary)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    event.add("geo", (round(card.place.lat, _GEO_DIGITS), round(card.place.lon, _GEO_DIGITS)))
    place = (card.place.label_en if language is Language.EN else "") or card.place.label
    for name, text in (("location", place), ("description", card.notice)):
        if text:
            event.add(name, _plain(text))
    if not off:
        event.add_component(_alarm(summary))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones((starts - _A_YEAR).date(), (ends + _A_YEAR).date())
    written: bytes = calendar.to_ical()
    return written


def _organizer(circle: Circle, language: Language) -> vCalAddress:
    organizer = vCalAddress(f"urn:uuid:{circle.id}")
    name = (circle.name_en if language is Language.EN else "") or circle.name
    # What stands in a parameter may not hold a quotation mark (RFC 5545, section 3.2).
    organizer.params["CN"] = vText(_plain(name).replace('"', "'").replace("\n", " "))
    return organizer


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -REMINDED_BEFORE)
    return alarm


def _plain(text: str) -> str:
    """Return a text without control characters, of which a calendar may hold no more than XML, nor DEL."""
    return NOT_XML.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x7f", " "))
