"""Where browsers find the live gateway."""

from dataclasses import dataclass

from responder.api.host_name import host_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAddress:
    """A configured address, or another port of the host by which the page was reached."""

    url: str | None
    """Such as wss://circle.example/live, or /live behind the same proxy."""
    port: int

    def for_host(self, host: str, *, secure: bool) -> str:
        """Address to connect to from a page served under this Host header."""
        if self.url is not None:
            return self.url
        return f"{'wss' if secure else 'ws'}://{host_of(host)}:{self.port}/live"

    def source(self, host: str, *, secure: bool) -> str:
        """Source expression for a content security policy; empty when the page's own origin covers it."""
        scheme, _, rest = self.for_host(host, secure=secure).partition("://")
        if not rest:
            return ""
        return f"{scheme}://{rest.partition('/')[0]}"
