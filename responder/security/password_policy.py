"""Which passwords are good enough for an account."""

from typing import Final

from responder.domain.errors import WeakPasswordError
from responder.security.common_passwords import COMMON

SHORTEST: Final = 12
LONGEST: Final = 1024
BESIDE_NAME: Final = 6
"""So many letters a password has beside the user name, when that is in it."""


def checked_password(password: str, *, username: str) -> str:
    """
    Return a password that is good enough for an account.

    Raises
    ------
    WeakPasswordError
        It is too short or too long, holds the user name and little else, or is among those tried first.
    """
    plain = password.casefold()
    name = username.casefold()
    reason = None
    if len(password) < SHORTEST:
        reason = "too_short"
    elif len(password) > LONGEST:
        reason = "too_long"
    elif any("\ud800" <= letter <= "\udfff" for letter in password):
        reason = "unfit"
    elif name and name in plain and len(plain.replace(name, "")) < BESIDE_NAME:
        reason = "user_name"
    elif plain in COMMON or len(set(plain)) < 4:  # noqa: PLR2004 - the same few letters over and over
        reason = "common"
    if reason is not None:
        raise WeakPasswordError(reason=reason, at_least=SHORTEST)
    return password
