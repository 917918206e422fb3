"""The page itself: only what a browser needs of `static/`, and nothing else that lies there."""

import mimetypes
import os
from pathlib import Path
from typing import Final

from anyio import to_thread
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from responder.api.routes.shell import Shells

WORKER: Final = "sw.js"
FOLDERS: Final = frozenset({"css", "js", "locales", "icons", "fonts"})
FILES: Final = frozenset({"index.html", WORKER, "manifest.webmanifest", "favicon.ico", "icon.svg"})
PACKAGES: Final = ("maplibre-gl", "lit", "lit-html", "lit-element", "@lit/reactive-element")
"""Third parties' code that the page imports; the tools that check it stay where they are."""
CHUNK_BYTES: Final = 256 * 1024
"""Each piece of a file that is read is a detour by a thread."""
SUFFIXES: Final = frozenset({".js", ".mjs", ".css"})

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".mjs")


class Pages(StaticFiles):
    """Serves the page. Browsers revalidate each file, and get 304 when it is unchanged."""

    def __init__(self, static_dir: Path) -> None:
        super().__init__(directory=static_dir, html=True, check_dir=False)
        self._static_dir = static_dir
        self._shells = Shells(static_dir)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file, if it is one of those that are meant to be seen."""
        return super().lookup_path(path) if is_served(path) else ("", None)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file; the service worker gets the list of files to cache."""
        if path == WORKER and (self._static_dir / WORKER).is_file():
            text = await to_thread.run_sync(self._worker)
            headers = {"Cache-Control": "no-cache"}
            return Response(text, media_type="text/javascript", headers=headers)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        if isinstance(response, FileResponse):
            response.chunk_size = CHUNK_BYTES
        return response

    def _worker(self) -> str:
        return self._shells.now().as_script() + (self._static_dir / WORKER).read_text(encoding="utf-8")


def is_served(path: str) -> bool:
    """Tell whether a path below `static/` is meant for browsers."""
    parts = Path(path).parts
    if any(part.startswith(".") for part in parts):
        return False
    if len(parts) <= 1:
        return not parts or parts[0] in FILES
    if parts[0] != "node_modules":
        return parts[0] in FOLDERS
    inside = "/".join(parts[1:])
    return Path(path).suffix in SUFFIXES and any(inside.startswith(f"{name}/") for name in PACKAGES)
