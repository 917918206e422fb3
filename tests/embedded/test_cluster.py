"""The private cluster: made once, started at will, and back on its feet after every kind of fall."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from responder.embedded import Cause, Cluster, ClusterState, EmbeddedError
from responder.embedded.processes import serves

ROOT = Path(__file__).parents[2]
MARKER = "CREATE TABLE marker AS SELECT 7 AS kept"


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def wait_until_refused(url: str) -> None:
    for _ in range(100):
        try:
            query(url, "SELECT 1")
        except psycopg.OperationalError:
            return
        time.sleep(0.05)
    pytest.fail("the server lets people in although it was told to stop")


def wait_until_gone(cluster: Cluster) -> None:
    for _ in range(100):
        if not cluster.stands:
            return
        time.sleep(0.05)
    pytest.fail("the server stands although it was killed")


@pytest.fixture
def own(short_dir: Path) -> Iterator[Cluster]:
    """Give a cluster that this test may kill."""
    cluster = Cluster(short_dir / "data", settings={"fsync": "off"})
    yield cluster
    cluster.stop()


def test_a_second_ensure_keeps_what_is_there_and_returns_the_same_url(own: Cluster) -> None:
    url = own.ensure()
    query(url, MARKER)
    pid = own.status().pid

    assert own.ensure() == url
    assert own.status().pid == pid
    assert query(url, "SELECT kept FROM marker") == [(7,)]


def test_postgis_measures_on_the_ellipsoid(postgis: str) -> None:
    metre = "SELECT ST_Distance('POINT(112.985 28.158)'::geography, 'POINT(112.985 28.159)'::geography)"
    [(metres,)] = query(postgis, metre)

    assert metres == pytest.approx(110.83, abs=0.05)  # a minute of latitude there is 1,849.7 m, times 0.06


def test_it_listens_on_its_socket_and_nowhere_else(cluster: Cluster) -> None:
    [(addresses,)] = query(cluster.ensure(), "SHOW listen_addresses")
    status = cluster.status()
    open_files = {str(entry.readlink()) for entry in Path(f"/proc/{status.pid}/fd").iterdir()}
    sockets = {name for name in open_files if name.startswith("socket:")}
    tcp = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        if Path(f"/proc/net/{table}").exists()
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    }

    assert addresses == ""
    assert sockets, "the server must hold at least its Unix socket"
    assert not sockets & tcp


def test_the_server_never_runs_as_root(cluster: Cluster) -> None:
    status = cluster.status()

    assert Path(f"/proc/{status.pid}").stat().st_uid != 0


def test_the_application_is_no_superuser(cluster: Cluster) -> None:
    assert query(cluster.ensure(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]


def test_another_user_of_the_machine_is_not_let_in(cluster: Cluster) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can try as another user")
    url = cluster.ensure().replace("postgresql+psycopg", "postgresql")
    tried = subprocess.run(  # noqa: S603 - a fixed command
        ["/usr/bin/psql", url, "-c", "SELECT 1"],
        user="nobody",
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )

    assert tried.returncode != 0
    assert "Permission denied" in tried.stderr


def test_stop_and_start_keep_the_data(own: Cluster) -> None:
    query(own.ensure(), MARKER)

    assert own.stop() is True
    assert own.status().state is ClusterState.STOPPED
    assert own.stop() is False
    assert own.start() is True
    assert own.start() is False
    assert query(own.ensure(), "SELECT kept FROM marker") == [(7,)]


def test_status_of_nothing_makes_nothing(short_dir: Path) -> None:
    status = Cluster(short_dir / "data").status()

    assert status.state is ClusterState.ABSENT
    assert not (short_dir / "data").exists()


def test_a_killed_server_comes_back_with_what_was_committed(own: Cluster) -> None:
    url = own.ensure()
    query(url, MARKER)
    pid = own.status().pid
    assert pid is not None

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as still_open:
        os.kill(pid, signal.SIGKILL)
        assert query(own.ensure(), "SELECT kept FROM marker") == [(7,)]
        assert own.status().pid != pid
        with pytest.raises(psycopg.OperationalError):
            still_open.execute("SELECT 1")


def test_a_fallen_server_is_revived_although_a_session_of_it_stands_still(own: Cluster) -> None:
    """A stopped process sees neither that its server is gone nor any signal but one."""
    url = own.ensure()
    query(url, MARKER)
    pid = own.status().pid
    assert pid is not None
    assert own.revive() is False

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as still_open:
        os.kill(still_open.info.backend_pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(own)
        assert own.revive() is True
    assert query(url, "SELECT kept FROM marker") == [(7,)]


def test_a_server_that_was_parked_is_not_revived_until_it_is_started(own: Cluster) -> None:
    own.ensure()

    assert own.park() is True
    assert (own.is_parked, own.revive(), own.stands) == (True, False, False)
    assert own.start() is True
    assert (own.is_parked, own.stands) == (False, True)
    own.stop()
    assert own.revive() is True, "a stop that was not meant to last"


def test_nothing_is_parked_or_revived_where_nothing_is(short_dir: Path) -> None:
    cluster = Cluster(short_dir / "data")

    assert cluster.park() is False
    assert cluster.revive() is False
    assert cluster.stands is False
    assert cluster.status().state is ClusterState.ABSENT


def test_a_server_that_waits_for_its_sessions_to_end_is_started_afresh(own: Cluster) -> None:
    url = own.ensure()
    pid = own.status().pid
    assert pid is not None

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")):
        os.kill(pid, signal.SIGTERM)
        wait_until_refused(url)
        assert own.stands is False
        assert own.revive() is True
    assert query(url, "SELECT 1") == [(1,)]


def test_a_start_while_the_server_stops_waits_and_starts_it_again(own: Cluster) -> None:
    url = own.ensure()
    query(url, MARKER)
    pid = own.status().pid
    assert pid is not None

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")):
        os.kill(pid, signal.SIGTERM)  # PostgreSQL's "smart" stop: no one new is let in, and it waits for us
        wait_until_refused(url)
        starting = threading.Thread(target=own.ensure)
        starting.start()
        time.sleep(0.5)
    starting.join(timeout=60)

    assert query(own.ensure(), "SELECT kept FROM marker") == [(7,)]
    assert own.status().pid != pid


def test_a_record_that_names_a_stranger_does_not_stop_the_start(own: Cluster) -> None:
    own.ensure()
    home = own.status().home
    assert home is not None
    record = home / "pgdata" / "postmaster.pid"
    left_behind = record.read_text()
    own.stop()
    owner = (home / "pgdata").stat()
    stranger = subprocess.Popen(
        ["/usr/bin/sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None, cwd="/"
    )
    try:
        for path in (record, home / "socket" / ".s.PGSQL.5432.lock"):
            path.write_text(left_behind.replace(left_behind.split("\n")[0], str(stranger.pid), 1))
            os.chown(path, owner.st_uid, owner.st_gid)
            path.chmod(0o600)

        assert own.status().state is ClusterState.STOPPED
        own.ensure()
        assert own.status().state is ClusterState.RUNNING
        assert stranger.poll() is None, "the stranger must be left alone"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_socket_that_was_removed_is_made_again(own: Cluster) -> None:
    url = own.ensure()
    socket = own.status().socket_dir
    assert socket is not None
    (socket / ".s.PGSQL.5432").unlink()

    assert query(own.ensure(), "SELECT 1") == [(1,)]
    assert own.ensure() == url


def test_two_first_starts_at_once_make_one_cluster(own: Cluster) -> None:
    program = (
        "import sys; from pathlib import Path; from responder.embedded import Cluster;"
        "c = Cluster(Path(sys.argv[1]), settings={'fsync': 'off'}); print(c.ensure(), c.status().pid)"
    )
    starters = [
        subprocess.Popen(  # noqa: S603 - our own program above
            [sys.executable, "-c", program, str(own.data_dir)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    answers = {starter.communicate(timeout=120)[0] for starter in starters}

    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert len(answers) == 1
    assert str(own.status().pid) in answers.pop()


def test_an_initdb_cut_short_is_begun_again(own: Cluster) -> None:
    ruin = own.data_dir / "postgres" / "pgdata.unfinished"
    ruin.mkdir(parents=True)
    (ruin / "PG_VERSION").write_text("15\n")
    for folder in (own.data_dir, *own.data_dir.rglob("*")):
        if os.geteuid() == 0 and folder != own.data_dir:
            os.chown(folder, *_postgres())

    assert query(own.ensure(), "SELECT 1") == [(1,)]


def test_files_of_another_major_version_are_refused_and_left_alone(short_dir: Path) -> None:
    files = short_dir / "postgres" / "pgdata"
    files.mkdir(parents=True)
    (files / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match="postgresql-9-postgis-3") as refused:
        Cluster(short_dir).ensure()

    assert refused.value.code is Cause.CLUSTER_VERSION
    assert [path.name for path in files.iterdir()] == ["PG_VERSION"]


@pytest.mark.parametrize("name", ["x" * 120, "响应圈 数据,一"])
def test_a_path_no_socket_can_have_gets_a_short_one(short_dir: Path, name: str) -> None:
    cluster = Cluster(short_dir / name / "data", settings={"fsync": "off"})
    try:
        url = cluster.ensure()
        first = cluster.status().socket_dir

        assert first is not None
        assert not first.is_relative_to(short_dir)
        assert query(url, "SELECT 1") == [(1,)]
        assert cluster.ensure() == url

        cluster.stop()
        first.rmdir()
        assert query(cluster.ensure(), "SELECT 1") == [(1,)]
    finally:
        cluster.stop()
        last = cluster.status().socket_dir
        assert last is not None
        last.rmdir()


def test_psql_reaches_the_applications_database(cluster: Cluster, capfd: pytest.CaptureFixture[str]) -> None:
    cluster.ensure()

    assert cluster.psql(["-At", "-c", "SELECT current_database() || '/' || current_user"]) == 0
    assert capfd.readouterr().out.strip() == "responder/responder"


def test_psql_without_a_server_says_how_to_start_it(own: Cluster) -> None:
    with pytest.raises(EmbeddedError, match="responder db start") as refused:
        own.psql()

    assert refused.value.code is Cause.NOT_RUNNING


def test_a_server_that_cannot_start_shows_its_own_words(own: Cluster) -> None:
    broken = Cluster(own.data_dir, settings={"shared_buffers": "lots"})

    with pytest.raises(EmbeddedError, match="shared_buffers") as refused:
        broken.ensure()

    assert refused.value.code is Cause.START_FAILED


def test_a_process_number_alone_proves_nothing(cluster: Cluster, tmp_path: Path) -> None:
    status = cluster.status()
    assert status.home is not None
    assert status.pid is not None

    assert serves(status.pid, status.home / "pgdata")
    assert not serves(status.pid, tmp_path)
    assert not serves(os.getpid(), Path.cwd())


def _postgres() -> tuple[int, int]:
    import pwd  # noqa: PLC0415 - needed by root alone

    entry = pwd.getpwnam("postgres")
    return entry.pw_uid, entry.pw_gid
