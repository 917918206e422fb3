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

from responder.api.routes.page import Pages, is_served
from responder.api.routes.shell import Shells
from tests.api.conftest import World

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def http(tmp_path: Path) -> httpx.AsyncClient:
    static = tmp_path / "static"
    for name, text in {
        "index.html": "<!doctype html><title>x</title>",
        "package.json": "{}",
        "js/main.js": "export {};",
        "js/.secret.js": "",
        "tests/main.test.js": "",
        "locales/en.json": "{}",
        "node_modules/lit/index.js": "export {};",
        "node_modules/lit/package.json": "{}",
        "node_modules/eslint/lib/api.js": "",
    }.items():
        file = static / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "secret.js").write_text("", encoding="utf-8")
    app = Starlette(routes=[Mount("/", Pages(static))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/js/main.js", "/locales/en.json", "/node_modules/lit/index.js"]
)
async def test_what_a_browser_needs_is_served(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    again = await http.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


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
async def test_what_lies_beside_it_is_not(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, follow_redirects=False)
    assert answer.status_code == 404


async def test_modules_have_a_type_that_browsers_run(http: httpx.AsyncClient) -> None:
    assert (await http.get("/js/main.js")).headers["content-type"].startswith("text/javascript")


def test_everything_that_the_page_imports_is_served() -> None:
    index = STATIC / "index.html"
    if not index.is_file():
        pytest.skip("there is no page yet")
    page = index.read_text(encoding="utf-8")
    named = re.findall(r"(?:src|href)=\"/([^\"#?:]+)\"", page) + re.findall(r"\": *\"/([^\"]+[^/\"])\"", page)
    assert named
    for path in named:
        assert is_served(path), path


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


async def test_the_worker_is_told_every_file_that_the_page_needs_each_with_its_hash(world: World) -> None:
    async with world.anonymous() as client:
        worker = await client.get("/sw.js")
        assert worker.headers["content-type"].startswith("text/javascript")
        files = told(worker.text)["files"]
        scripts = {f"/{path.relative_to(STATIC)}" for path in STATIC.glob("js/**/*.js")}
        assert files.keys() >= {"/", "/locales/zh-CN.json", "/locales/en.json", "/icon.svg", *scripts}
        for path, integrity in files.items():
            answer = await client.get(path)
            assert answer.status_code == 200, path
            digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
            assert integrity == f"sha256-{digest}", path


@pytest.mark.parametrize("path", ["index.html", "js/far.js", "locales/en.json", "node_modules/lit/index.js"])
def test_another_file_is_another_version_of_the_whole(tmp_path: Path, path: str) -> None:
    for name, text in {
        "index.html": (
            '<script type="importmap">{"imports": {"lit": "/node_modules/lit/index.js"}}</script>'
            '<script type="module" src="/js/main.js"></script>'
        ),
        "js/main.js": 'import "./far.js"; import { html } from "lit"; import "../../outside.js";',
        "js/far.js": "export {};",
        "js/unused.js": "",
        "locales/en.json": "{}",
        "node_modules/lit/index.js": "export {};",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    shells = Shells(tmp_path)
    before = shells.now()
    assert before.files.keys() == {
        *("/", "/js/main.js", "/js/far.js", "/locales/en.json", "/node_modules/lit/index.js")
    }
    assert shells.now() is before
    (tmp_path / path).write_text((tmp_path / path).read_text() + "\n", encoding="utf-8")
    after = shells.now()
    assert after.version != before.version
    assert {each for each in after.files if after.files[each] != before.files[each]} == {
        "/" if path == "index.html" else f"/{path}"
    }
