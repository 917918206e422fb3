"""The header that names a file to be kept."""

import re
from typing import Final
from urllib.parse import quote

_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?"<>|]+')
"""What file systems do not take in a name."""
_LONGEST: Final = 80
"""Letters of a name, before its ending."""


def attachment(name: str, ending: str, *, ascii_name: str) -> str:
    """
    Return the value of Content-Disposition for a file, by RFC 6266 with RFC 5987.

    `ascii_name` is for clients that know ASCII only, and where nothing of `name` fits a file system.
    """
    fit = " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST].strip(" .") or ascii_name
    encoded = quote(f"{fit}.{ending}", safe="")
    return f"attachment; filename=\"{ascii_name}.{ending}\"; filename*=UTF-8''{encoded}"
