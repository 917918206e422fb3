"""What the sheets of evaluators show: the plan before a run, and what each of them judged after it."""

from dataclasses import dataclass

from responder.domain.audit import AuditAction
from responder.domain.drills.observation import Observation
from responder.domain.drills.plan import Drill
from responder.domain.drills.run import DrillRun
from responder.domain.ids import DrillId
from responder.domain.map.circle import Circle
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.drills.running.keep_run import note
from responder.services.incidents.catalogue import catalogue_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSheets:
    """What the sheets of evaluators show."""

    circle: Circle
    drill: Drill
    run: DrillRun | None
    """None before the start."""
    evaluators: tuple[tuple[Observation, ...], ...]
    """What each person observed who judged an objective, the first seen first; no one before the start."""
    partners: tuple[Partner, ...]
    time_zone: str
    """IANA name."""


async def load_sheets(
    database: Database, *, viewer: Viewer, drill_id: DrillId, names: bool, form: str, clock: Clock
) -> EvaluationSheets:
    """
    Read what the sheets of a drill's evaluators show. That they were taken is recorded.

    `form` is html or pdf; `names` says whether evaluators are named.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills, or may take no names away.
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    if names:
        viewer.must(Action.EXPORT)
    circle_id = viewer.circle_id
    async with database.snapshot() as transaction:
        drill = await transaction.drills.get(circle_id, drill_id)
        run = await transaction.drill_runs.find(circle_id, drill_id)
        seen = () if run is None else await transaction.observations.of_drill(circle_id, drill_id)
        sheets = EvaluationSheets(
            circle=await transaction.circles.get(circle_id),
            drill=drill,
            run=run,
            evaluators=_by_evaluator(seen),
            partners=await transaction.partners.of_circle(circle_id),
            time_zone=(await catalogue_of(transaction, circle_id)).time_zone,
        )
    async with database.begin() as transaction:
        detail: dict[str, str | bool] = {"form": f"sheet.{form}", "names": names}
        at = moment(clock)
        await note(transaction, viewer, AuditAction.DRILL_REPORT_EXPORTED, drill_id, detail, at=at)
    return sheets


def _by_evaluator(seen: tuple[Observation, ...]) -> tuple[tuple[Observation, ...], ...]:
    by: dict[object, list[Observation]] = {}
    for each in seen:
        by.setdefault(each.by or each.by_name, []).append(each)
    return tuple(tuple(own) for own in by.values() if any(each.objective for each in own))
