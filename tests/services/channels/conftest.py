import pytest

from tests.services.channels.world import Post
from tests.services.conftest import World


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)
