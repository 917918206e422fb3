"""Security headers of every response."""

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from responder.api.live_address import LiveAddress

_INLINE_IMPORT_MAP = re.compile(
    r"<script[^>]*\btype=[\"']?importmap[\"']?[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OF_DOCUMENTS = {
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
}
"""What means nothing to an answer that is no document costs a slow line half a kilobyte each time."""
_FORM_POLICY = (
    "default-src 'none'; img-src 'self'; style-src-attr 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_SCRIPT_POLICY = f"{_FORM_POLICY}; script-src 'self'"
_SHORT_POLICIES = {
    # Those of reports besides have a script of ours, which shrinks a photo and asks where the phone is.
    "/api/reports/": _SCRIPT_POLICY,
    "/api/report-status": _FORM_POLICY,
    # The pages of answer links and of feedback are: no script, looks in style attributes, and a form.
    "/api/answers/": _FORM_POLICY,
    "/api/feedback/": _FORM_POLICY,
    "/api/": "default-src 'none'; frame-ancestors 'none'",
    # A worker goes by the policy of its own script.
    "/assets/": "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
}
"""By how the path begins, of what is no document of the page; the first that fits."""
_SECURE_S = 365 * 24 * 3600
"""How long a browser that has come by https once shall come by nothing else."""


def import_map_hashes(page: str) -> list[str]:
    """Hash the page's inline import maps: the only inline script that the policy lets through."""
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()}'"
        for found in _INLINE_IMPORT_MAP.findall(page)
    ]


class SecurityHeaders:
    """Add the headers to every answer."""

    def __init__(self, app: ASGIApp, *, script_hashes: Iterable[str], live: LiveAddress) -> None:
        self._app = app
        self._script_src = " ".join(["'self'", *script_hashes])
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        secure = scope.get("scheme") == "https"
        path = scope["path"]
        fixed = _EVERYWHERE
        policy = next((each for begin, each in _SHORT_POLICIES.items() if path.startswith(begin)), None)
        if policy is None:
            policy = self._policy(Headers(scope=scope).get("host", ""), secure=secure)
            fixed = _EVERYWHERE | _OF_DOCUMENTS

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A document that is whole in itself says which script is its own.
                headers.setdefault("Content-Security-Policy", policy)
                for name, value in fixed.items():
                    headers[name] = value
                if secure:
                    headers["Strict-Transport-Security"] = f"max-age={_SECURE_S}"
                if path.startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, dressed)

    def _policy(self, host: str, *, secure: bool) -> str:
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src {self._script_src}",
                "style-src 'self'",
                # Sizes and places of what is drawn are attributes, which a browser counts as inline.
                "style-src-attr 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self'",
                "manifest-src 'self'",
                "worker-src 'self'",
                f"connect-src 'self' {self._live.source(host, secure=secure)}".rstrip(),
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )
