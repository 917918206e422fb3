"""Text that people typed: short enough, and nothing in it that a database or a browser chokes on."""

from responder.domain.errors import InvalidValueError


def checked_text(text: str, *, field: str, longest: int, may_be_empty: bool = True) -> str:
    """
    Return the text.

    Raises
    ------
    InvalidValueError
        It is too long or empty, or holds NUL or half a surrogate pair.
    """
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
