"""Files that are sent to us: written to a temporary file as they come, read outside the event loop."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile

from responder.api.deps.context import AppContext
from responder.api.errors.refusals import InvalidRequestError

_PIECE_BYTES: Final = 256 * 1024

REQUEST_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "mapping": {"type": "string", "description": "How columns are read, as JSON"},
                    },
                    "required": ["file"],
                }
            },
            "application/geo+json": {"schema": {"type": "object"}},
        },
    }
}
"""For OpenAPI: GeoJSON, GeoPackage or a zipped shapefile, as `file` of a form; or GeoJSON as it is."""


_NAME_LENGTH: Final = 200
_FIELD_LENGTH: Final = 256 * 1024


@dataclass(slots=True)
class Received:
    """What was sent: a file that is there until the request ends."""

    path: Path
    name: str = ""
    """What the file is called where it comes from; a guess is made from it, nothing is opened by it."""
    mapping: str | None = None
    """The form's field of that name."""


@asynccontextmanager
async def received(request: Request, context: AppContext) -> AsyncIterator[Received]:
    """
    Give a temporary file with what was sent.

    The outer guard has capped the size; the file is gone when the block ends.

    Raises
    ------
    InvalidRequestError
        The form has no `file`.
    """
    async with context.reading:
        # What it is, its content tells; but GDAL warns of a GeoPackage that is not named as one.
        with tempfile.NamedTemporaryFile(prefix="responder-import-", suffix=".gpkg") as file:
            sent = Received(Path(file.name))
            async for piece in _pieces(request, sent):
                file.write(piece)
            file.flush()
            yield sent


async def _pieces(request: Request, sent: Received) -> AsyncIterator[bytes]:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        async for piece in request.stream():
            yield piece
        return
    async with request.form(max_files=1, max_fields=2, max_part_size=_FIELD_LENGTH) as form:
        file, mapping = form.get("file"), form.get("mapping")
        if not isinstance(file, UploadFile):
            message = "the form has no file named `file`"
            raise InvalidRequestError(
                message, errors=[{"field": "body.file", "message": "a file is missing"}]
            )
        name = PurePath((file.filename or "").replace("\\", "/")).name[-_NAME_LENGTH:]
        sent.name = "".join(letter for letter in name if letter.isprintable())
        sent.mapping = mapping if isinstance(mapping, str) else None
        while piece := await file.read(_PIECE_BYTES):
            yield piece
