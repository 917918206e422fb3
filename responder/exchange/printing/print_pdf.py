"""A PDF from self-contained HTML, printed by a process of its own so that nothing else waits for it."""

import asyncio
import sys
from contextlib import suppress
from typing import Final

from responder.domain.errors import BusyError, PdfUnavailableError
from responder.exchange.printing.print_process import STRICT

PACKAGES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk"
"""Debian's packages that are needed."""
LONGEST_S: Final = 120.0
MOST_WAITING: Final = 4
_LACKING: Final = 3
"""Exit status of a process that lacks a library or a Chinese font."""


class Printer:
    """Prints one document at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    async def print(self, html: str, *, is_strict: bool = False) -> bytes:
        """
        Return the PDF of a self-contained HTML page.

        With `is_strict` there is none if the engine warns of anything, such as a style that it leaves out.

        Raises
        ------
        PdfUnavailableError
            A system library or a font with Chinese is missing; `packages` says what to install.
        BusyError
            Too many wait, it took too long, or the engine warned and that is an error.
        """
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                return await _printed(html.encode("utf-8", "replace"), *([STRICT] if is_strict else []))
        finally:
            self._waiting -= 1


async def _printed(html: bytes, *arguments: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "responder.exchange.printing.print_process",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        pdf, _ = await asyncio.wait_for(process.communicate(html), LONGEST_S)
    except TimeoutError:
        raise BusyError from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == _LACKING:
        raise PdfUnavailableError(packages=PACKAGES)
    if process.returncode != 0 or not pdf.startswith(b"%PDF-"):
        raise BusyError
    return pdf
