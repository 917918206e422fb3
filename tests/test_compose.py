"""The shape for one server: each part of docker-compose.yml fits the application and the others."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from responder.cli.commands import app
from responder.embedded import Cluster
from responder.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSE_FILE = ROOT / "docker-compose.yml"
APPLICATION = ("migrate", "api", "live")
ONCE = ("prepare", "migrate")


def compose() -> dict[str, Any]:
    """Read the file as it is when nothing is chosen: `${NAME:-value}` is `value`."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", COMPOSE_FILE.read_text(encoding="utf-8"))
    assert "${" not in text, "every variable must have a default, so that nothing has to be chosen"
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def docker_compose(*arguments: str) -> subprocess.CompletedProcess[str]:
    docker = shutil.which("docker") or "docker-is-not-here"
    try:
        return subprocess.run([docker, "compose", *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - arguments of ours
    except FileNotFoundError:
        return subprocess.CompletedProcess([], 127)


def test_docker_itself_accepts_the_file() -> None:
    if docker_compose("version").returncode != 0:
        pytest.skip("no docker compose on this machine")

    done = docker_compose("--file", str(COMPOSE_FILE), "config", "--quiet")

    assert done.returncode == 0, done.stderr


def test_the_parts_are_there() -> None:
    assert set(services()) == {"database", "bus", *ONCE, "api", "live", "proxy"}


def test_each_waits_for_what_can_become_ready() -> None:
    known = services()
    for name, service in known.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in known, f"{name} waits for {other}, which is not there"
            if how["condition"] == "service_healthy":
                assert "test" in known[other]["healthcheck"], f"no one can tell when {other} is ready"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert known[other]["restart"] != "unless-stopped", f"{other} never completes"


def test_whatever_keeps_running_comes_back_and_says_how_it_is() -> None:
    for name, service in services().items():
        if name in ONCE:
            continue
        assert service["restart"] == "unless-stopped", name
        assert "test" in service["healthcheck"], name


def test_volumes_and_networks_are_declared_and_used() -> None:
    whole = compose()
    mounted = {mount.split(":")[0] for service in services().values() for mount in service.get("volumes", [])}
    joined = {network for service in services().values() for network in service["networks"]}

    assert {name for name in mounted if not name.startswith(".")} == set(whole["volumes"])
    assert joined == set(whole["networks"])
    for path in mounted - set(whole["volumes"]):
        assert (ROOT / path).is_file(), path


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    whole = compose()
    for name, service in services().items():
        reachable = "ports" in service or "outside" in service["networks"]
        assert reachable == (name == "proxy"), name
    assert whole["networks"]["inside"]["internal"] is True


def test_no_part_may_gain_privileges() -> None:
    for name, service in services().items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_the_application_runs_without_root_and_writes_nowhere() -> None:
    instructions = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [user] = re.findall(r"^USER (\S+)$", instructions, re.MULTILINE)

    assert int(user) >= 1000
    for name in APPLICATION:
        assert services()[name]["read_only"] is True
        assert services()[name]["tmpfs"] == ["/tmp"]  # noqa: S108 - in the container


@pytest.mark.parametrize("name", APPLICATION)
def test_the_settings_take_what_the_file_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = services()[name]["environment"]
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)

    settings = Settings()

    assert settings.database_url is not None
    role = "responder" if name == "migrate" else "responder_app"
    assert settings.database_url.get_secret_value().startswith(f"postgresql+psycopg://{role}@/responder")
    assert (settings.host, settings.gateway_host) == ("0.0.0.0", "0.0.0.0")  # noqa: S104 - in the container
    assert settings.live_url == "/live"
    assert "https://localhost" in settings.origins


def test_each_role_that_signs_in_is_let_in_and_made() -> None:
    allowed = (ROOT / "docker" / "database" / "pg_hba.conf").read_text(encoding="utf-8")
    made = (ROOT / "docker" / "database" / "responder.sql").read_text(encoding="utf-8")
    [line] = re.findall(r"^local responder (\S+) +trust$", allowed, re.MULTILINE)

    assert set(line.split(",")) == {"responder", "responder_app"}
    assert set(re.findall(r"CREATE ROLE (\w+) LOGIN", made)) == {"responder", "responder_app"}


def test_preparing_the_database_can_be_done_again_and_again(cluster: Cluster) -> None:
    """An installation of an older version has the database and not the roles; the newest has both."""
    url = cluster.ensure().replace(
        "postgresql+psycopg://responder@/responder", "postgresql://postgres@/postgres"
    )
    psql = shutil.which("psql")
    assert psql is not None
    [*_, path] = services()["prepare"]["command"][-1].partition("=")
    statements = ROOT / "docker" / "database" / Path(path).name
    for _ in range(2):
        words = [psql, "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={url}", f"--file={statements}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert done.returncode == 0, done.stderr


def test_the_commands_are_the_applications_own() -> None:
    known = {command.callback.__name__ for command in app.registered_commands if command.callback}

    for name in APPLICATION:
        [command] = services()[name]["command"]
        assert command in known


def test_the_proxy_sends_each_path_to_a_service_and_its_port() -> None:
    proxied = (ROOT / "docker" / "Caddyfile").read_text(encoding="utf-8")
    targets = dict(re.findall(r"dynamic a (\w+) (\d+)", proxied))
    environment = services()["api"]["environment"]

    assert targets == {"api": environment["RESPONDER_PORT"], "live": environment["RESPONDER_LIVE_PORT"]}
    assert set(targets) <= set(services())
    assert re.search(r"handle /live \{[^}]*dynamic a live", proxied), "/live must reach the gateway"


def test_the_image_copies_what_is_there_and_let_through() -> None:
    instructions = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_through = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", instructions, re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in let_through, source
