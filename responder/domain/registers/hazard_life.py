"""The life of a hazard: what leads from one state to the next, who may do it, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from responder.domain.errors import HazardStepRefusedError
from responder.domain.ids import AccountId, CircleId, ClosureId, HazardId, HazardStepId, PartnerId, PhotoId
from responder.domain.map.hazard import NOT_MENDED, Hazard, HazardState
from responder.domain.people.access import Action, Role, Viewer


class HazardStepKind(StrEnum):
    """What was done about a hazard."""

    RECORD = "record"
    ASSIGN = "assign"
    START = "start"
    MEND = "mend"
    VERIFY = "verify"
    CLOSE = "close"
    REOPEN = "reopen"


class HazardSource(StrEnum):
    """By what a hazard came to be known."""

    STAFF = "staff"
    FILE = "file"
    DRILL = "drill"
    REPORT = "report"
    """A resident's report that staff accepted."""


_AFTER_MENDING: Final = frozenset({HazardState.MENDED, HazardState.VERIFIED, HazardState.CLOSED})
_LEADS: Final[Mapping[HazardStepKind, tuple[frozenset[HazardState], HazardState]]] = {
    HazardStepKind.ASSIGN: (NOT_MENDED, HazardState.ASSIGNED),
    HazardStepKind.START: (frozenset({HazardState.ASSIGNED}), HazardState.MENDING),
    # What is moved out of the way at once is not begun first.
    HazardStepKind.MEND: (frozenset({HazardState.ASSIGNED, HazardState.MENDING}), HazardState.MENDED),
    HazardStepKind.VERIFY: (frozenset({HazardState.MENDED}), HazardState.VERIFIED),
    HazardStepKind.CLOSE: (frozenset({HazardState.VERIFIED}), HazardState.CLOSED),
    HazardStepKind.REOPEN: (_AFTER_MENDING, HazardState.SEEN),
}
"""From which states each step is possible, and to which it leads."""
_BY_OWNER: Final = frozenset({HazardStepKind.START, HazardStepKind.MEND})


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardStep:
    """One step in the life of a hazard."""

    id: HazardStepId
    circle_id: CircleId
    hazard_id: HazardId
    number: int
    """From 1, in order."""
    kind: HazardStepKind
    state: HazardState
    """The one that it led to."""
    at: datetime
    by: AccountId | None
    """None once the person is erased."""
    by_name: str
    note: str = ""
    owner_id: PartnerId | None = None
    due_on: date | None = None
    photo_id: PhotoId | None = None
    source: HazardSource = HazardSource.STAFF
    closure_ids: tuple[ClosureId, ...] = ()
    """The closures that were lifted by it; reopening sets them again."""


def possible_steps(state: HazardState) -> tuple[HazardStepKind, ...]:
    """Return the steps that are possible from a state, in the order of a hazard's life."""
    return tuple(kind for kind, (before, _) in _LEADS.items() if state in before)


def may_take(viewer: Viewer, hazard: Hazard, kind: HazardStepKind) -> bool:
    """
    Tell whether the viewer may take a step.

    Coordinators may take all of them; dispatchers mend what their partner is to mend.
    """
    if viewer.may(Action.MANAGE_HAZARDS):
        return True
    is_owner = viewer.partner_id is not None and viewer.partner_id == hazard.owner_id
    return (
        kind in _BY_OWNER and viewer.may(Action.MEND_HAZARD) and viewer.role is Role.DISPATCHER and is_owner
    )


def after_step(
    hazard: Hazard, kind: HazardStepKind, *, owner_id: PartnerId | None = None, due_on: date | None = None
) -> Hazard:
    """
    Return the hazard after a step; `owner_id` and `due_on` are of `ASSIGN`, `due_on` also of `REOPEN`.

    A hazard that is reopened goes back to the partner that was to mend it, if there is one.

    Raises
    ------
    HazardStepRefusedError
        The step is not possible from the hazard's state.
    """
    before, leads_to = _LEADS.get(kind, (frozenset(), hazard.state))
    if hazard.state not in before:
        raise HazardStepRefusedError(state=hazard.state.value, step=kind.value)
    after = replace(hazard, state=leads_to, step_count=hazard.step_count + 1)
    if kind is HazardStepKind.ASSIGN:
        return replace(after, owner_id=owner_id, due_on=due_on)
    if kind is HazardStepKind.REOPEN:
        state = HazardState.SEEN if hazard.owner_id is None else HazardState.ASSIGNED
        return replace(after, state=state, due_on=due_on, reopened_count=hazard.reopened_count + 1)
    return after


def closed_by_finding(hazard: Hazard) -> Hazard:
    """Return the hazard as closed by the finding of a drill, which says what was done, from any state."""
    return replace(hazard, state=HazardState.CLOSED, step_count=hazard.step_count + 1)
