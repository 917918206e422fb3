"""Channels at the machine: set up, changed, tested, removed. Secrets come from files, never printed."""

import re
from pathlib import Path

from responder.demo.demo_circle import demo_accounts
from tests.cli.conftest import Run

CIRCLE = ("--circle", demo_accounts().circle_name)


def test_a_service_is_added_changed_tested_and_removed(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("hush-hush\n")
    said = run("channel", "add", "ntfy", *CIRCLE, "--name", "推送 [red]", "--set", f"token=@{secret}")
    assert "推送" in said
    listed = run("channel", "list", *CIRCLE)
    assert re.search(r"ntfy\s+推送 \[red\]", listed)
    assert "未自检" in listed
    assert "没有验证过的通道" in listed
    assert "通道已修改" in run("channel", "set", "推送 [red]", *CIRCLE, "--off", "--set", "token=")
    assert "已停用" in run("channel", "list", *CIRCLE)
    assert "0 条测试" in run("channel", "test", *CIRCLE)
    assert "hush" not in said + listed
    assert "通道已移除" in run("channel", "remove", "推送 [red]", *CIRCLE)
    assert "ntfy" not in run("channel", "list", *CIRCLE)


def test_what_is_wrong_is_said(run: Run) -> None:
    assert "unknown" in run("channel", "add", "ntfy", *CIRCLE, "--name", "x", "--set", "a=b", code=1)
    assert "NAME=VALUE" in run("channel", "add", "ntfy", *CIRCLE, "--name", "x", "--set", "token", code=1)
    assert run("channel", "remove", "nothing", *CIRCLE, code=1)
