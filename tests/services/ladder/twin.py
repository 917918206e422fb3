"""Another circle of the installation, which may help the demo circle."""

from typing import TYPE_CHECKING
from uuid import uuid4

from responder.domain.ids import CircleId, UnitId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import CircleHelp
from responder.domain.people.access import Role, Viewer
from responder.services.circles.snapshot import show_circle
from responder.services.ladder.neighbours import set_neighbour

if TYPE_CHECKING:
    from tests.services.ladder.conftest import Night


class Twin:
    """Another circle of the installation, with the same units and people of its own."""

    def __init__(self, night: "Night", circle_id: CircleId) -> None:
        self.night = night
        self.circle_id = circle_id

    @property
    def staff(self) -> Viewer:
        account_id = uuid4()
        return Viewer(
            account_id=account_id,  # type: ignore[arg-type]
            name="邻圈指挥席",
            circle_id=self.circle_id,
            role=Role.COORDINATOR,
        )

    async def unit_id(self, name: str) -> UnitId:
        snapshot = await show_circle(
            self.night.world.database, viewer=self.staff, clock=self.night.world.clock
        )
        return next(unit.id for unit in snapshot.units if name in unit.name)

    async def agrees(self, *units: str) -> None:
        world = self.night.world
        unit_ids = tuple([await self.unit_id(name) for name in units])
        await set_neighbour(
            world.database,
            viewer=self.staff,
            neighbour_id=world.circle.id,
            unit_ids=unit_ids,
            clock=world.clock,
        )

    async def is_named(self) -> None:
        world = self.night.world
        await set_neighbour(
            world.database,
            viewer=await world.viewer("community"),
            neighbour_id=self.circle_id,
            unit_ids=(),
            clock=world.clock,
        )


async def helps(night: "Night", detail: object) -> CircleHelp | None:
    ladder = (await night.now(detail)).ladder  # type: ignore[arg-type]
    assert ladder is not None
    return next((circle for step in ladder.steps for circle in step.circles), None)


async def theirs_now(night: "Night", twin: Twin) -> tuple[IncidentDetail, ...]:
    shown = await show_circle(night.world.database, viewer=twin.staff, clock=night.world.clock)
    return shown.incidents


async def they_accept(night: "Night", twin: Twin, call: IncidentDetail, number: int = 0) -> None:
    async with night.world.database.begin() as transaction:
        await transaction.circles.lock(twin.circle_id)
        accepted = call.deliveries[number].advance(DeliveryState.ACCEPTED, at=night.world.clock.now())
        await transaction.deliveries.put(twin.circle_id, [accepted])
