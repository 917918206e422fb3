#!/usr/bin/env bash
# aiohttp 3.14.5 sends a PUT a second time by itself when a kept connection ends before its answer.
#
# The server had read the first whole, and may have acted on it: a gateway whose messages are PUT texts a person twice,
# and the caller sees one success. A POST is not repeated. No public option turns it off; a client
# middleware around the request sees each try.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check aiohttp==3.14.5
cd "$folder"
"$folder/venv/bin/python" -W error - << 'END'
import asyncio

import aiohttp

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
taken: list[str] = []


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request but the second of all, on which the connection ends."""
    while not reader.at_eof():
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            break
        length = next(
            int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        taken.append(head.split(b" ")[0].decode() + " " + (await reader.readexactly(length)).decode())
        if len(taken) == 2:
            break
        writer.write(ANSWER)
    writer.close()


async def told(method: str) -> str:
    taken.clear()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with aiohttp.ClientSession() as session:
        for text in ("one", "two"):
            try:
                async with session.request(method, url, data=text.encode()) as answer:
                    last = f"{answer.status}"
            except aiohttp.ClientError as error:
                last = type(error).__name__
    server.close()
    print(f"{method}: the server read {taken}, the caller saw {last}")
    return last


assert asyncio.run(told("PUT")) == "200"
assert taken == ["PUT one", "PUT two", "PUT two"], taken
assert asyncio.run(told("POST")) == "ServerDisconnectedError"
assert taken == ["POST one", "POST two"], taken
END
