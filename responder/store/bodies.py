"""Domain values as JSON in the database, both ways."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from responder.domain.incidents.event import Event
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.ladder.ladder import Ladder, LadderStep
from responder.domain.ladder.profile import LadderProfiles

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_RESPONSE_CIRCLE: TypeAdapter[ResponseCircle] = TypeAdapter(ResponseCircle)
_LADDER: TypeAdapter[Ladder] = TypeAdapter(Ladder)
_STEP: TypeAdapter[LadderStep] = TypeAdapter(LadderStep)
_STEPS: TypeAdapter[tuple[LadderStep, ...]] = TypeAdapter(tuple[LadderStep, ...])
_PROFILES: TypeAdapter[LadderProfiles] = TypeAdapter(LadderProfiles)
_TIMES: TypeAdapter[dict[str, datetime]] = TypeAdapter(dict[str, datetime])


def dump_event(event: Event) -> str:
    return _EVENT.dump_json(event).decode()


def load_event(body: str) -> Event:
    """Return the event that was stored, from its JSON text."""
    return _EVENT.validate_json(body)


def dump_response_circle(response_circle: ResponseCircle) -> dict[str, Any]:
    body: dict[str, Any] = _RESPONSE_CIRCLE.dump_python(response_circle, mode="json")
    return body


def load_response_circle(body: dict[str, Any]) -> ResponseCircle:
    return _RESPONSE_CIRCLE.validate_python(body)


def dump_ladder(ladder: Ladder) -> str:
    return _LADDER.dump_json(ladder).decode()


def load_ladder(body: dict[str, Any]) -> Ladder:
    return _LADDER.validate_python(body)


def dump_steps(steps: Sequence[LadderStep]) -> str:
    return _STEPS.dump_json(tuple(steps)).decode()


def dump_step(step: LadderStep) -> str:
    return _STEP.dump_json(step).decode()


def load_step(body: dict[str, Any]) -> LadderStep:
    return _STEP.validate_python(body)


def dump_ladder_profiles(profiles: LadderProfiles) -> dict[str, Any]:
    body: dict[str, Any] = _PROFILES.dump_python(profiles, mode="json")
    return body


def load_ladder_profiles(body: dict[str, Any]) -> LadderProfiles:
    return _PROFILES.validate_python(body)


def dump_times(times: dict[str, datetime]) -> dict[str, str]:
    body: dict[str, str] = _TIMES.dump_python(times, mode="json")
    return body


def load_times(body: dict[str, str]) -> dict[str, datetime]:
    """Return the times of a delivery that were stored, in the order in which they came."""
    return dict(sorted(_TIMES.validate_python(body).items(), key=lambda item: item[1]))
