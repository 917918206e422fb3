"""The private PostGIS that the one-command start runs on: its own folder, its own socket, no port."""

from responder.embedded.cluster import Cluster
from responder.embedded.errors import Cause, EmbeddedError
from responder.embedded.status import ClusterState, ClusterStatus

__all__ = ["Cause", "Cluster", "ClusterState", "ClusterStatus", "EmbeddedError"]
