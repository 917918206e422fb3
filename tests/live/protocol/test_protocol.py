"""The protocol document is enough: a client written from it works, and what is sent fits its schemas."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from responder.app import build_api
from responder.live.protocol.close_codes import __dict__ as CLOSE_CODES  # noqa: N812 - a table of constants
from responder.settings import Settings
from tests.live.conftest import CLOCK, Start, World
from tests.live.stranger import Stranger
from tests.patience import PATIENCE_S

DOCS = Path(__file__).parents[3] / "docs"


def schemas() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DOCS / "asyncapi.json").read_text(encoding="utf-8"))
    return document


def check(message: dict[str, Any], *, direction: str) -> None:
    """Hold a message against the document."""
    document = schemas()
    [name] = [
        name
        for name, each in document["components"]["messages"].items()
        if each["name"] == message["type"]
        and {"$ref": f"#/channels/live/messages/{name}"} in document["operations"][direction]["messages"]
    ]
    jsonschema_rs.validate({"$ref": f"#/components/schemas/{name}", **document}, message)


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    api = build_api(Settings(), database=world.database, roads=world.roads, clock=CLOCK)
    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


async def test_a_client_written_from_the_document_hears_confirms_and_comes_back(
    world: World, start: Start, http: httpx.AsyncClient
) -> None:
    running = await start()
    heard: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()

    def tell(what: str, about: dict[str, Any]) -> None:
        if "type" in about:
            check(about, direction="send")
        heard.put_nowait((what, about))

    async def next_of(kind: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                what, about = await heard.get()
                if what == kind:
                    return about

    client = Stranger(
        circle_id=str(world.town.circle_id),
        token=world.responder().token,
        api_urls=["http://127.0.0.1:8000"],
        live_urls=[f"ws://127.0.0.1:{running.port}/live"],
        http=http,
        tell=tell,
    )
    life = asyncio.create_task(client.run())
    await next_of("live")
    detail = await world.raise_alert()
    assert (await next_of("alert"))["alert_id"] == str(detail.alerts[0].id)
    assert (await next_of("receipt_stored"))["state"] == "delivered"
    assert client.waiting == {}

    assert client.socket is not None
    client.socket.transport.abort()
    ended = await world.end(detail)
    await next_of("resumed")
    async with asyncio.timeout(PATIENCE_S):
        while (again := await next_of("alert"))["known"]:
            pass
    assert again["alert_id"] == str(ended.alerts[1].id)
    assert client.snapshot["incidents"][-1]["incident"]["end_reason"] == "false_alarm"
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)


async def test_what_clients_send_fits_the_document() -> None:
    check({"type": "ticket", "ticket": "x" * 43}, direction="receive")
    check({"type": "hello", "circle_id": "1b4e28ba-2fa1-11d2-883f-0016d3cca427"}, direction="receive")
    with pytest.raises(jsonschema_rs.ValidationError):
        check({"type": "hello"}, direction="receive")


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = schemas()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                target: Any = document
                for part in value["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(document)
    assert document["asyncapi"].startswith("3.")


def test_the_document_names_every_close_code_message_and_kind_of_event() -> None:
    text = (DOCS / "protocol.md").read_text(encoding="utf-8")
    codes = {str(value) for name, value in CLOSE_CODES.items() if name.isupper()}
    names = {each["name"] for each in schemas()["components"]["messages"].values()}
    kinds = {
        schema["properties"]["kind"]["const"]
        for schema in schemas()["components"]["schemas"].values()
        if "const" in schema.get("properties", {}).get("kind", {})
    }
    assert len(kinds) >= 9
    assert {word for word in codes | names | kinds if word not in text} == set()
