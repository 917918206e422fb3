"""A database and a circle in it, for the store alone."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from responder.domain.ids import CircleId
from responder.domain.map.circle import Circle
from responder.store.database import PostgresDatabase, connect


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[PostgresDatabase]:
    database = connect(database_url)
    yield database
    await database.dispose()


@pytest.fixture
async def circle(database: PostgresDatabase) -> Circle:
    circle = Circle(id=CircleId(uuid4()), name=str(uuid4()), name_en="Town", centre=(112.985, 28.158))
    async with database.begin() as transaction:
        await transaction.circles.add(circle, epoch="first")
    return circle
