"""Places on the map that are taken: labels and signs do not overlap each other."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_SQUARE_MM: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle around its middle, in millimetres, turned clockwise by an angle."""

    x: float
    y: float
    width: float
    height: float
    degrees: float = 0.0

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        sine, cosine = math.sin(math.radians(self.degrees)), math.cos(math.radians(self.degrees))
        halves = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        return tuple(
            (
                self.x + (a * self.width * cosine - b * self.height * sine) / 2,
                self.y + (a * self.width * sine + b * self.height * cosine) / 2,
            )
            for a, b in halves
        )

    def overlaps(self, other: "Box") -> bool:
        """Tell whether the two have an area in common."""
        if not self.degrees and not other.degrees:
            across, down = (self.width + other.width) / 2, (self.height + other.height) / 2
            return abs(self.x - other.x) < across - 1e-9 and abs(self.y - other.y) < down - 1e-9
        reach = (math.hypot(self.width, self.height) + math.hypot(other.width, other.height)) / 2
        if math.hypot(self.x - other.x, self.y - other.y) >= reach:
            return False
        mine, theirs = self.corners, other.corners
        for degrees in {self.degrees, self.degrees + 90, other.degrees, other.degrees + 90}:
            x, y = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
            along = [a * x + b * y for a, b in mine]
            others = [a * x + b * y for a, b in theirs]
            # Two that touch along an edge do not overlap.
            if max(along) <= min(others) + 1e-9 or max(others) <= min(along) + 1e-9:
                return False
        return True


class Places:
    """What is taken of a map, kept by squares so that only neighbours are compared."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.taken: list[Box] = []
        self._by_square: dict[tuple[int, int], list[Box]] = {}

    def take(self, box: Box) -> None:
        """Take a place whatever lies there."""
        self.taken.append(box)
        for square in _squares(box):
            self._by_square.setdefault(square, []).append(box)

    def first_free(self, candidates: Iterable[Box]) -> Box | None:
        """Take the first of some places that lies on the map and is free; None if there is none."""
        for box in candidates:
            if self._is_on_map(box) and self._is_free(box):
                self.take(box)
                return box
        return None

    def _is_free(self, box: Box) -> bool:
        return not any(
            box.overlaps(other) for square in _squares(box) for other in self._by_square.get(square, ())
        )

    def _is_on_map(self, box: Box) -> bool:
        return all(0 <= x <= self.width and 0 <= y <= self.height for x, y in box.corners)


def _squares(box: Box) -> Iterator[tuple[int, int]]:
    half = math.hypot(box.width, box.height) / 2 if box.degrees else 0.0
    across, down = half or box.width / 2, half or box.height / 2
    for column in range(int((box.x - across) // _SQUARE_MM), int((box.x + across) // _SQUARE_MM) + 1):
        for row in range(int((box.y - down) // _SQUARE_MM), int((box.y + down) // _SQUARE_MM) + 1):
            yield column, row
