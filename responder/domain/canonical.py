"""JSON that is the same for the same values everywhere: what is hashed and compared by others."""

import json
from collections.abc import Mapping
from typing import Final

LARGEST_INTEGER: Final = 2**53 - 1


def canonical(value: object) -> bytes:
    """
    Return JSON as RFC 8785 has it, for the values that a record may hold.

    Numbers that are not whole are refused: they are where implementations differ.
    """
    _require_plain(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def _require_plain(value: object) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                message = f"{key!r} is no name of a record's value"
                raise TypeError(message)
            _require_plain(item)
    elif isinstance(value, list):
        for item in value:
            _require_plain(item)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST_INTEGER):
        message = f"{value!r} is not written alike everywhere"
        raise TypeError(message)
    elif value is not None and not isinstance(value, str | int):
        message = f"a record cannot hold {value!r}"
        raise TypeError(message)
