"""A private database that is set back to an earlier moment, in every way that the documentation names."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psycopg

from responder.embedded import Cluster

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
Way = Literal["dump", "copy", "point"]
WAYS: tuple[Way, ...] = ("dump", "copy", "point")
POINT = "the_moment"


def line_of(program: str) -> str:
    [line, *_] = re.findall(rf"^{program} (.*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line)


def documented(program: str) -> list[str]:
    """Read the options that the documentation gives `program`, save those that name this place."""
    return [
        word
        for word in line_of(program).split()
        if word.startswith("--") and not word.startswith(("--dbname", "--file", "--pgdata", "--host"))
    ]


def connection_string(url: str, *, user: str = "responder") -> str:
    return url.replace("postgresql+psycopg://responder@", f"postgresql://{user}@")


def documented_user(program: str) -> str:
    [user] = re.findall(r"\buser=(\w+)", line_of(program))
    return str(user)


def run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)  # noqa: S603 - ours


class Restorable:
    """A cluster with a backup, taken in one of the ways, to which it can be set back."""

    def __init__(self, folder: Path, *, way: Way) -> None:
        self.way = way
        self._backup = folder / "backup"
        self._archive = folder / "archive"
        self._archive.mkdir()
        self._archive.chmod(0o777)
        settings = {"archive_mode": "on", "archive_command": f"cp %p {self._archive}/%f"}
        self.cluster = Cluster(folder / "data", settings=settings if way == "point" else {})
        self.url = self.cluster.ensure()

    @property
    def _files(self) -> Path:
        home = self.cluster.status().home
        assert home is not None
        return home / "pgdata"

    def back_up(self) -> None:
        """Keep how everything is now."""
        if self._backup.is_dir():
            shutil.rmtree(self._backup)
        if self.way == "dump":
            source = connection_string(self.url, user=documented_user("pg_dump"))
            run("pg_dump", *documented("pg_dump"), f"--file={self._backup}", source)
        elif self.way == "copy":
            self.cluster.stop()
            run("cp", "--archive", self._files, self._backup)
            self.cluster.start()
        else:
            # Earlier than the moment: what lies between comes from the archive.
            options = [f"--host={self.cluster.status().socket_dir}", *documented("pg_basebackup")]
            run(_program("pg_basebackup"), *options, f"--pgdata={self._backup}")

    def mark(self) -> None:
        """Name this moment; of the other two ways the moment is that of the backup."""
        if self.way == "point":
            with psycopg.connect(connection_string(self.url, user="postgres"), autocommit=True) as admin:
                admin.execute("SELECT pg_create_restore_point(%s)", (POINT,))
                admin.execute("SELECT pg_switch_wal()")

    def restore(self) -> None:
        """Set everything back to the moment; all connections are ended."""
        if self.way == "dump":
            name = "responder"
            self.cluster.drop_database(name)
            self.cluster.create_database(name)
            target = connection_string(self.url, user=documented_user("pg_restore"))
            run("pg_restore", *documented("pg_restore"), f"--dbname={target}", self._backup)
            return
        self.cluster.stop()
        files = self._files
        owner = files.stat()
        if self.way == "point":
            for segment in (files / "pg_wal").glob("0*"):
                if not (self._archive / segment.name).exists():
                    shutil.copy(segment, self._archive)
        shutil.rmtree(files)
        run("cp", "--archive", self._backup, files)
        if self.way == "point":
            (files / "recovery.signal").touch()
            (files / "local.conf").write_text(
                f"restore_command = 'cp {self._archive}/%f %p'\n"
                f"recovery_target_name = '{POINT}'\nrecovery_target_action = 'promote'\n"
            )
            run("chmod", "--recursive", "a+r", self._archive)
        run("chown", "--recursive", f"{owner.st_uid}:{owner.st_gid}", files)
        self.cluster.start()
        wait_until(self._takes_writes)

    def _takes_writes(self) -> bool:
        with psycopg.connect(connection_string(self.url)) as connection:
            return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)


def wait_until(condition: Callable[[], bool], *, limit_s: float = 60) -> None:
    deadline_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def _program(name: str) -> str:
    """Find a program that Debian keeps beside the server."""
    return shutil.which(name) or str(next(iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))))
