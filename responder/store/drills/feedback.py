"""What participants say of drills, and the links by which they do."""

from sqlalchemy import (
    ARRAY,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.drills.feedback import Feedback, FeedbackLink
from responder.domain.ids import CircleId, DrillId, FeedbackId
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

LINK = Table(
    "drill_feedback_link",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, primary_key=True),
    Column("token", Text, nullable=False),
    time("opened_at"),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill.circle_id", "drill.id"]),
    Index("ix_drill_feedback_link_token", "token", unique=True),
)
FEEDBACK = Table(
    "drill_feedback",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("ratings", ARRAY(SmallInteger), nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill.circle_id", "drill.id"]),
)


class PostgresFeedbacks:
    """What participants say of drills."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_link(self, link: FeedbackLink) -> None:
        row = {
            "circle_id": link.circle_id,
            "drill_id": link.drill_id,
            "token": link.token,
            "opened_at": link.opened_at,
        }
        await upsert(self._connection, LINK, [row])

    async def delete_link(self, circle_id: CircleId, drill_id: DrillId) -> bool:
        done = await self._connection.execute(
            delete(LINK).where(LINK.c.circle_id == circle_id, LINK.c.drill_id == drill_id)
        )
        return done.rowcount > 0

    async def link(self, circle_id: CircleId, drill_id: DrillId) -> FeedbackLink | None:
        found = await self._connection.execute(
            select(LINK).where(LINK.c.circle_id == circle_id, LINK.c.drill_id == drill_id)
        )
        return _link(found.one_or_none())

    async def by_token(self, token: str, *, lock: bool = False) -> FeedbackLink | None:
        query = select(LINK).where(LINK.c.token == token)
        found = await self._connection.execute(query.with_for_update() if lock else query)
        return _link(found.one_or_none())

    async def add(self, feedback: Feedback, *, most: int) -> bool:
        of_drill = (FEEDBACK.c.circle_id == feedback.circle_id, FEEDBACK.c.drill_id == feedback.drill_id)
        others = FEEDBACK.c.id != feedback.id
        count = select(func.count()).select_from(FEEDBACK).where(*of_drill, others)
        if (await self._connection.execute(count)).scalar_one() >= most:
            return False
        row = {
            "circle_id": feedback.circle_id,
            "drill_id": feedback.drill_id,
            "id": feedback.id,
            "ratings": list(feedback.ratings),
            "text": feedback.text,
        }
        await self._connection.execute(insert(FEEDBACK).values(row).on_conflict_do_nothing())
        return True

    async def clear_text(self, circle_id: CircleId, drill_id: DrillId, feedback_id: FeedbackId) -> bool:
        done = await self._connection.execute(
            update(FEEDBACK)
            .where(
                FEEDBACK.c.circle_id == circle_id,
                FEEDBACK.c.drill_id == drill_id,
                FEEDBACK.c.id == feedback_id,
                FEEDBACK.c.text != "",
            )
            .values(text="")
        )
        return done.rowcount > 0

    async def of_drill(self, circle_id: CircleId, drill_id: DrillId) -> tuple[Feedback, ...]:
        found = await self._connection.execute(
            select(FEEDBACK)
            .where(FEEDBACK.c.circle_id == circle_id, FEEDBACK.c.drill_id == drill_id)
            .order_by(FEEDBACK.c.id)
        )
        return tuple(
            Feedback(
                id=FeedbackId(row.id),
                circle_id=CircleId(row.circle_id),
                drill_id=DrillId(row.drill_id),
                ratings=tuple(row.ratings),
                text=row.text,
            )
            for row in found
        )


def _link(row: AnyRow | None) -> FeedbackLink | None:
    if row is None:
        return None
    return FeedbackLink(
        circle_id=CircleId(row.circle_id),
        drill_id=DrillId(row.drill_id),
        token=row.token,
        opened_at=row.opened_at,
    )
