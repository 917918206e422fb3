"""A database server that a test may stop and crash without hurting the others."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from responder.embedded import Cluster
from responder.store.migrate import upgrade


@contextmanager
def database_of_its_own() -> Iterator[tuple[Cluster, str, Path]]:
    """Run a server as an installation has it; give it, the URL of a migrated database, and a folder."""
    with tempfile.TemporaryDirectory(prefix="responder-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = Cluster(folder / "database")
        cluster.ensure()
        try:
            url = cluster.create_database("faults")
            upgrade(url)
            yield cluster, url, folder
        finally:
            cluster.stop()
