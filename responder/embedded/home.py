"""Where the cluster's files and its socket live, and what happens when the first choice cannot be."""

import os
import re
import stat
import tempfile
from pathlib import Path

from responder.embedded.account import SystemUser
from responder.embedded.errors import Cause, EmbeddedError

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_MAX_BYTES = 107
"""`sun_path` of unix(7) has 108 bytes, the last of them NUL."""
ELSEWHERE = "postgres-elsewhere"
"""File in the data folder that names the cluster's home when it is not inside the data folder."""
PARKED = "database-stopped"
"""File in the data folder: stopped on purpose, do not start it automatically."""
SYSTEM_HOMES = Path("/var/lib/responder")
SHORT_PLACES = (Path("/run"), Path("/tmp"))  # noqa: S108 - the folder made there is new, random and private


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder such that the server's user can pass through it."""
    if data_dir.is_dir():
        return
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o755)
    except OSError as error:
        raise _unfit(data_dir, detail=str(error)) from error


def find_home(data_dir: Path) -> Path | None:
    """Return the cluster's home if one has been made."""
    record = data_dir / ELSEWHERE
    if not record.is_file():
        inside = data_dir / "postgres"
        return inside if inside.is_dir() else None
    home = Path(record.read_text(encoding="utf-8").strip())
    if home.is_dir():
        return home
    raise EmbeddedError(
        Cause.CLUSTER_MISSING,
        zh=f"{record} 指向 {home}，但该目录已不存在。请恢复它；确认要从空库开始时，请删除 {record}。",
        en=f"{record} points to {home}, which is gone. Restore it, or delete {record} to begin with nothing.",
    )


def make_home(data_dir: Path, account: SystemUser, *, system_homes: Path = SYSTEM_HOMES) -> Path:
    """
    Make the cluster's home, private to the server's user.

    It is `data_dir/postgres`, except when root keeps the project where no other user may enter (as under
    root's own home): then it is a folder below `system_homes`, recorded in the data folder.
    """
    inside = data_dir / "postgres"
    _make_private(inside, account)
    if account.can_write_in(inside):
        return inside
    inside.rmdir()
    if os.geteuid() != 0:
        raise _unfit(inside)
    system_homes.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=system_homes))
    _make_private(home, account)
    if not account.can_write_in(home):
        raise _unfit(home)
    (data_dir / ELSEWHERE).write_text(f"{home}\n", encoding="utf-8")
    return home


def socket_dir(home: Path, account: SystemUser) -> Path:
    """
    Choose, and make, the folder for the socket.

    It is `home/socket` where that path fits; otherwise a short private folder, recorded in `home`.
    """
    inside = home / "socket"
    if socket_fits(inside):
        _make_private(inside, account)
        return inside
    recorded = recorded_socket_dir(home)
    if recorded != inside and _is_private(recorded, account):
        return recorded
    parent = next(place for place in SHORT_PLACES if os.access(place, os.W_OK | os.X_OK))
    made = Path(tempfile.mkdtemp(prefix="responder-", dir=parent))
    _make_private(made, account)
    account.write(home / "socket-dir", f"{made}\n")
    return made


def recorded_socket_dir(home: Path) -> Path:
    """Return where the socket was last put."""
    try:
        return Path((home / "socket-dir").read_text(encoding="utf-8").strip())
    except OSError:
        return home / "socket"


def socket_fits(folder: Path) -> bool:
    """
    Tell whether a socket in `folder` can be bound by the server and named by its clients.

    The kernel limits the length, libpq reads a comma as a list of hosts, and blanks, percent and Chinese
    survive one kind of database URL and not another.
    """
    short = len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES
    return short and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII) is not None


def _make_private(folder: Path, account: SystemUser) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != account.uid:
            os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)
    except OSError as error:
        raise _unfit(folder, detail=str(error)) from error


def _is_private(folder: Path, account: SystemUser) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077


def _unfit(folder: Path, *, detail: str = "") -> EmbeddedError:
    return EmbeddedError(
        Cause.DATA_FOLDER_UNFIT,
        zh=f"{folder} 不能用作数据库目录：无法设为私有。请把数据目录放到本机磁盘上。",
        en=f"{folder} cannot be made private to the database. Put the data folder on a local disk.",
        detail=detail,
    )
