"""What is numbered on the map and told in the lists under the same number."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.domain.registers.sheet_frame import SheetFrame
from responder.exchange.alley_sheet.signs import SIGNS, sign_of
from responder.services.registers.load_alley_sheet import AlleySheet

OFF_THE_MAP: Final = {"hydrant": 2, "aed": 2, "assembly_point": 2, "gate": 2}
"""How many of a kind are told that lie outside the map, the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A facility or a gate with its number."""

    code: str
    """Such as H2."""
    kind: str
    thing: Facility | Gate
    cell: str | None
    """Square of the grid; None outside the map."""
    away_m: float
    """From the middle of the map."""
    bearing: int
    """Of eight, clockwise from north."""

    @property
    def is_out(self) -> bool:
        return isinstance(self.thing, Facility) and not self.thing.in_service


def references(sheet: AlleySheet) -> list[Reference]:
    """Give gates and facilities their numbers: by kind, then along the grid; those outside the map last."""
    frame, found = sheet.frame, []
    things: list[tuple[str, Facility | Gate]] = [("gate", each) for each in sheet.gates]
    things += [(each.kind.value, each) for each in sheet.facilities]
    kinds = [*SIGNS, *sorted({kind for kind, _ in things} - set(SIGNS))]
    numbers: Counter[str] = Counter()
    for kind in kinds:
        own = [_placed(frame, thing) for one, thing in things if one == kind]
        inside = sorted((each for each in own if each[1]), key=lambda each: (each[1] or "")[::-1])
        outside = sorted((each for each in own if not each[1]), key=lambda each: each[2])
        for thing, cell, away_m, bearing in [*inside, *outside[: OFF_THE_MAP.get(kind, 0)]]:
            letter = sign_of(kind).letter
            numbers[letter] += 1
            found.append(
                Reference(
                    code=f"{letter}{numbers[letter]}",
                    kind=kind,
                    thing=thing,
                    cell=cell,
                    away_m=away_m,
                    bearing=bearing,
                )
            )
    return found


def _placed(frame: SheetFrame, thing: Facility | Gate) -> tuple[Facility | Gate, str | None, float, int]:
    x, y = frame.to_mm(thing.lon, thing.lat)
    east, north = x - frame.area.width_mm / 2, frame.area.height_mm / 2 - y
    away_m = math.hypot(east, north) * frame.scale / 1000
    bearing = round(math.degrees(math.atan2(east, north)) / 45) % 8
    return thing, frame.cell(thing.lon, thing.lat), away_m, bearing
