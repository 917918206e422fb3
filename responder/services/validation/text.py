"""Text that people typed: short enough, and nothing in it that a database or a browser chokes on."""

import re

from responder.domain.errors import InvalidValueError

DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (UAX 9): unseen in copied numbers, they turn round what follows."""


def checked_text(text: str, *, field: str, longest: int, may_be_empty: bool = True) -> str:
    """
    Return the text without direction controls; marks that only a letter's neighbour sees stay.

    Raises
    ------
    InvalidValueError
        It is too long or empty, or holds NUL or half a surrogate pair.
    """
    text = DIRECTION_CONTROLS.sub("", text)
    if not text.strip() and not may_be_empty:
        message = f"{field} may not be empty"
        raise InvalidValueError(message, field=field)
    if len(text) > longest:
        message = f"{field} is longer than {longest} characters"
        raise InvalidValueError(message, field=field)
    if "\x00" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        message = f"{field} holds a character that cannot be stored"
        raise InvalidValueError(message, field=field)
    return text
