"""Print HTML from standard input as a PDF to standard output: run by `print_pdf`, and no one else."""

import logging
import os
import resource
import subprocess
import sys
from typing import Any, Final

NICENESS: Final = 10
MEMORY: Final = 2 * 1024**3
"""Bytes of address space: what takes more ends, and the server goes on."""
STRICT: Final = "--strict"
"""What the engine warns of is an error: what it left out would be missing on paper."""
_LACKING: Final = 3
_WARNED: Final = 4


def _has_chinese_font() -> bool:
    try:
        found = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"],  # noqa: S607 - wherever the system has it
            capture_output=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(found.stdout.strip())


class _Warnings(logging.Handler):
    """Keeps what the engine warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def main() -> int:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    html = sys.stdin.buffer.read().decode()
    try:
        import weasyprint  # noqa: PLC0415 - it takes a second, and may find that a library is missing
    except OSError:
        return _LACKING
    if not _has_chinese_font():
        return _LACKING
    warnings = _Warnings()
    logging.getLogger("weasyprint").addHandler(warnings)
    logging.getLogger("weasyprint").propagate = False
    # Nothing is fetched: a report has all in itself.
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    page: Any = weasyprint.HTML(string=html, url_fetcher=nothing)
    pdf = page.write_pdf()
    if STRICT in sys.argv and warnings.told:
        sys.stderr.write("".join(f"{each}\n" for each in warnings.told))
        return _WARNED
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
