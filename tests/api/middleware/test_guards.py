"""The outer guards, each in front of an application that tells what reached it."""

import base64
import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from responder.api.host_name import host_of
from responder.api.live_address import LiveAddress
from responder.api.middleware.body_cap import BodyCap, BodyCaps
from responder.api.middleware.host import HostGuard
from responder.api.middleware.origin import OriginGuard
from responder.api.middleware.security_headers import SecurityHeaders, import_map_hashes

OURS = "https://circle.example"
CAPS = BodyCaps(usual_bytes=100, import_bytes=1000)


async def count_body(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def swallow_errors(scope: Scope, receive: Receive, send: Send) -> None:
    """Read like a framework that turns every error of the reading into an answer of its own."""
    try:
        await Request(scope, receive).body()
    except Exception:  # noqa: BLE001 - that is what it is for
        await PlainTextResponse("bad request", 400)(scope, receive, send)


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=OURS)


async def in_pieces(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 10):
        yield b"x" * 10


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/", 100, 200), ("/", 101, 413), ("/a/import", 1000, 200), ("/a/import/preview", 1000, 200)],
)
async def test_the_announced_size_is_capped(path: str, size: int, status: int) -> None:
    async with client(BodyCap(count_body, CAPS)) as http:
        assert (await http.post(path, content=b"x" * size)).status_code == status


@pytest.mark.parametrize("app", [count_body, swallow_errors])
async def test_the_real_size_is_capped_when_none_was_announced(app: ASGIApp) -> None:
    async with client(BodyCap(app, CAPS)) as http:
        answer = await http.post("/", content=in_pieces(5000))
        assert answer.status_code == 413
        assert answer.json()["code"] == "body_too_large"


async def test_an_absurd_announcement_is_refused() -> None:
    async with client(BodyCap(count_body, CAPS)) as http:
        answer = await http.post("/", content=b"", headers={"Content-Length": "9" * 5000})
        assert answer.status_code == 413


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("circle.example", 200),
        ("CIRCLE.example:8443", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("circle.example.evil.example", 400),
        ("circle.example@evil.example", 400),
        ("", 400),
    ],
)
async def test_only_our_names_are_answered(host: str, status: int) -> None:
    async with client(HostGuard(count_body, [OURS])) as http:
        assert (await http.get("/", headers={"Host": host})).status_code == status


async def test_two_host_headers_are_one_too_many() -> None:
    async with client(HostGuard(count_body, [OURS])) as http:
        answer = await http.get("/", headers=[("Host", "circle.example"), ("Host", "evil.example")])
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("header", "name"),
    [("a.example", "a.example"), ("a.example:80", "a.example"), ("[::1]", "[::1]"), ("[::1]:80", "[::1]")],
)
def test_a_host_is_read_with_and_without_port(header: str, name: str) -> None:
    assert host_of(header) == name


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": OURS}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://circle.example"}, 403),
        ({"Origin": "https://circle.example.evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_only_our_pages_may_change_something(headers: dict[str, str], status: int) -> None:
    async with client(OriginGuard(count_body, frozenset({OURS}))) as http:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert (await http.request(method, "/", headers=headers)).status_code == status
        assert (await http.get("/", headers=headers)).status_code == 200


async def policy(live: LiveAddress, *, page: str = "") -> dict[str, str]:
    guarded = SecurityHeaders(count_body, script_hashes=import_map_hashes(page), live=live)
    async with client(guarded) as http:
        text = (await http.get("/")).headers["Content-Security-Policy"]
    return {name: rest for part in text.split("; ") for name, _, rest in [part.partition(" ")]}


async def test_the_policy_lets_the_page_reach_the_live_port_of_its_own_host() -> None:
    found = await policy(LiveAddress(url=None, port=8001))
    assert found["connect-src"] == "'self' wss://circle.example:8001"


async def test_behind_one_proxy_the_page_needs_no_other_origin() -> None:
    found = await policy(LiveAddress(url="/live", port=8001))
    assert found["connect-src"] == "'self'"


async def test_no_inline_script_but_the_import_map() -> None:
    import_map = '\n{"imports": {"lit": "/node_modules/lit/index.js"}}\n'
    page = f'<script>alert(1)</script><script type="importmap">{import_map}</script>'
    digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
    found = await policy(LiveAddress(url="/live", port=8001), page=page)
    assert found["script-src"] == f"'self' 'sha256-{digest}'"
    assert found["default-src"] == "'none'"


async def test_a_browser_that_came_by_https_is_told_to_come_by_nothing_else() -> None:
    guarded = SecurityHeaders(count_body, script_hashes=[], live=LiveAddress(url="/live", port=8001))
    for origin, told in ((OURS, True), ("http://127.0.0.1:8000", False)):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url=origin) as http:
            headers = (await http.get("/")).headers
            assert ("Strict-Transport-Security" in headers) is told


@pytest.mark.parametrize("path", ["/", "/sw.js", "/healthz", "/apiary", "/assetsx"])
async def test_a_document_has_every_header(path: str) -> None:
    guarded = SecurityHeaders(count_body, script_hashes=[], live=LiveAddress(url="/live", port=8001))
    async with client(guarded) as http:
        headers = (await http.get(path)).headers
    assert {"X-Frame-Options", "Permissions-Policy", "Cross-Origin-Opener-Policy"} <= {
        name.title() for name in headers
    }
    assert "style-src 'self'" in headers["Content-Security-Policy"]


async def test_the_page_of_an_answer_link_keeps_its_looks_and_runs_no_script() -> None:
    guarded = SecurityHeaders(count_body, script_hashes=[], live=LiveAddress(url="/live", port=8001))
    async with client(guarded) as http:
        shown, other = await http.get("/api/answers/abc"), await http.get("/api/answersx")
    policy = shown.headers["Content-Security-Policy"]
    assert "style-src-attr 'unsafe-inline'" in policy
    assert "form-action 'self'" in policy
    assert "script-src" not in policy
    assert "style-src" not in other.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/config", "/api/answers/abc", "/assets/main-1a2b.js"])
async def test_what_is_no_document_can_neither_be_framed_nor_load_anything_of_others(path: str) -> None:
    guarded = SecurityHeaders(count_body, script_hashes=[], live=LiveAddress(url="/live", port=8001))
    async with client(guarded) as http:
        headers = (await http.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("frame-ancestors 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert sum(len(name) + len(value) for name, value in headers.items()) < 400
