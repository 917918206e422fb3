"""The page itself: what `static/build.js` has built, or its sources as they are."""

import mimetypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

log = structlog.get_logger(__name__)

BUILT: Final = "dist"
"""Below the folder of the sources."""
ASSETS: Final = "assets"
"""The name of each file in it holds a hash of what is in the file."""
WORKER: Final = "sw.js"
FOLDERS: Final = frozenset({"css", "js", "locales", "icons"})
FILES: Final = frozenset(
    {"index.html", WORKER, "manifest.webmanifest", "icon.svg", "licences.txt", "report-form.js"}
)
PACKAGES: Final = ("maplibre-gl", "lit", "lit-html", "lit-element", "@lit/reactive-element")
"""Third parties' code that the sources import; the tools that check it stay where they are."""
CHUNK_BYTES: Final = 256 * 1024
"""Each piece of a file that is read is a detour by a thread."""
SUFFIXES: Final = frozenset({".js", ".mjs", ".css"})
ENCODINGS: Final[Mapping[str, str]] = {"br": ".br", "gzip": ".gz"}
"""What the build has compressed, the smallest first."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
KEEPS_NOTHING: Final = 'const SHELL = {"version":"sources","files":{},"words":[]};\n'
"""What the service worker is told of sources, which change under it."""

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".mjs")


class Pages(StaticFiles):
    """Serves a folder of the page. Browsers revalidate what can change, and get 304 when it has not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file, if it is one of those that are meant to be seen."""
        return super().lookup_path(path) if self.is_served(path) else ("", None)

    def is_served(self, path: str) -> bool:
        """Tell whether a path is meant for browsers."""
        parts = Path(path).parts
        if any(part.startswith(".") for part in parts):
            return False
        if len(parts) <= 1:
            return not parts or parts[0] in FILES
        return self.is_served_below(parts)

    def is_served_below(self, parts: tuple[str, ...]) -> bool:
        """Tell whether a path in a folder is meant for browsers."""
        raise NotImplementedError

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file."""
        response = await super().get_response(path, scope)
        response.headers.setdefault("Cache-Control", "no-cache")
        if isinstance(response, FileResponse):
            response.chunk_size = CHUNK_BYTES
        return response


class BuiltPages(Pages):
    """Serves what was built, compressed already where the browser takes that."""

    def is_served_below(self, parts: tuple[str, ...]) -> bool:
        """Tell whether a path in a folder is meant for browsers."""
        return parts[0] in {ASSETS, "icons"} and Path(parts[-1]).suffix not in ENCODINGS.values()

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with the smallest form of the file that the browser can read."""
        request = Headers(scope=scope)
        headers = {"Vary": "Accept-Encoding"}
        if Path(full_path).parent.name == ASSETS:
            headers["Cache-Control"] = FOR_EVER
        media_type = mimetypes.guess_type(full_path)[0]
        for encoding in accepted(request.get("accept-encoding", "")):
            compressed = f"{os.fspath(full_path)}{ENCODINGS[encoding]}"
            if os.path.isfile(compressed):  # noqa: PTH113 - in a thread or not, one system call
                full_path, stat_result = compressed, os.stat(compressed)  # noqa: PTH116
                headers["Content-Encoding"] = encoding
                break
        response = FileResponse(
            full_path,
            status_code=status_code,
            headers=headers,
            media_type=media_type,
            stat_result=stat_result,
        )
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, request)
            else response
        )


class SourcePages(Pages):
    """Serves the sources, for those who change them: what is reloaded is what was written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._worker = folder / WORKER

    def is_served_below(self, parts: tuple[str, ...]) -> bool:
        """Tell whether a path in a folder is meant for browsers."""
        if parts[0] != "node_modules":
            return parts[0] in FOLDERS
        inside = "/".join(parts[1:])
        return Path(parts[-1]).suffix in SUFFIXES and any(inside.startswith(f"{name}/") for name in PACKAGES)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file; the service worker is told to keep nothing."""
        if path != WORKER or not self._worker.is_file():
            return await super().get_response(path, scope)
        text = KEEPS_NOTHING + await to_thread.run_sync(self._worker.read_text)
        return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def page_folder(static_dir: Path, *, sources: bool) -> Path:
    """Return the folder that is served: the built one, unless the sources are wanted or nothing is built."""
    built = static_dir / BUILT
    if sources:
        return static_dir
    if not (built / "index.html").is_file():
        log.warning("page_not_built", folder=str(built), next="script/up builds it; its sources are served")
        return static_dir
    return built


def pages(folder: Path) -> Pages:
    """Serve a folder that `page_folder` has chosen."""
    return BuiltPages(folder) if folder.name == BUILT else SourcePages(folder)


def accepted(header: str) -> list[str]:
    """Return the encodings of ours that a browser takes, the smallest first."""
    wanted = {}
    for each in header.split(","):
        name, _, parameters = each.partition(";")
        wanted[name.strip().lower()] = parameters.replace(" ", "")
    return [name for name in ENCODINGS if name in wanted and wanted[name] not in {"q=0", "q=0.0"}]
