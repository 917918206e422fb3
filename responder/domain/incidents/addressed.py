"""
Who reads what an inject of a drill says: those whom it is for, and those who may see plans.

The one place that decides it, for everything that leaves the server: snapshots, events, answers of the API,
CAP, and what neighbours are told.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from responder.domain.drills.run import DrillRun
from responder.domain.ids import PartnerId
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    AlertUpdated,
    DrillRunChanged,
    Event,
    IncidentEnded,
    IncidentMoved,
)
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.people.access import Action, Viewer


@dataclass(frozen=True, slots=True)
class Reader:
    """A viewer as far as it decides what they read: equal readers read the same."""

    partner_id: PartnerId | None
    sees_plans: bool

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        """Return as whom a viewer reads; all who may see plans are one reader."""
        sees_plans = viewer.may(Action.SEE_DRILL_PLAN)
        return cls(None if sees_plans or viewer.as_administrator else viewer.partner_id, sees_plans)

    def may_read(self, partner_ids: tuple[PartnerId, ...]) -> bool:
        """Tell whether they read what is for these partners; without any it is for all."""
        return not partner_ids or self.sees_plans or self.partner_id in partner_ids


READS_ALL: Final = Reader(None, sees_plans=True)
READS_LEAST: Final = Reader(None, sees_plans=False)


def alert_for(reader: Reader, alert: Alert) -> Alert:
    """Return the alert, without its text and picture for those whom they are not for."""
    return alert if reader.may_read(alert.partner_ids) else replace(alert, text="", photo_id=None)


def detail_for(reader: Reader, detail: IncidentDetail) -> IncidentDetail:
    """Return the incident with its alerts as the reader reads them; the same object if that is all."""
    if all(reader.may_read(alert.partner_ids) for alert in detail.alerts):
        return detail
    return replace(detail, alerts=tuple(alert_for(reader, alert) for alert in detail.alerts))


def run_for(reader: Reader, run: DrillRun) -> DrillRun:
    """Return the run with the marks that the reader knows of; the same object if those are all."""
    marks = tuple(mark for mark in run.marks if reader.may_read(mark.partner_ids))
    return run if len(marks) == len(run.marks) else replace(run, marks=marks)


def runs_for(reader: Reader, snapshot: CircleSnapshot) -> CircleSnapshot:
    """Return the snapshot with its drills as the reader is told of them; the same object if that is all."""
    drills = tuple(run_for(reader, run) for run in snapshot.drills)
    return snapshot if drills == snapshot.drills else replace(snapshot, drills=drills)


def event_for(reader: Reader, event: Event) -> Event:
    """Return the event as the reader is told it; the same object if that is all of it."""
    match event:
        case AlertRaised(detail=detail) | AlertExtended(detail=detail) | IncidentMoved(detail=detail):
            seen = detail_for(reader, detail)
            return event if seen is detail else replace(event, detail=seen)
        case AlertUpdated(alert=alert) | IncidentEnded(alert=alert):
            told = alert_for(reader, alert)
            return event if told is alert else replace(event, alert=told)
        case DrillRunChanged(run=run):
            shown = run_for(reader, run)
            return event if shown is run else replace(event, run=shown)
        case _:
            return event
