"""Builds both images, which takes minutes and root: only `script/test --images` collects these tests."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.images.rig.building import missing
from tests.images.rig.installation import Installation, installed

PORT = 8190
collect_ignore_glob = [] if os.environ.get("RESPONDER_TEST_IMAGES") else ["test_*"]


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    if lacking := missing():
        pytest.fail(f"the images cannot be built here; missing: {lacking}")
    with (
        tempfile.TemporaryDirectory(prefix="responder-images-") as folder,
        installed(Path(folder), port=PORT) as made,
    ):
        yield made
