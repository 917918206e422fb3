"""Alerts go on at 1,024 files while thousands of connections of every kind never end what they begin."""

import asyncio
import json
import resource
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn
from tests import examples
from tests.another_incident import post_another
from tests.cli.installation import ROOT, Installation, new_installation

CONNECTIONS = examples.size(5000, by_day=2500)
"""Many more than there are files."""
INCIDENT = {"kind": "fire", "severity": "red", "exercise": True, "lon": 112.985, "lat": 28.158}
ADDRESSES = ("127.0.0.1", "127.0.1.1")
ROUNDS = 1
TRIES = 3
pytestmark = pytest.mark.skipif(
    resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 2 * CONNECTIONS, reason="this machine allows few files"
)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with new_installation() as made:
        yield made


@asynccontextmanager
async def flood(port: int, *, addresses: int) -> AsyncIterator[None]:
    """Have the connections held, and see to it that they were."""
    attackers = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "benchmarks/fleet/attackers.py"), "unfinished"),
        *("--port", str(port), "--count", str(CONNECTIONS)),
        *("--per-s", "1000", "--addresses", str(addresses)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (2 * CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        ),
    )
    try:
        await asyncio.sleep(5.0)
        yield
    finally:
        said, _ = await attackers.communicate(b"")
    done = json.loads(said)
    assert done["opened_per_s"] > 100, done
    assert done["answers"].get("200", 0), done


def client(staff: SignedIn, *, address: str) -> httpx.AsyncClient:
    """Return a browser of the same account at an address."""
    transport = httpx.AsyncHTTPTransport(local_address=address)
    return httpx.AsyncClient(
        base_url=staff.http.base_url, headers=staff.http.headers, transport=transport, timeout=60
    )


async def alert(http: httpx.AsyncClient, circle_id: UUID) -> int:
    """Raise an alert, again when it was not answered, and return how often that was."""
    path = f"/api/circles/{circle_id}/incidents"
    key = {"Idempotency-Key": str(uuid4())}
    lost: list[Exception] = []
    while len(lost) < TRIES:
        try:
            answer = await post_another(http, path, INCIDENT, headers=key)
        except httpx.TransportError as error:
            lost.append(error)
            continue
        assert answer.status_code == 201, answer.text
        return len(lost)
    pytest.fail(f"no answer: {lost!r}")


async def alerts(staff: SignedIn) -> int:
    """Raise alerts by new connections and by kept ones, and return how often one was lost on the way."""
    lost = 0
    async with AsyncExitStack() as kept:
        # Addresses of the flood begin with 127.0.1.1.
        both = {each: await kept.enter_async_context(client(staff, address=each)) for each in ADDRESSES}
        for _ in range(ROUNDS):
            for address, http in both.items():
                async with client(staff, address=address) as new:
                    lost += await alert(new, staff.circle_id)
                lost += await alert(http, staff.circle_id)
    return lost


@pytest.mark.parametrize("hard", [1024, None], ids=["1,024 files", "a soft limit of 1,024"])
async def test_alerts_go_on(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hard: int | None
) -> None:
    _, own_hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limits = f"1024:{own_hard if hard is None else hard}"
    command = Installation.command
    monkeypatch.setattr(
        Installation, "command", lambda self, *more: ["prlimit", f"--nofile={limits}", *command(self, *more)]
    )
    log = tmp_path / "up.log"
    with installation.running(log=log):
        async with installation.signed_in(demo_accounts().staff) as staff:
            for addresses in (1, 50) if hard else (1,):
                async with flood(installation.port, addresses=addresses), asyncio.timeout(120):
                    lost = await alerts(staff)
                # Two where the machine has no time to look at a connection before the next ones come.
                assert lost <= 2
    said = log.read_text(encoding="utf-8")
    assert ("few_open_files" in said) == (hard is not None)
    assert "Traceback" not in said
    assert "no connection can be accepted" not in said
