"""A picture that people send."""

from typing import NamedTuple


class Photo(NamedTuple):
    """A picture, as it was sent or as it was drawn again."""

    media_type: str
    """image/jpeg or image/png."""
    content: bytes
