"""Pictures in a report are small, upright, and cost no more memory than the server can spare."""

import base64
import io

import pytest
from PIL import Image

from responder.exchange.pictures import LARGEST, thumbnail
from responder.ports.photos import Photo

RED = (255, 0, 0)
TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
"""Says that the picture is to be turned by a quarter."""


def photo(size: tuple[int, int], form: str, *, mode: str = "RGB", exif: bytes = b"") -> Photo:
    picture = Image.new("RGB", size, RED).convert(mode)
    out = io.BytesIO()
    picture.save(out, form, **({"exif": exif} if exif else {}))
    return Photo(content=out.getvalue(), media_type=f"image/{form.lower()}")


def unfolded(uri: str | None) -> Image.Image:
    assert uri is not None
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def test_a_small_file_that_unfolds_to_a_large_picture_is_left_out() -> None:
    assert thumbnail(photo((7000, 7000), "PNG", mode="1")) is None
    assert thumbnail(photo((7000, 7200), "JPEG", mode="L")) is None
    # A camera's JPEG of as many pixels is read at a fraction of its size.
    assert max(unfolded(thumbnail(photo((7000, 7000), "JPEG"))).size) <= max(LARGEST)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_picture_of_any_colours_is_shown_small(mode: str) -> None:
    assert unfolded(thumbnail(photo((1280, 640), "PNG", mode=mode))).size == (640, 320)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_shown_upright_without_what_else_it_says(form: str) -> None:
    small = unfolded(thumbnail(photo((1280, 640), form, exif=TURNED)))

    assert small.size == (320, 640)
    assert not small.getexif()
    red, green, blue = small.convert("RGB").getpixel((10, 10))  # type: ignore[misc]
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


@pytest.mark.parametrize("cut", [3, 20, 200])
def test_a_picture_that_is_cut_off_is_left_out(cut: int) -> None:
    whole = photo((64, 64), "JPEG")

    assert thumbnail(Photo(content=whole.content[:cut], media_type=whole.media_type)) is None
