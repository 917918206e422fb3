#!/usr/bin/env bash
# opening-hours-py 2.1.4 knows six days off of China's year 2026, and none of the working weekends.
#
# `PH` with country CN holds on six single days. The State Council gives 19 weekdays off in 2026 and takes
# 6 days of weekends for work; the package holidays 0.109 has all of them. So an AED behind an office door,
# `Mo-Fr 08:00-18:00; PH off`, is said to be open on the second day of the Spring Festival, when the door is locked, and
# closed on a Sunday on which everyone works.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opening-hours-py==2.1.4 holidays==0.109
cd "$folder"
"$folder/venv/bin/python" -W error - << 'END'
from datetime import datetime, timedelta

import holidays
from opening_hours import OpeningHours

SATURDAY = 5
office = OpeningHours("Mo-Fr 08:00-18:00; PH off", country="CN")
china = holidays.country_holidays("CN", years=2026)
mornings = [datetime(2026, 1, 1, 10) + timedelta(days=n) for n in range(365)]


def words(days: list[datetime]) -> str:
    return " ".join(f"{day:%m-%d}" for day in days)


closed = [day for day in mornings if day.weekday() < SATURDAY and not office.is_open(day)]
off = [day for day in mornings if day.weekday() < SATURDAY and not china.is_working_day(day)]
open_weekends = [day for day in mornings if day.weekday() >= SATURDAY and office.is_open(day)]
worked = [day for day in mornings if day.weekday() >= SATURDAY and china.is_working_day(day)]
print(f"weekdays closed: {words(closed)}\nweekdays off: {words(off)}")
print(f"weekend days open: {words(open_weekends) or 'none'}\nweekend days worked: {words(worked)}")
assert words(closed) == "01-01 02-17 05-01 06-19 09-25 10-01"
assert (len(off), open_weekends, len(worked)) == (19, [], 6)
assert office.is_open(datetime(2026, 2, 18, 10)), "a day off, said to be open"
END
