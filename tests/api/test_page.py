"""The page is served, and nothing that merely lies beside it."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from responder.api.routes.page import BUILT, accepted, page_folder, pages
from tests.api.conftest import World

FILES = {
    "index.html": "<!doctype html><title>x</title>",
    "package.json": "{}",
    "sw.js": "const CACHE = SHELL.version;",
    "js/main.js": "export {};",
    "js/.secret.js": "",
    "tests/main.test.js": "",
    "locales/en.json": "{}",
    "node_modules/lit/index.js": "export {};",
    "node_modules/lit/package.json": "{}",
    "node_modules/eslint/lib/api.js": "",
    "dist/index.html": "<!doctype html><title>built</title>",
    "dist/index.html.gz": "as gzip",
    "dist/sw.js": "const SHELL = {};",
    "dist/.sources": "a hash",
    "dist/assets/main-1a2b.js": "export {};",
    "dist/assets/main-1a2b.js.map": "{}",
    "dist/assets/main-1a2b.js.gz": "as gzip",
    "dist/assets/main-1a2b.js.br": "as Brotli",
    "dist/icons/icon-192.png": "",
}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """Sources of a page, what was built of them, and more that lies there."""
    for name, text in FILES.items():
        file = tmp_path / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "secret.js").write_text("", encoding="utf-8")
    return tmp_path / "static"


def client(folder: Path) -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/", pages(folder))])
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://127.0.0.1",
        headers={"Accept-Encoding": "identity"},
    )


@pytest.fixture
def sources(static: Path) -> httpx.AsyncClient:
    return client(page_folder(static, sources=True))


@pytest.fixture
def http(static: Path) -> httpx.AsyncClient:
    return client(page_folder(static, sources=False))


@pytest.mark.parametrize("path", ["/", "/index.html", "/sw.js", "/icons/icon-192.png"])
async def test_what_a_browser_needs_is_served_and_asked_for_again(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    again = await http.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "of_its_own"),
    [("/", "built"), ("/assets/main-1a2b.js", "export"), ("/assets/main-1a2b.js.map", "{}")],
)
async def test_what_was_built_is_served(http: httpx.AsyncClient, path: str, of_its_own: str) -> None:
    answer = await http.get(path, headers={"Accept-Encoding": "identity"})
    assert of_its_own in answer.text


async def test_what_has_a_hash_in_its_name_is_never_asked_for_again(http: httpx.AsyncClient) -> None:
    answer = await http.get("/assets/main-1a2b.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("takes", "path", "encoding"),
    [
        ("gzip, deflate, br, zstd", "/assets/main-1a2b.js", "br"),
        ("gzip, deflate", "/assets/main-1a2b.js", "gzip"),
        ("gzip, br;q=0", "/assets/main-1a2b.js", "gzip"),
        ("gzip, br", "/", "gzip"),
        ("gzip, br", "/sw.js", None),
        ("", "/assets/main-1a2b.js", None),
    ],
)
async def test_each_browser_gets_the_smallest_form_that_it_can_read(
    static: Path, takes: str, path: str, encoding: str | None
) -> None:
    async with (
        client(static / BUILT) as http,
        http.stream("GET", path, headers={"Accept-Encoding": takes}) as answer,
    ):
        sent = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"].startswith(
            "text/javascript" if path.endswith("js") else "text/html"
        )
        suffix = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
        name = f"dist/{path.strip('/') or 'index.html'}{suffix}"
        assert sent == FILES[name].encode()


def test_an_encoding_that_is_refused_is_not_accepted() -> None:
    assert accepted("br;q=0, gzip; q=0.5, zstd") == ["gzip"]
    assert accepted("") == []


@pytest.mark.parametrize(
    "path",
    [
        "/js/main.js",
        "/.sources",
        "/assets/main-1a2b.js.gz",
        "/assets/main-1a2b.js.br",
        "/assets/../../js/main.js",
        "/assets/%2e%2e/%2e%2e/package.json",
        "/assets",
        "/package.json",
        "/nothing",
    ],
)
async def test_what_lies_beside_the_built_page_is_not_served(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, follow_redirects=False)
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/", "/js/main.js", "/locales/en.json", "/node_modules/lit/index.js"])
async def test_the_sources_are_served_as_they_are(sources: httpx.AsyncClient, path: str) -> None:
    answer = await sources.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/package.json",
        "/js/.secret.js",
        "/tests/main.test.js",
        "/node_modules/lit/package.json",
        "/node_modules/eslint/lib/api.js",
        "/node_modules/lit/../eslint/lib/api.js",
        "/js/%2e%2e/package.json",
        "/js/%2e%2e/%2e%2e/secret.js",
        "/js/..%2f..%2fsecret.js",
        "/js",
        "/nothing",
    ],
)
async def test_what_lies_beside_the_sources_is_not(sources: httpx.AsyncClient, path: str) -> None:
    answer = await sources.get(path, follow_redirects=False)
    assert answer.status_code == 404


async def test_of_sources_the_worker_keeps_nothing(sources: httpx.AsyncClient) -> None:
    answer = await sources.get("/sw.js")
    assert told(answer.text) == {"version": "sources", "files": {}, "words": []}
    assert answer.text.endswith(FILES["sw.js"])


def test_where_nothing_is_built_the_sources_are_served(static: Path) -> None:
    assert page_folder(static, sources=False) == static / BUILT
    (static / BUILT / "index.html").unlink()
    assert page_folder(static, sources=False) == static


async def test_modules_have_a_type_that_browsers_run(sources: httpx.AsyncClient) -> None:
    assert (await sources.get("/js/main.js")).headers["content-type"].startswith("text/javascript")


async def test_the_policy_lets_the_real_pages_import_map_through(world: World) -> None:
    async with world.anonymous() as client:
        answer = await client.get("/")
    found = re.findall(r"<script type=\"importmap\">(.*?)</script>", answer.text, re.DOTALL)
    for text in found:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"].partition("style-src")[0]


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/config", "/api/session", "/api/nothing", "/nothing"])
async def test_every_answer_is_dressed(world: World, path: str) -> None:
    async with world.anonymous() as client:
        answer = await client.get(path)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    if path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/api/config", "/healthz"])
async def test_nothing_answers_to_another_machines_name(world: World, path: str) -> None:
    async with world.anonymous() as client:
        answer = await client.get(path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "host_refused")


def told(text: str) -> dict[str, Any]:
    """What the service worker is told to keep."""
    first, _, _ = text.partition("\n")
    found: dict[str, Any] = json.loads(first.removeprefix("const SHELL = ").removesuffix(";"))
    return found
