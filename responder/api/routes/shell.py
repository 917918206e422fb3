"""The files that the page needs to open: all of them together are one version, which browsers keep whole."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import unquote

_IMPORT_MAP: Final = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
_NAMED: Final = {
    ".html": (re.compile(r'(?:href|src)="(/[^"#?]+)"'),),
    ".css": (re.compile(r'url\(["\']?([^"\')]+)'), re.compile(r'@import\s+["\']([^"\']+)')),
    ".webmanifest": (re.compile(r'"src":\s*"([^"]+)"'),),
    ".js": (
        re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*["\']([^"\'\n]+)["\']'),
        re.compile(r'new URL\(\s*["\']([^"\'\n]+)["\'],\s*import\.meta\.url'),
    ),
}
_NAMED[".mjs"] = _NAMED[".js"]

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What the page needs, by the path that a browser asks for."""

    version: str
    files: dict[str, str]
    """With the hash of what is there, as `integrity` has it."""

    def as_script(self) -> str:
        """Return it as the first line of the service worker: another version is another worker."""
        told = json.dumps({"version": self.version, "files": self.files}, separators=(",", ":"))
        return f"const SHELL = {told};\n"


class Shells:
    """Finds the files that a folder's page names, and those that they name; again when one has changed."""

    def __init__(self, static_dir: Path) -> None:
        self._static_dir = static_dir
        self._found: tuple[Stamp, Shell] | None = None

    def now(self) -> Shell:
        """Return the page's files in their present version."""
        if self._found is not None and self._stamp(self._found[1].files) == self._found[0]:
            return self._found[1]
        contents = self._contents()
        files = {_address(path): _integrity(content) for path, content in sorted(contents.items())}
        version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
        self._found = (self._stamp(files), Shell(version, files))
        return self._found[1]

    def _contents(self) -> dict[str, bytes]:
        locales = (path.name for path in self._static_dir.glob("locales/*.json"))
        due = ["index.html", *(f"locales/{name}" for name in locales)]
        contents: dict[str, bytes] = {}
        import_map: dict[str, str] = {}
        while due:
            path = due.pop()
            file = self._static_dir / path
            if path in contents or path.startswith("..") or not file.is_file():
                continue
            contents[path] = file.read_bytes()
            patterns = _NAMED.get(file.suffix, ())
            text = contents[path].decode(errors="replace") if patterns else ""
            if found := _IMPORT_MAP.search(text):
                import_map = json.loads(found[1])["imports"]
            named = (each for pattern in patterns for each in pattern.findall(text))
            due.extend(_resolved(each, path, import_map) for each in named)
        return contents

    def _stamp(self, files: dict[str, str]) -> Stamp:
        found = []
        for address in files:
            file = self._static_dir / (address.lstrip("/") or "index.html")
            if file.is_file():
                about = file.stat()
                found.append((address, about.st_mtime_ns, about.st_size))
        return tuple(found)


def _resolved(named: str, by: str, import_map: dict[str, str]) -> str:
    """Return the path below `static/` of what a file names."""
    named = unquote(named)
    if named.startswith(("./", "../")) or by.endswith(".css"):
        return normpath(join(dirname(by), named)) if not named.startswith("/") else named.lstrip("/")
    if not named.startswith("/"):
        begun = [each for each in import_map if each == named or (each[-1] == "/" and named.startswith(each))]
        if not begun:
            return ".."
        longest = max(begun, key=len)
        named = import_map[longest] + named[len(longest) :]
    return normpath(named.lstrip("/"))


def _address(path: str) -> str:
    return "/" if path == "index.html" else f"/{path}"


def _integrity(content: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
