"""The server's life: its files made, started and stopped, through PostgreSQL's own programs."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from responder.embedded.account import SystemUser
from responder.embedded.configuration import access_text, configuration_text, user_map_text
from responder.embedded.database import ADMIN, APPLICATION_ROLE, ROLE
from responder.embedded.errors import Cause, EmbeddedError
from responder.embedded.home import SOCKET_NAME
from responder.embedded.installation import Installation
from responder.embedded.processes import postmaster, recorded_pid, servers_of

START_LIMIT_S = 60
ORPHAN_PATIENCE_S = 3
"""Time for orphans to notice that their server is gone; after it they get SIGTERM, then SIGKILL."""
LAST_WORDS_LINES = 12


def files_of(home: Path) -> Path:
    """Return where PostgreSQL's own files are."""
    return home / "pgdata"


def create_files(installation: Installation, *, home: Path, account: SystemUser) -> None:
    """Make the cluster's files, named only once complete: a start cut short leaves no ruin."""
    unfinished = home / "pgdata.unfinished"
    account.run(["rm", "-rf", "--", str(unfinished)])
    done = account.run(
        [
            installation.program("initdb"),
            f"--pgdata={unfinished}",
            f"--username={ADMIN}",
            "--auth-local=peer",
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ]
    )
    if done.returncode != 0:
        raise EmbeddedError(
            Cause.INITDB_FAILED,
            zh="无法创建数据库。",
            en="The database could not be made.",
            detail=done.stderr.strip(),
        )
    settings = unfinished / "postgresql.conf"
    account.write(settings, settings.read_text(encoding="utf-8") + "\ninclude 'responder.conf'\n")
    unfinished.rename(files_of(home))


def start_server(
    installation: Installation,
    *,
    home: Path,
    account: SystemUser,
    socket_dir: Path,
    settings: Mapping[str, str],
) -> None:
    """Start the server and wait until it answers."""
    files = files_of(home)
    account.write(files / "responder.conf", configuration_text(settings))
    account.write(files / "pg_hba.conf", access_text())
    roles = [ADMIN, ROLE, APPLICATION_ROLE]
    account.write(files / "pg_ident.conf", user_map_text(["root", account.name], roles=roles))
    _clear_the_way(files, socket_dir=socket_dir)
    command = [installation.program("pg_ctl"), "start", f"--pgdata={files}", "--silent", "--wait"]
    limits = [f"--timeout={START_LIMIT_S}", f"--log={home / 'start.log'}"]
    done = account.run(command + limits, timeout_s=START_LIMIT_S * 2)
    if done.returncode != 0:
        raise EmbeddedError(
            Cause.START_FAILED,
            zh=f"数据库无法启动，日志在 {home}。",
            en=f"The database did not start; its logs are in {home}.",
            detail=_last_words(home),
        )


def stop_server(installation: Installation, *, home: Path, account: SystemUser) -> None:
    """End every session, write everything down and stop."""
    command = [installation.program("pg_ctl"), "stop", f"--pgdata={files_of(home)}", "--silent", "--wait"]
    done = account.run([*command, "--mode=fast", f"--timeout={START_LIMIT_S}"], timeout_s=START_LIMIT_S * 2)
    # One that is gone by now may have ended by itself, before it could be told to.
    if done.returncode != 0 and postmaster(files_of(home)) is not None:
        raise EmbeddedError(
            Cause.STOP_FAILED,
            zh=f"数据库没有停下来，日志在 {home}。",
            en=f"The database did not stop; its logs are in {home}.",
            detail=done.stderr.strip(),
        )


def _clear_the_way(files: Path, *, socket_dir: Path) -> None:
    """
    Undo what a killed server left behind, so far as PostgreSQL does not undo it itself.

    Sessions of a killed server may still be at work on its files: they are waited for, then ended, one that
    stands still by force, which is safe where no server is left to share memory with. A record whose
    process number now belongs to a stranger would make PostgreSQL believe that another server runs.
    """
    for means in (None, signal.SIGQUIT, signal.SIGKILL):
        deadline_s = time.monotonic() + ORPHAN_PATIENCE_S
        if means is not None:
            for pid in servers_of(files):
                _end(pid, means)
        while servers_of(files) and time.monotonic() < deadline_s:
            time.sleep(0.05)
    if orphans := servers_of(files):
        raise EmbeddedError(
            Cause.START_FAILED,
            zh="上次运行的数据库进程无法结束。",
            en="Processes of the database as it ran before cannot be ended.",
            detail=" ".join(map(str, orphans)),
        )
    for record_path in (files / "postmaster.pid", socket_dir / f"{SOCKET_NAME}.lock"):
        recorded = recorded_pid(record_path)
        if recorded is not None and Path(f"/proc/{recorded}").exists():
            record_path.unlink()


def _end(pid: int, means: signal.Signals) -> None:
    try:
        os.kill(pid, means)
    except ProcessLookupError:
        return


def _last_words(home: Path) -> str:
    logs = sorted((home / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)
    lines: list[str] = []
    for log in [*logs[-1:], home / "start.log"]:
        if log.is_file():
            lines += log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_WORDS_LINES:]
    return "\n".join(lines)
