"""Commands about people: the first who may come in, invitations, personal data."""

import json
import re
import socket
from pathlib import Path

import psycopg
import pytest

from responder.demo.demo_circle import demo_accounts, refuse_open_demo
from responder.domain.people.account import Account
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.security.sign_in import list_memberships, sign_in
from responder.services.people.accept_invitation import NewAccount, accept_as_new
from responder.settings import Settings
from responder.terminal.console import CommandError
from responder.terminal.database_url import with_database
from tests.cli.conftest import Run

CIRCLE = demo_accounts().circle_name
PASSWORD = "eine-lange-losung"  # noqa: S105 - of a database that is thrown away
NOBODY_HEARS = "127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"
OTHERS_HEAR = "0.0.0.0", "::", "192.168.1.5", "circle.example", ""  # noqa: S104 - compared with, never bound to


def signed_in(url: str, username: str, password: str) -> Account:
    async def work(database: Database) -> Account:
        opened = await sign_in(database, username=username, password=password, clock=SystemClock())
        return opened.account

    return with_database(url, work)


def test_the_first_administrator_gets_a_password_that_is_shown_once(run: Run, demo_database_url: str) -> None:
    said = run("admin", "create", "first", "--name", "王主任")
    [password] = re.findall(r"只显示这一次）：(\S+)", said)
    account = signed_in(demo_database_url, "first", password)
    assert (account.name, account.admin) == ("王主任", True)
    assert "name_taken" in run("admin", "create", "first", code=1)


def test_a_password_can_be_handed_over(run: Run, demo_database_url: str) -> None:
    said = run("admin", "create", "second", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert PASSWORD not in said
    assert signed_in(demo_database_url, "second", PASSWORD).admin


def test_a_weak_password_makes_no_account(run: Run, demo_database_url: str) -> None:
    said = run("admin", "create", "third", "--password-stdin", stdin="short\n", code=1)
    assert "weak_password" in said
    with psycopg.connect(demo_database_url.replace("+psycopg", "", 1)) as connection:
        assert connection.execute("SELECT FROM account WHERE username = 'third'").fetchone() is None


def test_an_invitation_brings_the_first_coordinator_in(run: Run, demo_database_url: str) -> None:
    said = run("invite", "--circle", CIRCLE, "--role", "coordinator", "--note", "街道")
    [token] = re.findall(r"#invitation=(\S+)", said)

    async def accept(database: Database) -> tuple[str, ...]:
        opened = await accept_as_new(
            database,
            token=token,
            new=NewAccount(username="zhao", name="赵", password=PASSWORD),
            clock=SystemClock(),
        )
        found = await list_memberships(database, account_id=opened.account.id)
        return tuple(each.role.value for each in found)

    assert with_database(demo_database_url, accept) == ("coordinator",)


def test_an_address_without_a_server_is_reported_with_how_to_name_another_port(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint = "RESPONDER_PORT"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        monkeypatch.setenv("RESPONDER_PORT", port)
        assert hint not in run("invite", "--circle", CIRCLE)
        assert hint not in run("admin", "create", "hears")
    # What was there is gone.
    assert hint in run("invite", "--circle", CIRCLE)
    assert hint in run("admin", "create", "misses")
    # Behind a proxy, and where others are served, this machine knows nothing of the address.
    monkeypatch.setenv("RESPONDER_PUBLIC_ORIGINS", "https://circle.example")
    assert hint not in run("invite", "--circle", CIRCLE)


def test_a_partner_that_is_not_there_is_named(run: Run) -> None:
    assert "没有的单位" in run("invite", "--circle", CIRCLE, "--partner", "没有的单位", code=1)
    assert "没有的圈" in run("invite", "--circle", "没有的圈", code=1)


def test_one_person_is_told_and_erased(run: Run, demo_database_url: str, tmp_path: Path) -> None:
    out = tmp_path / "person.json"
    run("privacy", "export", "hospital.wen", "--out", str(out))
    assert out.stat().st_mode & 0o077 == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["account"][0]["username"] == "hospital.wen"
    assert "password_hash" not in told["account"][0]
    assert "没有用户名为“nobody”的人" in run("privacy", "export", "nobody", code=1)
    nowhere = tmp_path / "missing" / "person.json"
    assert "没有文件夹" in run("privacy", "export", "hospital.wen", "--out", str(nowhere), code=1)
    run("privacy", "erase", "hospital.wen", stdin="n\n", code=1)
    assert "--yes" in run("privacy", "erase", "hospital.wen", code=1)
    done = run("privacy", "erase", "hospital.wen", "--yes")
    assert all(word in done for word in ("警情记录", "events", "登录", "sessions", "审计记录", "audit"))
    # There is no question about an account that does not exist.
    for words in ((), ("--yes",)):
        said = run("privacy", "erase", "hospital.wen", *words, code=1)
        assert "没有用户名为“hospital.wen”的人" in said
        assert "继续" not in said
    name = told["account"][0]["name"]
    with psycopg.connect(demo_database_url.replace("+psycopg", "", 1)) as connection:
        assert connection.execute("SELECT FROM responder WHERE name = %s", (name,)).fetchone() is None


@pytest.mark.parametrize("host", NOBODY_HEARS)
def test_the_demo_is_shown_on_this_machine(host: str) -> None:
    refuse_open_demo(Settings(host=host))


@pytest.mark.parametrize("host", OTHERS_HEAR)
def test_the_demo_is_refused_to_other_machines_unless_forced(host: str) -> None:
    with pytest.raises(CommandError, match="--force-demo"):
        refuse_open_demo(Settings(host=host))
    refuse_open_demo(Settings(host=host, force_demo=True))


@pytest.mark.parametrize("command", [("up",), ("serve",)])
def test_a_server_not_of_a_circle_does_not_start_with_the_demo(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("RESPONDER_HOST", "0.0.0.0")  # noqa: S104 - refused before it is bound
    assert "--force-demo" in run(*command, code=1)
