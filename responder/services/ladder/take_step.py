"""What a step of the ladder does, within the transaction that says that it was taken."""

from dataclasses import replace
from datetime import datetime

from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import LadderStep
from responder.domain.ladder.profile import StepKind
from responder.ports import Transaction
from responder.ports.next_channel import NextChannel
from responder.services.incidents.call_people import Extension
from responder.services.incidents.extend_alert import extension_for
from responder.services.incidents.waves import answers_of, current_calls, silent, wave_people
from responder.services.ladder.ask_neighbours import ask_neighbours
from responder.services.ladder.record import NO_ONE, StepBatch


async def take_step(
    transaction: Transaction,
    batch: StepBatch,
    detail: IncidentDetail,
    step: LadderStep,
    *,
    next_channel: NextChannel,
    now: datetime,
) -> IncidentDetail:
    """
    Do what the step says, keep that it was taken, and record both as one event; return the incident then.

    What calls no one is written with the batch.

    With the circle's lock held, and `detail` and `step` read since: so no step is ever taken twice. What is
    sent outside is queued in the same transaction. A step that asks neighbouring circles needs a transaction
    of the system.
    """
    extension = NO_ONE
    count = 0
    if step.rung.kind is StepKind.CALL:
        extension = await _newly_called(transaction, detail, step, now=now)
        count = extension.calls
    elif step.rung.kind is StepKind.REMIND:
        unanswered = silent(current_calls(detail))
        await next_channel(transaction, detail, unanswered, now=now)
        count = len(unanswered)
    elif step.rung.kind is StepKind.NEIGHBOURS:
        step = replace(step, circles=await ask_neighbours(transaction, detail, step, now=now))
    return await batch.put(detail, step.taken(at=now, called=count), extension)


async def _newly_called(
    transaction: Transaction, detail: IncidentDetail, step: LadderStep, *, now: datetime
) -> Extension:
    """Return the calls of people who are not called yet; those who are keep theirs as they are."""
    circle_id, found = detail.incident.circle_id, detail.response_circle
    wants = step.rung.wanted_only
    missing = (await answers_of(transaction, detail)).missing if wants else frozenset[str]()
    people = await wave_people(transaction, circle_id, step.rung, found=found, missing=missing)
    if not people:
        return NO_ONE
    extension = await extension_for(transaction, detail, people, found=found, now=now)
    return replace(extension, changed=())
