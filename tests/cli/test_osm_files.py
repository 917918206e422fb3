"""Every extract at hand comes in within stated bounds, and a damaged file leaves nothing behind."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner

from responder.cli.commands import app
from responder.store.install_state import libpq_url
from responder.store.metadata import METADATA

ROOT = Path(__file__).parents[2]
EXTRACTS = (
    "bengbu-2017.osm.pbf",
    "changsha-hnu-2021.osm.pbf",
    "changsha-roads-2019.osm.pbf",
    "monaco-2021.osm.pbf",
    # A whole city, 20 s of processor time.
    pytest.param("porto.osm.pbf", marks=pytest.mark.nightly),
)
LIMIT_S = 60.0
"""Of processor time, which does not depend on who else uses the machine."""
LIMIT_KIB = 2 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Import:
    code: int
    said: str
    cpu_s: float
    peak_kib: int


def import_osm(url: str, file: Path, *, data_dir: Path) -> Import:
    """Run the command in a process of its own, and ask the kernel what it took."""
    said = data_dir / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "responder", "import", "osm", str(file), "--circle", file.name],
            cwd=ROOT,
            env={**os.environ, "RESPONDER_DATABASE_URL": url, "RESPONDER_DATA_DIR": str(data_dir)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Import(
        code=process.returncode,
        said=said.read_text(encoding="utf-8"),
        cpu_s=used.ru_utime + used.ru_stime,
        peak_kib=used.ru_maxrss,
    )


def rows(url: str) -> dict[str, int]:
    query = sql.SQL("SELECT * FROM {}")
    with psycopg.connect(libpq_url(url)) as connection:
        return {
            table.name: connection.execute(query.format(sql.Identifier(table.name))).rowcount
            for table in METADATA.sorted_tables
        }


def extract(shared_data: Path, name: str) -> Path:
    file = shared_data / "osm" / name
    if not file.is_file():
        pytest.skip(f"the extract is not here: {name}")
    return file


@pytest.mark.shared_data
@pytest.mark.parametrize("name", EXTRACTS)
def test_every_extract_comes_in_within_bounds(
    database_url: str, shared_data: Path, tmp_path: Path, name: str
) -> None:
    before = rows(database_url)
    done = import_osm(database_url, extract(shared_data, name), data_dir=tmp_path)
    assert done.code == 0, done.said
    assert done.cpu_s <= LIMIT_S
    assert done.peak_kib <= LIMIT_KIB
    after = rows(database_url)
    assert after["circle"] == before["circle"] + 1
    assert after["road_network"] == before["road_network"] + 1
    assert after["road"] > before["road"]


@pytest.mark.shared_data
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_extract_leaves_nothing_behind(
    database_url: str,
    shared_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
) -> None:
    whole = extract(shared_data, "monaco-2021.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    refused_without_a_trace(database_url, cut, monkeypatch)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.osm.pbf", b""),
        ("picture.osm.pbf", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("table.osm", b"name,lon,lat\nblock 7,112.985,28.158\n"),
        ("page.osm", b"<html><body>moved</body></html>"),
        ("cut.osm", b'<osm version="0.6"><node id="1" lon="112.9" lat="28.1"/><way id="10"><nd ref='),
        ("bare.osm", b'<osm version="0.6"></osm>'),
    ],
)
def test_what_is_no_openstreetmap_file_leaves_nothing_behind(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    refused_without_a_trace(database_url, file, monkeypatch)


def refused_without_a_trace(url: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", url)
    monkeypatch.setenv("RESPONDER_DATA_DIR", str(file.parent))
    before = rows(url)
    done = CliRunner().invoke(app, ["import", "osm", str(file), "--circle", file.name])
    assert done.exit_code == 1, done.output
    assert "错误 Error" in done.output
    assert "Traceback" not in done.output
    assert rows(url) == before
