#!/usr/bin/env bash
# icalendar 7.3.2 writes time zones in which summer time begins an hour late.
#
# add_missing_timezones() describes Europe/Berlin with DTSTART:20260329T030000 and TZOFFSETFROM:+0100. RFC 5545 (3.6.5)
# has the onset in the local time of the offset before it: 02:00. A reader that takes the zone from the file, such as
# dateutil, shows 01:30 UTC of that day as 02:30, a time that there is not in Berlin, and not as 03:30. The return to
# winter time is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    icalendar==7.3.2 python-dateutil==2.9.0.post0 tzdata==2026.6
cd "$folder"
"$folder/venv/bin/python" - << 'END'
from datetime import UTC, date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from icalendar import Calendar, Event

BERLIN = ZoneInfo("Europe/Berlin")
event = Event()
event.add("uid", "drill-1")
event.add("dtstamp", datetime(2026, 1, 1, tzinfo=UTC))
event.add("dtstart", datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN))
calendar = Calendar()
calendar.add("prodid", "-//example//drill//EN")
calendar.add("version", "2.0")
calendar.add_component(event)
calendar.add_missing_timezones(date(2026, 1, 1), date(2027, 1, 1))
written = calendar.to_ical().decode()
[zone] = calendar.walk("VTIMEZONE")
[summer] = zone.walk("DAYLIGHT")
print(summer.to_ical().decode().replace("\r\n", " "))

by_file = tzical(StringIO(written)).get("Europe/Berlin")


def shown(*moment):
    """What clocks in Berlin show at a moment in UTC: by the database of zones, and by the zone in the file."""
    at = datetime(*moment, tzinfo=UTC)
    return tuple(at.astimezone(zone).strftime("%H:%M %z") for zone in (BERLIN, by_file))


SEEN = {
    (2026, 3, 29, 0, 30): ("01:30 +0100", "01:30 +0100"),
    (2026, 3, 29, 1, 30): ("03:30 +0200", "02:30 +0100"),
    (2026, 3, 29, 2, 30): ("04:30 +0200", "04:30 +0200"),
    (2026, 10, 25, 1, 30): ("02:30 +0100", "02:30 +0100"),
}
assert summer["DTSTART"].dt == datetime(2026, 3, 29, 3), summer
assert summer["TZOFFSETFROM"].to_ical() == "+0100"
for moment, expected in SEEN.items():
    print(moment, *shown(*moment))
    assert shown(*moment) == expected, moment
END
