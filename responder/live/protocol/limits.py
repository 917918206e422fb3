"""How much a client may ask of the gateway, and how long things may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one gateway; the defaults are those of the protocol document."""

    first_message_s: float = 3.0
    """The ticket must come this soon after the socket opens, and the hello this soon after the ticket."""
    message_bytes: int = 64 * 1024
    """Longest message taken from a client."""
    unauthenticated_per_address: int = 2048
    """Connections of one network address that have not said hello yet; one more is closed."""
    unauthenticated_together: int = 512
    """Above this total, an address may hold only its equal share."""
    wasted_place_s: float = 15.0
    """How long a client that leaves without authenticating still counts as unauthenticated."""
    ping_interval_s: float = 10.0
    """A client that has been silent for this long is pinged."""
    ping_timeout_s: float = 5.0
    """And cut when it stays silent for this much longer."""
    tcp_user_timeout_s: float = 5.0
    """Longest time that written bytes may stay unacknowledged by the other machine."""
    queue_bytes: int = 512 * 1024
    """Alert class that may wait for one client, besides what its transport has taken."""
    queue_s: float = 15.0
    """Longest time that alert class may wait for one client."""
    catch_up_s: float = 60.0
    """Longest time in which a client that comes back may read what it missed."""
    unanswered_messages: int = 256
    """Messages of one client that may be waiting to be acted upon."""
    poll_s: float = 1.0
    """How often the log is read without a wake-up."""
    session_check_s: float = 2.0
    """How often open sockets are checked against ended sessions and changed memberships."""
    position_interval_s: float = 1.0
    """Positions of one unit are passed on at most this often."""
    resend_after_s: float = 10.0
    """An alert without a receipt is sent again after this long."""
    snapshots_at_once: int = 4
    """Snapshots read from the database at the same time; the others wait their turn."""
