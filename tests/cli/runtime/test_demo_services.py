"""The process with the stand-ins of the demo."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from responder.demo.services.catch_all import catch_all
from responder.demo.services.where import HOST, demo_mail_port
from responder.runtime import demo_services, demo_services_port
from responder.settings import Settings
from tests.patience import PATIENCE_S
from tests.ports import free_port


async def test_a_port_that_another_installation_has_is_waited_for(
    demo_database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(demo_services, "TRY_AGAIN_S", 0.01)
    caplog.set_level("INFO")
    port = free_port()
    async with catch_all(port, demo_mail_port(port)):
        running = asyncio.create_task(
            demo_services.serve_demo_services(demo_database_url, port, page_url="http://localhost/")
        )
        async with asyncio.timeout(PATIENCE_S):
            while "demo_services_elsewhere" not in caplog.text:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.01)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                break
    writer.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert caplog.text.count("demo_services_elsewhere") == 1


def test_mail_has_a_port_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_DEMO_SERVICES_PORT", "65535")
    with pytest.raises(ValueError, match="65534"):
        Settings()


def test_free_ports_are_chosen_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESPONDER_DEMO_SERVICES_PORT", raising=False)
    usual, second, third = _free_pairs(3)
    monkeypatch.setattr(demo_services_port, "USUAL", usual)
    monkeypatch.setattr(demo_services_port, "NEXT", (second, third))
    settings = Settings(data_dir=tmp_path)

    with socket.create_server((HOST, usual)), socket.create_server((HOST, demo_mail_port(second))):
        assert demo_services_port.demo_services_port(settings) == third
    # The first is free again, and what was chosen stays.
    assert demo_services_port.demo_services_port(settings) == third
    with socket.create_server((HOST, third)):
        assert demo_services_port.demo_services_port(settings) == usual
    assert demo_services_port.demo_services_port(Settings(data_dir=tmp_path, demo_services_port=9)) == 9


def _free_pairs(count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        port = free_port()
        with suppress(OSError), socket.create_server((HOST, demo_mail_port(port))):
            found.append(port)
    return found
