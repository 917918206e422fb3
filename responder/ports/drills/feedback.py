"""Repository of what participants say of drills."""

from typing import Protocol

from responder.domain.drills.feedback import Feedback, FeedbackLink
from responder.domain.ids import CircleId, DrillId, FeedbackId


class Feedbacks(Protocol):
    """What participants say of drills, and the links by which they do."""

    async def put_link(self, link: FeedbackLink) -> None:
        """Keep the link in the place of the one that the drill may have had."""
        ...

    async def delete_link(self, circle_id: CircleId, drill_id: DrillId) -> bool:
        """Forget the link of a drill; tell whether there was one."""
        ...

    async def link(self, circle_id: CircleId, drill_id: DrillId) -> FeedbackLink | None:
        """Return the link of a drill; None when none is open."""
        ...

    async def by_token(self, token: str, *, lock: bool = False) -> FeedbackLink | None:
        """Return the link with this token, of any circle; with `lock` one transaction at a time has it."""
        ...

    async def add(self, feedback: Feedback, *, most: int) -> bool:
        """
        Keep what a participant said, once; False if the drill has `most` other answers already.

        The link is locked, so that they are counted one after the other.
        """
        ...

    async def clear_text(self, circle_id: CircleId, drill_id: DrillId, feedback_id: FeedbackId) -> bool:
        """Forget what a participant wrote; tell whether they wrote anything."""
        ...

    async def of_drill(self, circle_id: CircleId, drill_id: DrillId) -> tuple[Feedback, ...]:
        """Return all that was said of a drill, by id."""
        ...
