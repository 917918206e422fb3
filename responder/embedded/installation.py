"""The PostgreSQL with PostGIS that Debian has installed."""

import re
from dataclasses import dataclass
from pathlib import Path

from responder.embedded.errors import Cause, EmbeddedError

LIBRARIES = Path("/usr/lib/postgresql")
SHARED = Path("/usr/share/postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One major version that is complete: server programs and PostGIS."""

    major: int
    programs: Path

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs."""
        return str(self.programs / name)


def installations(*, libraries: Path = LIBRARIES, shared: Path = SHARED) -> list[Installation]:
    """Find every major version with PostGIS, newest first."""
    found = [
        Installation(major=int(folder.name), programs=folder / "bin")
        for folder in libraries.glob("*")
        if re.fullmatch(r"\d+", folder.name)
        and (folder / "bin" / "initdb").is_file()
        and (shared / folder.name / "extension" / "postgis.control").is_file()
    ]
    return sorted(found, key=lambda installation: installation.major, reverse=True)


def newest(found: list[Installation]) -> Installation:
    """Choose for a new cluster."""
    if not found:
        raise EmbeddedError(
            Cause.POSTGIS_MISSING,
            zh="本机没有 PostGIS。请运行 script/up 自动安装，或执行 apt-get install postgresql-postgis，"
            "或改用 docker compose up。",
            en="PostGIS is not installed here. Run script/up, which installs it, or "
            "apt-get install postgresql-postgis, or use docker compose up instead.",
        )
    return found[0]


def matching(found: list[Installation], *, major: int) -> Installation:
    """Choose for a cluster that exists: its files fit one major version only."""
    for installation in found:
        if installation.major == major:
            return installation
    have = ", ".join(str(installation.major) for installation in found) or "—"
    raise EmbeddedError(
        Cause.CLUSTER_VERSION,
        zh=f"数据属于 PostgreSQL {major}，本机只有：{have}。请安装 postgresql-{major}-postgis-3，"
        "或按 docs/operations.md“升级数据库”一节导出后再导入。",
        en=f"The data belong to PostgreSQL {major}; this machine has: {have}. Install "
        f"postgresql-{major}-postgis-3, or move the data over as docs/operations.md says under upgrading.",
    )
