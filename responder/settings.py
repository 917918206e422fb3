"""What an installation may choose. Read once, when a process starts, and handed on as a value."""

import os
from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from responder.domain.channels.allowed_hosts import KNOWN, AllowedHosts

_PROJECT = Path(__file__).resolve().parent.parent
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_ANY_ADDRESS = frozenset({"0.0.0.0", "::", "[::]", ""})  # noqa: S104 - compared with, never bound to

FORMER_NAMES: Final[Mapping[str, str]] = {"RESPONDER_BUS": "RESPONDER_NATS_URL"}
"""Settings that had another name in an earlier version, with today's."""

Port = Annotated[int, Field(ge=1, le=65_535)]


class Settings(BaseSettings):
    """Environment variables that begin with `RESPONDER_`; every one has a default that fits one machine."""

    model_config = SettingsConfigDict(env_prefix="RESPONDER_", frozen=True, extra="ignore")

    database_url: SecretStr | None = None
    """An existing PostgreSQL with PostGIS; without it the private one under `data_dir` is used."""
    data_dir: Path = _PROJECT / "data"
    """What this installation keeps, wherever the command is called from."""
    host: str = "127.0.0.1"
    port: Port = 8000
    live_host: str | None = None
    """Where the live gateway listens; the same as `host` when not given."""
    live_port: Port = 8001
    live_url: str | None = None
    """What browsers shall connect to, such as /live behind a proxy; else made from the page's host."""
    public_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins that browsers reach the page by, such as https://circle.example, separated by commas."""
    proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.1",), validation_alias="FORWARDED_ALLOW_IPS"
    )
    """Proxies whose word is taken for where a client is, separated by commas; `*` for all. Named as uvicorn
    names it, which reads it for the API."""
    nats_url: str | None = None
    """NATS servers for wake-ups among machines, such as nats://bus:4222; without it PostgreSQL wakes."""
    outgoing_hosts: Annotated[tuple[str, ...], NoDecode] = (KNOWN,)
    """Where messages to people may go out: `known` for the services that are built in, `host`, `host:port` or
    `*.host`, separated by commas; empty for nowhere."""
    outgoing_private: Annotated[tuple[str, ...], NoDecode] = ()
    """Private addresses and networks that these hosts may have, such as 10.1.2.3,192.168.8.0/24."""
    demo_services_port: Annotated[int, Field(ge=1, le=65_534)] | None = None
    """Where the stand-ins for services that carry messages listen, on this machine alone; for mail at the
    port above it. When not given, two free ones."""
    force_demo: bool = False
    """Serve the demo circle, whose password is printed, also where other machines can reach it."""
    alerts_per_minute: Annotated[int, Field(ge=1)] = 60
    """How many alerts one account may raise in a minute by each process; one address, four times as many."""
    static_dir: Path = _PROJECT / "static"
    page_sources: bool = False
    """Serve the page's sources as they are, for those who change them, instead of what was built of them."""

    @model_validator(mode="before")
    @classmethod
    def _has_no_former_name(cls, given: Any) -> Any:  # noqa: ANN401 - as pydantic hands it over
        """Refuse a setting under its former name: ignored, it would be missed only when it is needed."""
        given_names = {name.upper() for name in os.environ}
        if former := sorted(given_names & FORMER_NAMES.keys()):
            message = "; ".join(f"{name} is called {FORMER_NAMES[name]} now" for name in former)
            raise ValueError(message)
        return given

    @field_validator("outgoing_hosts", "outgoing_private", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _are_hosts(self) -> Self:
        AllowedHosts.parse(self.outgoing_hosts, private=self.outgoing_private)
        return self

    @field_validator("public_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("proxies", mode="before")
    @classmethod
    def _split_proxies(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("nats_url")
    @classmethod
    def _is_nats(cls, url: str | None) -> str | None:
        if url and not all(server.startswith(("nats://", "tls://")) for server in url.split(",")):
            message = f"{url!r} is not an address such as nats://bus:4222"
            raise ValueError(message)
        return url or None

    @field_validator("public_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, _, rest = origin.partition("://")
            if scheme not in {"http", "https"} or not rest or "/" in rest:
                message = f"{origin!r} is not an origin such as https://circle.example"
                raise ValueError(message)
        return origins

    @model_validator(mode="after")
    def _two_ports(self) -> Self:
        if self.port == self.live_port and self.host == self.gateway_host:
            message = "port and live_port are the same"
            raise ValueError(message)
        return self

    @property
    def gateway_host(self) -> str:
        """Address that the live gateway listens on."""
        return self.live_host if self.live_host is not None else self.host

    @property
    def is_private(self) -> bool:
        """True when only this machine itself can reach the page."""
        name = self.host.strip("[]")
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @cached_property
    def allowed_hosts(self) -> AllowedHosts:
        """Where messages to people may go out."""
        return AllowedHosts.parse(self.outgoing_hosts, private=self.outgoing_private)

    @cached_property
    def origins(self) -> frozenset[str]:
        """Origins that a browser may act from: those given, and the machine's own."""
        own = [*_LOOPBACK, *([] if self.host in _ANY_ADDRESS else [_bracketed(self.host)])]
        return frozenset({*self.public_origins, *(f"http://{name}:{self.port}" for name in own)})

    @property
    def page_url(self) -> str:
        """Address to tell people."""
        if self.public_origins:
            return f"{self.public_origins[0]}/"
        return f"http://{'localhost' if self.host in _ANY_ADDRESS else _bracketed(self.host)}:{self.port}/"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
