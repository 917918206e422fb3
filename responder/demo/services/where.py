"""Where the stand-ins of the demo are; imports nothing, since every start asks."""

from typing import Final

HOST: Final = "127.0.0.1"


def demo_services_url(port: int) -> str:
    """Return the address of the page that lists what they took."""
    return f"http://{HOST}:{port}/"


def demo_mail_port(port: int) -> int:
    """Return the port at which they take mail."""
    return port + 1


def demo_services_hosts(port: int) -> tuple[str, str]:
    """Return what has to be among the hosts that messages may go out to."""
    return f"{HOST}:{port}", f"{HOST}:{demo_mail_port(port)}"
