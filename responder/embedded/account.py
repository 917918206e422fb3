"""The operating-system user that the server runs as: never root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from responder.embedded.errors import Cause, EmbeddedError

DEBIAN_USER = "postgres"
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
"""The whole environment of the server's programs: PGPORT or PGDATA of the shell must not reach them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUser:
    """A user of the operating system, who owns files and runs programs."""

    name: str
    uid: int
    gid: int

    def run(
        self, command: list[str], *, text_in: str = "", timeout_s: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user and return its exit code and words; it sees none of our environment."""
        switch = os.geteuid() != self.uid
        return subprocess.run(  # noqa: S603 - a list, no shell, and programs of our choice only
            command,
            input=text_in,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            umask=0o077,
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
        )

    def write(self, path: Path, text: str) -> None:
        """Write a file *as* this user: root must not follow links in a folder that is another's."""
        done = self.run(["tee", "--", str(path)], text_in=text)
        if done.returncode != 0:
            raise EmbeddedError(
                Cause.DATA_FOLDER_UNFIT,
                zh=f"无法写入 {path}。",
                en=f"Cannot write {path}.",
                detail=done.stderr,
            )

    def can_write_in(self, folder: Path) -> bool:
        """Ask the kernel, as this user, whether every folder on the way lets it through."""
        return self.run(["test", "-w", str(folder), "-a", "-x", str(folder)]).returncode == 0


def _account(entry: pwd.struct_passwd) -> SystemUser:
    return SystemUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def account_of(uid: int) -> SystemUser:
    """Look up a user; a number without a name, as containers have, is a user too."""
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError:
        return SystemUser(name=str(uid), uid=uid, gid=os.getegid())


def server_account() -> SystemUser:
    """Choose whose a new cluster shall be: the caller's, or Debian's `postgres` when the caller is root."""
    if os.geteuid() != 0:
        return account_of(os.geteuid())
    try:
        return _account(pwd.getpwnam(DEBIAN_USER))
    except KeyError as error:
        raise EmbeddedError(
            Cause.NO_SERVER_USER,
            zh="数据库不能以 root 运行，而系统用户 postgres 不存在。请执行：useradd --system postgres",
            en="The database must not run as root and there is no system user postgres. Run: "
            "useradd --system postgres",
        ) from error


def owner_of(folder: Path) -> SystemUser:
    """Find whose cluster this is, and refuse when the caller cannot act for them."""
    owner = account_of(folder.stat().st_uid)
    if os.geteuid() not in (0, owner.uid):
        raise EmbeddedError(
            Cause.CLUSTER_OF_ANOTHER_USER,
            zh=f"数据库文件属于用户 {owner.name}。请以该用户（或 root）运行，或换一个数据目录。",
            en=f"The database files belong to the user {owner.name}. Run as that user (or root), or choose "
            "another data folder.",
        )
    return owner
