"""What staff and those who are called do with an incident, as the tests of this folder say it."""

from uuid import uuid4

from responder.domain.ids import AlertId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import IncidentStage, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.services.directing.direct_incident import send_update, set_severity, set_stage
from responder.services.directing.end_incident import undo_alert
from responder.services.directing.merge_incidents import merge_incidents
from responder.services.incidents.acknowledge import acknowledge
from responder.services.incidents.queries import show_incident
from tests.services.conftest import World
from tests.services.log import addressed_events


async def staged(
    world: World, detail: IncidentDetail, stage: IncidentStage, *, by: str = "community"
) -> IncidentDetail:
    viewer = await world.viewer(by)
    return await set_stage(
        world.database, viewer=viewer, incident_id=detail.incident.id, stage=stage, clock=world.clock
    )


async def coloured(
    world: World, detail: IncidentDetail, severity: Severity, *, by: str = "community"
) -> IncidentDetail:
    viewer = await world.viewer(by)
    return await set_severity(
        world.database, viewer=viewer, incident_id=detail.incident.id, severity=severity, clock=world.clock
    )


async def told(world: World, detail: IncidentDetail, text: str, *, by: str = "community") -> IncidentDetail:
    viewer = await world.viewer(by)
    return await send_update(
        world.database, viewer=viewer, incident_id=detail.incident.id, text=text, clock=world.clock
    )


async def undone(world: World, detail: IncidentDetail, *, by: str = "community") -> IncidentDetail:
    viewer = await world.viewer(by)
    return await undo_alert(world.database, viewer=viewer, incident_id=detail.incident.id, clock=world.clock)


async def merged(
    world: World, detail: IncidentDetail, into: IncidentDetail, *, by: str = "community"
) -> IncidentDetail:
    viewer = await world.viewer(by)
    return await merge_incidents(
        world.database,
        viewer=viewer,
        incident_id=detail.incident.id,
        into=into.incident.id,
        clock=world.clock,
    )


async def answered(world: World, alert_id: AlertId, state: DeliveryState, *, by: str) -> Delivery:
    return await acknowledge(
        world.database,
        viewer=await world.viewer(by),
        alert_id=alert_id,
        state=state,
        action_id=uuid4(),
        device_at=world.clock.now(),
        device="phone",
        clock=world.clock,
    )


async def last_event(world: World) -> object:
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    return events[-1].recorded.event


async def shown(world: World, detail: IncidentDetail) -> IncidentDetail:
    viewer = await world.viewer("community")
    return await show_incident(world.database, viewer=viewer, incident_id=detail.incident.id)


def recipients(detail: IncidentDetail, number: int) -> set[object]:
    """Return who was sent the incident's alert of this number."""
    alert_id = detail.alerts[number].id
    return {each.recipient_id for each in detail.deliveries if each.alert_id == alert_id}
