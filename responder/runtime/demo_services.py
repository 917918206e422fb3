"""The process with the stand-ins of the demo."""

import asyncio
import logging
from typing import Final

from responder.demo.demo_channels import ensure_demo_channels
from responder.demo.services.catch_all import run_catch_all
from responder.demo.services.where import demo_mail_port, demo_services_url
from responder.ports.clock import SystemClock
from responder.runtime.demo_services_port import demo_services_port
from responder.runtime.supervised import leave_with_parent
from responder.settings import Settings
from responder.store.database import connect
from responder.terminal.database_url import database_at_hand
from responder.terminal.logs import log_as

TRY_AGAIN_S: Final = 30.0
_log = logging.getLogger(__name__)


def run_demo_services(settings: Settings) -> None:
    """Give the demo circle its channels, and take what is sent by them until told to stop."""
    log_as("demo-services")
    leave_with_parent()
    with database_at_hand(settings) as url:
        asyncio.run(serve_demo_services(url, demo_services_port(settings), page_url=settings.page_url))


async def serve_demo_services(url: str, port: int, *, page_url: str) -> None:
    """Give the demo circle its channels, and take what is sent by them; wait while the port is taken."""
    database = connect(url)
    try:
        await ensure_demo_channels(database, http_port=port, clock=SystemClock())
    finally:
        await database.dispose()
    _log.info("demo_services_at page=%s mail=%s", demo_services_url(port), demo_mail_port(port))
    is_told = False
    while True:
        try:
            await run_catch_all(port, demo_mail_port(port), page_url=page_url)
        except OSError:
            # Taken since it was chosen, or the one that is set: until it is free, this installation's page
            # is another's.
            if not is_told:
                _log.info("demo_services_elsewhere port=%s", port)
            is_told = True
            await asyncio.sleep(TRY_AGAIN_S)
