"""Files that are sent to us: written to a temporary file as they come, read outside the event loop."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile

from responder.api.parts import Parts
from responder.api.refusals import InvalidRequestError

_PIECE_BYTES: Final = 256 * 1024

REQUEST_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            "application/geo+json": {"schema": {"type": "object"}},
        },
    }
}
"""For OpenAPI: GeoJSON, GeoPackage or a zipped shapefile, as `file` of a form; or GeoJSON as it is."""


@asynccontextmanager
async def received(request: Request, parts: Parts) -> AsyncIterator[Path]:
    """
    Give the path of a temporary file with what was sent.

    The outer guard has capped the size; the file is gone when the block ends.

    Raises
    ------
    InvalidRequestError
        The form has no `file`.
    """
    async with parts.reading:
        # What it is, its content tells; but GDAL warns of a GeoPackage that is not named as one.
        with tempfile.NamedTemporaryFile(prefix="responder-import-", suffix=".gpkg") as file:
            async for piece in _pieces(request):
                file.write(piece)
            file.flush()
            yield Path(file.name)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        async for piece in request.stream():
            yield piece
        return
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            message = "the form has no file named `file`"
            raise InvalidRequestError(
                message, errors=[{"field": "body.file", "message": "a file is missing"}]
            )
        while piece := await sent.read(_PIECE_BYTES):
            yield piece
