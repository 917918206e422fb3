#!/usr/bin/env bash
# httpcore 1.0.9 looks for the package sniffio four times in each request when it is not installed.
#
# It is imported within a function, and Python does not remember that an import failed. httpcore does not declare it; it
# came with anyio, which has dropped it (here: anyio 4.16.0). A request by the pool on a kept connection costs four
# searches of sys.path, one on a new connection eight; with sniffio installed, none after the first. Seen: 0.50 to
# 0.54 ms of processor time a request (client and server), 0.34 to 0.36 ms with it. Known there: encode/httpcore, pull
# request 1103.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httpcore==1.0.9 anyio==4.16.0
cd "$folder"
cat > trial.py << 'END'
import asyncio
import sys
import time
from importlib.metadata import version

import httpcore

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
searches = 0


class Counts:
    """Stands before the finders of Python, counts, and leaves the finding to them."""

    def find_spec(self, name, path=None, target=None):
        global searches
        searches += name == "sniffio"


async def main():
    ended = asyncio.Event()

    async def answer(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()
        ended.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    seen = []
    async with httpcore.AsyncConnectionPool() as pool:
        for _ in range(5):
            before = searches
            assert (await pool.request("GET", url)).content == b"ok"
            seen.append(searches - before)
        before = time.process_time()
        for _ in range(500):
            await pool.request("GET", url)
        each_ms = (time.process_time() - before) * 1000 / 500
    await ended.wait()
    server.close()
    return seen, each_ms


sys.meta_path.insert(0, Counts())
seen, each_ms = asyncio.run(main())
print("httpcore", version("httpcore"), "anyio", version("anyio"), sys.argv[1], "sniffio:")
print("searches in each of five requests", seen, f"{each_ms:.2f} ms of processor time a request")
assert seen == ([8, 4, 4, 4, 4] if sys.argv[1] == "without" else [1, 0, 0, 0, 0]), seen
END
"$folder/venv/bin/python" trial.py without
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sniffio==1.3.1
"$folder/venv/bin/python" trial.py with
