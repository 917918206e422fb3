"""Pictures made small, with nothing left of what else their files say."""

import base64
import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from responder.ports.photos import Photo

LARGEST: Final = (640, 640)
"""Pixels."""
MOST_PIXELS: Final = 50_000_000
"""Of a picture as it was sent: a small file may unfold to more than there is memory for."""
MOST_UNFOLDED: Final = 16_000_000
"""Pixels that are held in memory. A JPEG is read at a fraction of its size, a PNG is not."""
_QUALITY: Final = 72
LARGEST_REDRAWN: Final = (1280, 1280)
"""Pixels: text on a sign can be read, and a phone has it within seconds."""

LARGEST_IN_LIST: Final = (240, 240)
"""Pixels: many of them are loaded at once."""


def thumbnail(photo: Photo) -> str | None:
    """Return a picture as a small JPEG in a data URI, without what else the file says; None if it is none."""
    drawn = _jpeg(photo, LARGEST)
    return None if drawn is None else f"data:image/jpeg;base64,{base64.b64encode(drawn).decode()}"


def redrawn(photo: Photo) -> Photo | None:
    """Return a picture as a JPEG of 1280 pixels at most, with nothing else; None if it is none."""
    drawn = _jpeg(photo, LARGEST_REDRAWN)
    return None if drawn is None else Photo("image/jpeg", drawn)


def shrunk(photo: Photo) -> Photo | None:
    """Return a picture as a JPEG of 240 pixels at most, for lists; None if it is none."""
    drawn = _jpeg(photo, LARGEST_IN_LIST)
    return None if drawn is None else Photo("image/jpeg", drawn)


def _jpeg(photo: Photo, largest: tuple[int, int]) -> bytes | None:
    try:
        with Image.open(io.BytesIO(photo.content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("RGB", largest)
            if picture.width * picture.height > MOST_UNFOLDED:
                return None
            # Colours of a palette cannot be mixed.
            whole = picture.convert("RGB") if picture.mode in {"1", "P"} else picture
            whole.thumbnail(largest)
            out = io.BytesIO()
            ImageOps.exif_transpose(whole).convert("RGB").save(out, "JPEG", quality=_QUALITY)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return out.getvalue()
