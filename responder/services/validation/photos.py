"""Pictures that people send: what may be one, and that it is drawn again."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from responder.domain.errors import InvalidValueError
from responder.ports.photos import Photo

LARGEST: Final = 1_048_576
"""Bytes."""
_BEGINNINGS: Final = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}

_DRAWING: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photos")
"""One at a time, and not in the pool whose few threads find out who can respond to an alert."""

Redraw = Callable[[Photo], Photo | None]
"""Draws a picture again, small and without what else its file says; None if it cannot be read."""


def require_picture(photo: Photo, *, largest: int = LARGEST) -> None:
    """
    Refuse what is not sent as a picture.

    Raises
    ------
    InvalidValueError
        It is neither a JPEG nor a PNG, or has more than `largest` bytes.
    """
    beginning = _BEGINNINGS.get(photo.media_type)
    if beginning is None or not photo.content.startswith(beginning):
        message = "a picture is a JPEG or a PNG"
        raise InvalidValueError(message, field="photo")
    if len(photo.content) > largest:
        message = f"a picture has at most {largest} bytes"
        raise InvalidValueError(message, field="photo")


async def drawn(photo: Photo, redraw: Redraw) -> Photo:
    """
    Draw a picture again that was taken by `require_picture`: where and by whom it was made is left behind.

    Raises
    ------
    InvalidValueError
        It cannot be read.
    """
    again = await asyncio.get_running_loop().run_in_executor(_DRAWING, redraw, photo)
    if again is None or len(again.content) > LARGEST:
        message = "this picture cannot be read"
        raise InvalidValueError(message, field="photo")
    return again
