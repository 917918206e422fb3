"""Kinds of incident and warning colours of a circle, in terms of CAP 1.2."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo

from responder.domain.errors import InvalidValueError
from responder.domain.incidents.cap_codes import CapCategory, CapCertainty, CapSeverity, CapUrgency
from responder.domain.incidents.incident import Incident, IncidentStage, Severity

KIND_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""Of this form is the code of a kind, and that of a capability."""

TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

EmergencyNumber = Literal["119", "120", "110"]


class CountedBy(StrEnum):
    """How a wanted capability is counted."""

    PEOPLE = "people"
    UNITS = "units"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCapability:
    """What an incident needs, such as two first-aiders or one engine."""

    capability: str
    count: int
    counted: CountedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentKind:
    """A kind of incident, and all that follows from it."""

    code: str
    """Stored with incidents; it never changes."""
    name_zh: str
    name_en: str
    icon: str
    """Name of a pictogram of the page."""
    severity: Severity
    """The colour unless the person who raises it says another."""
    categories: tuple[CapCategory, ...]
    emergency_number: EmergencyNumber
    """Whom to dial first."""
    script_zh: tuple[str, ...]
    """What to tell the operator after the address and what happens, a line each."""
    script_en: tuple[str, ...]
    wanted: tuple[WantedCapability, ...] = ()
    is_offered: bool = True
    """Whether it can be raised. Kinds are not removed: incidents of the past keep their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The hours of a day in which nobody is woken; they may pass midnight."""

    start: str
    """Local time, as in 22:00."""
    end: str

    def include(self, local: str) -> bool:
        """
        Tell whether a local time lies within the hours, the end not counted.

        >>> QuietHours(start="22:00", end="07:00").include("03:30")
        True
        """
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityLevel:
    """What a warning colour means."""

    severity: Severity
    urgency: CapUrgency
    cap_severity: CapSeverity
    certainty: CapCertainty
    """Of an incident that no one on scene has confirmed."""
    quiet_hours: QuietHours | None = None
    """When messages of this colour wait until the end of the hours, save on the open page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCatalogue:
    """A circle's kinds of incident and warning colours."""

    kinds: tuple[IncidentKind, ...]
    """In the order of the page."""
    severities: tuple[SeverityLevel, ...]
    """One for each colour, most severe first."""
    time_zone: str = "Asia/Shanghai"
    """IANA name of the zone in which quiet hours are meant."""

    def kind(self, code: str) -> IncidentKind:
        """Return a kind by its code; one that is not known goes by its code."""
        return next((kind for kind in self.kinds if kind.code == code), None) or _unknown(code)

    def offered(self, code: str) -> IncidentKind:
        """
        Return a kind that can be raised.

        Raises
        ------
        InvalidValueError
            There is none of that code, or it is not offered.
        """
        found = next((kind for kind in self.kinds if kind.code == code and kind.is_offered), None)
        if found is None:
            message = f"the circle has no kind of incident {code}"
            raise InvalidValueError(message, field="kind")
        return found

    def level(self, severity: Severity) -> SeverityLevel:
        """Return what a colour means."""
        return next(level for level in self.severities if level.severity is severity)

    def is_quiet(self, severity: Severity, *, now: datetime) -> bool:
        """Tell whether messages of this colour wait at this moment."""
        hours = self.level(severity).quiet_hours
        return hours is not None and hours.include(f"{now.astimezone(ZoneInfo(self.time_zone)):%H:%M}")

    def quiet_until(self, severity: Severity, *, now: datetime) -> datetime:
        """Return until when messages of this colour wait: now when they do not."""
        hours = self.level(severity).quiet_hours
        if hours is None or not self.is_quiet(severity, now=now):
            return now
        local = now.astimezone(ZoneInfo(self.time_zone))
        hour, minute = map(int, hours.end.split(":"))
        end = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return (end if end > local else end + timedelta(days=1)).astimezone(now.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapValues:
    """What a CAP document says of an incident in coded values, and its event in words."""

    categories: tuple[CapCategory, ...]
    urgency: CapUrgency
    severity: CapSeverity
    certainty: CapCertainty
    event_zh: str
    event_en: str


def cap_values(
    catalogue: AlertCatalogue, incident: Incident, *, severity: Severity | None = None
) -> CapValues:
    """
    Return the values of CAP 1.2 for an incident, `severity` for another colour than it has by now.

    What has been confirmed is observed, and what is over is in the past; the schema wants an urgency in a
    cancellation, too.
    """
    kind, level = catalogue.kind(incident.kind), catalogue.level(severity or incident.severity)
    is_confirmed = incident.stage is not IncidentStage.RAISED
    return CapValues(
        categories=kind.categories,
        urgency=level.urgency if incident.is_open else CapUrgency.PAST,
        severity=level.cap_severity,
        certainty=CapCertainty.OBSERVED if is_confirmed else level.certainty,
        event_zh=kind.name_zh,
        event_en=kind.name_en,
    )


def _unknown(code: str) -> IncidentKind:
    return IncidentKind(
        code=code,
        name_zh=code,
        name_en=code,
        icon="other",
        severity=Severity.YELLOW,
        categories=(CapCategory.OTHER,),
        emergency_number="119",
        script_zh=(),
        script_en=(),
        is_offered=False,
    )
