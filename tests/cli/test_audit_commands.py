"""The audit log at the machine: read, checked, and its heads kept elsewhere."""

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from responder.demo.demo_circle import demo_accounts
from responder.domain.audit import AuditAction
from responder.domain.backoff import PER_ACCOUNT_AND_ADDRESS
from responder.domain.errors import WrongCredentialsError
from responder.domain.people.client_info import ClientInfo
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.security.sign_in import sign_in
from responder.settings import Settings
from responder.terminal.console import word
from responder.terminal.database_url import with_database
from tests.cli.conftest import Run

CIRCLE = demo_accounts().circle_name
HOME = ClientInfo(address="203.0.113.7", device="Chrome · Windows")
AWAY = ClientInfo(address="198.51.100.9", device="curl")


def new_account(run: Run, username: str) -> str:
    """Make an account, and return its password."""
    password = secrets.token_urlsafe()
    run("admin", "create", username, "--name", f"{username} [red]", "--password-stdin", stdin=password + "\n")
    return password


def sign_in_as(url: str, username: str, password: str, *, origin: ClientInfo) -> None:
    async def work(database: Database) -> None:
        await sign_in(database, username=username, password=password, clock=SystemClock(), origin=origin)

    with_database(url, work)


def records(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines()]


def test_the_platforms_log_says_who_signed_in_from_where(run: Run, demo_database_url: str) -> None:
    password = new_account(run, "xia")
    sign_in_as(demo_database_url, "xia", password, origin=HOME)
    said = run("audit", "list")
    for part in (
        "登录",
        "Signed in",
        "session_opened",
        "xia [red] (xia)",
        HOME.address,
        HOME.device,
        "命令行",
    ):
        assert part in said
    [record] = records(run("audit", "list", "--who", "xia", "--json"))
    assert (record["action"], record["actor_name"]) == ("session_opened", "xia [red]")
    assert record["actor_username"] == "xia"
    assert (record["address"], record["device"]) == (HOME.address, HOME.device)
    made = records(run("audit", "list", "--action", "account_created", "--json"))
    assert any(each["by_operator"] and each["subject_name"] == "xia [red]" for each in made)


def test_a_name_gives_no_orders_to_the_terminal(run: Run) -> None:
    run("admin", "create", "joker", "--name", "\x1b[2J\u202eo", "--password-stdin", stdin="a-long-enough-1\n")
    said = run("audit", "list", "--action", "account_created")
    assert "\ufffd[2Jo" in said
    assert "\x1b[2J" not in said


def test_who_guesses_is_not_said_to_be_whose_password_was_guessed(run: Run, demo_database_url: str) -> None:
    new_account(run, "victim")
    for _ in range(PER_ACCOUNT_AND_ADDRESS.free_attempts + 1):
        with pytest.raises(WrongCredentialsError):
            sign_in_as(demo_database_url, "victim", "a guess", origin=AWAY)
    [record] = records(run("audit", "list", "--action", "account_locked", "--json"))
    assert {record[key] for key in ("actor_id", "actor_name", "actor_username")} == {None}
    assert not record["by_operator"]
    assert (record["subject_name"], record["address"]) == ("victim [red]", AWAY.address)
    assert record["subject_username"] == "victim"
    assert "无人" in run("audit", "list", "--action", "account_locked")


def test_each_circle_has_its_own_log_and_reading_it_is_logged(run: Run) -> None:
    run("invite", "--circle", CIRCLE, "--note", "for somebody")
    before = records(run("audit", "list", "--circle", CIRCLE, "--json"))
    assert before[0]["action"] == "invitation_created"
    assert {each["action"] for each in records(run("audit", "list", "--json"))}.isdisjoint(
        {"invitation_created", "alert_raised"}
    )
    assert records(run("audit", "list", "--circle", CIRCLE, "--json"))[0]["action"] == "audit_read"
    assert "审计记录完整" in run("audit", "verify")
    assert "没有的圈" in run("audit", "list", "--circle", "没有的圈", code=1)
    assert "没有用户名为“没有的人”的人" in run("audit", "list", "--who", "没有的人", code=1)


