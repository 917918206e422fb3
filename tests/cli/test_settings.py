"""What an installation may choose."""

from pathlib import Path

import pytest
import typer
from pydantic import ValidationError

from responder.settings import FORMER_NAMES, Settings
from responder.terminal.console import explained


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    import os  # noqa: PLC0415

    for name in list(os.environ):
        if name.startswith("RESPONDER_"):
            monkeypatch.delenv(name)


def test_one_machine_needs_no_choice() -> None:
    settings = Settings()
    assert settings.page_url == "http://127.0.0.1:8000/"
    assert settings.origins == {
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://[::1]:8000",
    }


def test_the_data_stay_with_the_installation_wherever_it_is_called_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Settings().data_dir
    monkeypatch.chdir(tmp_path)
    assert before.is_absolute()
    assert Settings().data_dir == before


def test_public_origins_come_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_PUBLIC_ORIGINS", "https://Circle.example/, http://10.0.0.5:8000")
    settings = Settings()
    assert settings.public_origins == ("https://circle.example", "http://10.0.0.5:8000")
    assert settings.page_url == "https://circle.example/"


@pytest.mark.parametrize("origin", ["circle.example", "ftp://circle.example", "https://a/b", "https://"])
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("RESPONDER_PUBLIC_ORIGINS", origin)
    with pytest.raises(ValidationError):
        Settings()


def test_two_processes_need_two_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_PORT", "8001")
    with pytest.raises(ValidationError, match="the same"):
        Settings()


def test_the_database_url_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_DATABASE_URL", "postgresql://me:hunter2@db/responder")
    assert "hunter2" not in repr(Settings())


def test_a_nats_url_is_one_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().nats_url is None
    monkeypatch.setenv("RESPONDER_NATS_URL", "nats://one:4222,tls://two:4222")
    assert Settings().nats_url == "nats://one:4222,tls://two:4222"
    monkeypatch.setenv("RESPONDER_NATS_URL", "redis://one")
    with pytest.raises(ValidationError):
        Settings()


def test_a_setting_under_its_former_name_is_refused_with_the_new_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESPONDER_BUS", "nats://one:4222")
    with pytest.raises(ValidationError, match="RESPONDER_BUS is called RESPONDER_NATS_URL now"):
        Settings()
    with pytest.raises(typer.Exit) as refused, explained():
        pass
    assert refused.value.exit_code == 1
    assert "RESPONDER_BUS is called RESPONDER_NATS_URL now" in " ".join(capsys.readouterr().err.split())


def test_todays_name_of_a_setting_is_that_of_a_field() -> None:
    known = {f"RESPONDER_{name.upper()}" for name in Settings.model_fields}
    assert set(FORMER_NAMES.values()) <= known
    assert not FORMER_NAMES.keys() & known
