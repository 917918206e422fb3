"""The process with the stand-ins of the demo."""

import asyncio

import pytest

from responder.demo.services.catch_all import catch_all
from responder.demo.services.where import demo_mail_port
from responder.runtime import demo_services
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
        running = asyncio.create_task(demo_services.serve_demo_services(demo_database_url, port))
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
