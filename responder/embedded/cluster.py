"""A private PostgreSQL with PostGIS: made, started and stopped here, reached through its own socket only."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from responder.embedded import database
from responder.embedded.account import SystemUser, owner_of, server_account
from responder.embedded.configuration import machine_memory_bytes, server_settings
from responder.embedded.errors import Cause, EmbeddedError
from responder.embedded.home import (
    PARKED,
    SOCKET_NAME,
    find_home,
    make_data_dir,
    make_home,
    recorded_socket_dir,
    socket_dir,
)
from responder.embedded.installation import Installation, installations, matching, newest
from responder.embedded.lock import exclusive
from responder.embedded.processes import is_stopping, postmaster
from responder.embedded.server import create_files, files_of, start_server, stop_server
from responder.embedded.status import ClusterState, ClusterStatus

READY_LIMIT_S = 60
RETRY_S = 0.1


class Cluster:
    """
    The private database cluster of one data folder.

    Every method may be called at any time, in any number of processes at once: what is already so stays so.
    Nothing outside the data folder is touched, save that a home or a socket that cannot be inside it is put
    elsewhere and recorded there (see `place`).
    """

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self._settings = dict(settings or {})

    def ensure(self) -> str:
        """Make what is missing, start what stands still, and return the URL of the application's database."""
        self.start()
        return database.url(recorded_socket_dir(self._running_home()))

    def start(self) -> bool:
        """Make what is missing and start what stands still; return whether the server stood still."""
        with self._alone():
            (self.data_dir / PARKED).unlink(missing_ok=True)
            return self._start_and_wait()

    def revive(self) -> bool:
        """Start a server that fell, and leave one alone that is parked or stands; return whether it fell."""
        with self._alone():
            home = find_home(self.data_dir)
            if home is None or self.is_parked or self.stands:
                return False
            if postmaster(files_of(home)) is not None:
                stop_server(_installation(home), home=home, account=owner_of(home))
            return self._start_and_wait()

    @property
    def stands(self) -> bool:
        """Whether the server runs, can be found, and was not asked to stop."""
        status = self.status()
        if status.state is not ClusterState.RUNNING or status.home is None or status.socket_dir is None:
            return False
        return (status.socket_dir / SOCKET_NAME).exists() and not is_stopping(files_of(status.home))

    @property
    def is_parked(self) -> bool:
        """Whether the server was stopped by `park` and not started since."""
        return (self.data_dir / PARKED).exists()

    def stop(self) -> bool:
        """Stop the server, ending its sessions in good order; return whether it was running."""
        if self.status().state is not ClusterState.RUNNING:
            return False
        with self._alone():
            home = self._running_home()
            stop_server(_installation(home), home=home, account=owner_of(home))
            return True

    def park(self) -> bool:
        """Stop as `stop` does, and keep supervisors from starting the server again."""
        if self.status().home is None:
            return False
        with self._alone():
            (self.data_dir / PARKED).touch()
        return self.stop()

    def status(self) -> ClusterStatus:
        """Look, and change nothing."""
        home = find_home(self.data_dir)
        if home is None:
            return ClusterStatus(state=ClusterState.ABSENT, data_dir=self.data_dir)
        owner_of(home)
        socket = recorded_socket_dir(home)
        major = _major(home)
        pid = postmaster(files_of(home))
        made = ClusterState.ABSENT if major is None else ClusterState.STOPPED
        return ClusterStatus(
            state=made if pid is None else ClusterState.RUNNING,
            data_dir=self.data_dir,
            home=home,
            major=major,
            pid=pid,
            socket_dir=socket,
            url=database.url(socket),
        )

    def psql(self, args: Sequence[str] = ()) -> int:
        """Open PostgreSQL's own client on the application's database and return its exit code."""
        home = self._running_home()
        place = ["--host", str(recorded_socket_dir(home)), "--port", "5432"]
        who = ["--username", database.ROLE, "--dbname", database.NAME]
        command = [_installation(home).program("psql"), *place, *who, *args]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 - psql is what was asked for

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make sure of one database, with PostGIS or as a copy of `template`, and return its URL."""
        self._running_home()
        with self._alone():
            return self._create_database(name, template=template)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whatever sessions it has."""
        database.drop(recorded_socket_dir(self._running_home()), name=name)

    def _start_and_wait(self) -> bool:
        deadline_s = time.monotonic() + READY_LIMIT_S
        stood_still = self._start()
        while (refusal := self._refusal()) is not None:
            if time.monotonic() > deadline_s:
                raise EmbeddedError(
                    Cause.START_FAILED,
                    zh=f"数据库已启动，但 {READY_LIMIT_S} 秒内不接受连接。",
                    en=f"The database started but has accepted no connection for {READY_LIMIT_S} s.",
                    detail=refusal,
                )
            time.sleep(RETRY_S)
            stood_still |= self._start()
        return stood_still

    @contextmanager
    def _alone(self) -> Iterator[None]:
        make_data_dir(self.data_dir)
        with exclusive(self.data_dir):
            yield

    def _refusal(self) -> str | None:
        """
        Make sure of the application's database; return the server's words if it lets us not.

        It does not while it starts after a crash, while it stops, and when it was killed a moment ago; and
        it is read-only during a point-in-time restore.
        """
        try:
            self._create_database(database.NAME)
        except (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction) as error:
            return str(error)
        return None

    def _create_database(self, name: str, *, template: str | None = None) -> str:
        socket = recorded_socket_dir(self._made()[1])
        database.create(socket, name=name, template=template)
        return database.url(socket, name=name)

    def _start(self) -> bool:
        account, home = self._made()
        installation = _installation(home)
        socket = socket_dir(home, account)
        if postmaster(files_of(home)) is not None:
            if (socket / SOCKET_NAME).exists():
                return False
            # The socket file was deleted; without it no one can connect.
            stop_server(installation, home=home, account=account)
        chosen = server_settings(socket, log_dir=home / "log", memory_bytes=machine_memory_bytes())
        start_server(
            installation, home=home, account=account, socket_dir=socket, settings=chosen | self._settings
        )
        return True

    def _made(self) -> tuple[SystemUser, Path]:
        home = find_home(self.data_dir)
        if home is not None and _major(home) is not None:
            return owner_of(home), home
        installation = newest(installations())
        account = server_account() if home is None else owner_of(home)
        home = home or make_home(self.data_dir, account)
        create_files(installation, home=home, account=account)
        return account, home

    def _running_home(self) -> Path:
        home = self.status().home
        if home is None or postmaster(files_of(home)) is None:
            raise EmbeddedError(
                Cause.NOT_RUNNING,
                zh="数据库没有运行。请先执行：responder db start",
                en="The database is not running. Run first: responder db start",
            )
        return home


def _major(home: Path) -> int | None:
    try:
        return int((files_of(home) / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def _installation(home: Path) -> Installation:
    major = _major(home)
    return newest(installations()) if major is None else matching(installations(), major=major)
