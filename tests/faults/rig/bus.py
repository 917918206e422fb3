"""A NATS server that a test may stop and start again."""

import shutil
import signal
import subprocess
from dataclasses import dataclass, field

from tests.ports import free_port

SERVER = shutil.which("nats-server", path="/usr/local/bin:/usr/bin:/usr/sbin:/usr/local/sbin")


@dataclass(kw_only=True)
class Bus:
    """One server on a port of its own."""

    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it is, or would be."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it."""
        assert SERVER is not None
        self.running = subprocess.Popen(  # noqa: S603 - Debian's server
            [SERVER, "-a", "127.0.0.1", "-p", str(self.port), "-l", "/dev/null"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End it as a power cut would."""
        if self.running is not None:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()
            self.running = None
