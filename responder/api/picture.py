"""Pictures in requests and answers."""

from typing import Any, Final

from fastapi import Request, Response

from responder.api.errors.problem import answers
from responder.ports.photos import Photo

PICTURE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            name: {"schema": {"type": "string", "format": "binary"}} for name in ("image/jpeg", "image/png")
        },
    }
}
"""For OpenAPI: a picture as it is, no form around it."""
PICTURE_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The picture", "content": {"image/jpeg": {}, "image/png": {}}},
    **answers(401, 403, 404),
}


async def sent_photo(request: Request) -> Photo:
    """Return the picture that a request is."""
    return Photo(media_type=request.headers.get("content-type", ""), content=await request.body())


def picture(photo: Photo) -> Response:
    """Answer with a picture."""
    return Response(photo.content, media_type=photo.media_type, headers={"Cache-Control": "private"})
