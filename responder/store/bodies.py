"""Domain values as JSON in the database, both ways."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter
from pydantic_core import from_json

from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.event import Event
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.ladder.ladder import Ladder, LadderStep
from responder.domain.ladder.profile import LadderProfiles
from responder.services.incidents.queries import without_deliveries
from responder.store.delivery_columns import dump_columns, load_columns

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_RESPONSE_CIRCLE: TypeAdapter[ResponseCircle] = TypeAdapter(ResponseCircle)
_LADDER: TypeAdapter[Ladder] = TypeAdapter(Ladder)
_STEP: TypeAdapter[LadderStep] = TypeAdapter(LadderStep)
_STEPS: TypeAdapter[tuple[LadderStep, ...]] = TypeAdapter(tuple[LadderStep, ...])
_PROFILES: TypeAdapter[LadderProfiles] = TypeAdapter(LadderProfiles)
_CATALOGUE: TypeAdapter[AlertCatalogue] = TypeAdapter(AlertCatalogue)
_TIMES: TypeAdapter[dict[str, datetime]] = TypeAdapter(dict[str, datetime])


_NO_DELIVERIES: Final = b'"deliveries":[]'


def dump_event(event: Event) -> str:
    """Return the event as JSON text, its deliveries by column."""
    bare, deliveries = without_deliveries(event)
    body = _EVENT.dump_json(bare)
    if deliveries:
        # In a string the quotes would have a backslash before them.
        at = body.rindex(_NO_DELIVERIES)
        columns = dump_columns(deliveries)
        body = b'%b"deliveries":%b%b' % (body[:at], columns, body[at + len(_NO_DELIVERIES) :])
    return body.decode()


def load_event(body: str) -> Event:
    """Return the event that was stored, from its JSON text; earlier versions wrote each delivery out."""
    parsed: dict[str, Any] = from_json(body)
    holder = parsed.get("detail", parsed)
    if isinstance(holder.get("deliveries"), dict):
        holder["deliveries"] = load_columns(holder["deliveries"])
    return _EVENT.validate_python(parsed)


def dump_response_circle(response_circle: ResponseCircle) -> dict[str, Any]:
    body: dict[str, Any] = _RESPONSE_CIRCLE.dump_python(response_circle, mode="json")
    return body


def dump_response_circle_json(response_circle: ResponseCircle) -> str:
    return _RESPONSE_CIRCLE.dump_json(response_circle).decode()


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


def load_ladder_profiles_json(body: str) -> LadderProfiles:
    return _PROFILES.validate_json(body)


def load_catalogue(body: str) -> AlertCatalogue:
    return _CATALOGUE.validate_json(body)


def dump_times(times: dict[str, datetime]) -> dict[str, str]:
    body: dict[str, str] = _TIMES.dump_python(times, mode="json")
    return body


def load_times(body: dict[str, str]) -> dict[str, datetime]:
    """Return the times of a delivery that were stored, in the order in which they came."""
    times = [(name, datetime.fromisoformat(at)) for name, at in body.items()]
    return dict(sorted(times, key=itemgetter(1)) if times[1:] else times)