def test_a_long_log_is_read_page_by_page_and_within_a_time(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        run("invite", "--circle", CIRCLE)
    asked = ("audit", "list", "--circle", CIRCLE, "--action", "invitation_created")
    newest = records(run(*asked, "--limit", "1", "--json"))
    before = str(newest[0]["seq"])
    assert f"--before {before}" in run(*asked, "--limit", "1")
    older = records(run(*asked, "--limit", "1", "--before", before, "--json"))
    assert older[0]["seq"] < newest[0]["seq"]
    # More than one look at the store fetches.
    monkeypatch.setattr("responder.cli.audit_list.MOST", 1)
    assert records(run(*asked, "--limit", "2", "--json")) == [*newest, *older]
    now = datetime.now().astimezone().replace(tzinfo=None)
    hour = timedelta(hours=1)
    since, until = ((now + by).isoformat(timespec="seconds") for by in (-hour, hour))
    assert records(run(*asked, "--since", since, "--until", until, "--json"))[:1] == newest
    assert "没有符合条件的记录" in run(*asked, "--since", until)
    assert "没有符合条件的记录" in run(*asked, "--until", since)
    run(*asked, "--since", "yesterday", code=2)
    run(*asked, "--before", str(2**63), code=2)
    for way, beyond in (("--since", "0001-01-01T00:00:00+1400"), ("--until", "9999-12-31T23:59:59-1400")):
        assert "超出日历范围" in run(*asked, way, beyond, code=1)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_action_has_a_word(language: str) -> None:
    for action in AuditAction:
        assert word(Settings().static_dir, language, f"audit_action.{action}"), action


def test_the_log_is_checked_and_its_heads_are_kept(run: Run, demo_database_url: str, tmp_path: Path) -> None:
    run("invite", "--circle", CIRCLE)
    assert "审计记录完整" in run("audit", "verify")
    heads = tmp_path / "heads.jsonl"
    heads.write_text(run("audit", "head"), encoding="utf-8")
    lines = [json.loads(line) for line in heads.read_text(encoding="utf-8").splitlines()]
    assert {"circle", "seq", "hash"} == set(lines[0])
    assert len(lines) == 2, "the demo circle and the platform"
    assert "审计记录完整" in run("audit", "verify", "--heads", str(heads))

    lines[0]["hash"] = "0" * 64
    forged = tmp_path / "forged.jsonl"
    forged.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert "与另存的链头不符" in run("audit", "verify", "--heads", str(forged), code=1)

    with psycopg.connect(demo_database_url.replace("+psycopg", "", 1)) as owner:
        owner.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        owner.execute("UPDATE audit SET detail = '{}' WHERE action = 'invitation_created'")
        bad = owner.execute("SELECT min(seq) FROM audit WHERE action = 'invitation_created'").fetchone()
        owner.execute("ALTER TABLE audit ENABLE TRIGGER USER")
    assert bad is not None
    said = run("audit", "verify", "--circle", CIRCLE, code=1)
    assert f"第 {bad[0]} 条" in said


def test_what_is_no_list_of_heads_is_refused(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text('{"seq": 1}', encoding="utf-8")
    assert "audit head" in run("audit", "verify", "--heads", str(wrong), code=1)
    wrong.write_text("", encoding="utf-8")
    assert "没有链头" in run("audit", "verify", "--heads", str(wrong), code=1)


def test_a_list_of_heads_that_is_not_there_is_said_to_be_missing(run: Run, tmp_path: Path) -> None:
    said = run("audit", "verify", "--heads", str(tmp_path / "missing.jsonl"), code=1)
    assert "没有文件" in said
    assert "There is no file" in said
