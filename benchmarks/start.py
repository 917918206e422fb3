"""How long a first and a second start take, from the command to both processes being ready."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 180.0


def main() -> None:
    """Start twice on one fresh data folder, and print the times."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8110)
    port = arguments.parse_args().port
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        first_s, first_stop_s = start_and_stop(data_dir, port=port)
        second_s, second_stop_s = start_and_stop(data_dir, port=port)
    print(f"stop after the first start took {first_stop_s:.2f} s, after the second {second_stop_s:.2f} s")
    print(f"first_start_s {first_s:.2f}")
    print(f"second_start_s {second_s:.2f}")


def start_and_stop(data_dir: Path, *, port: int) -> tuple[float, float]:
    """Return how long it took to be ready, and how long to stop, in seconds."""
    began_s = time.monotonic()
    with running(data_dir, port=port):
        ready_s = time.monotonic() - began_s
        stopping_s = time.monotonic()
    return ready_s, time.monotonic() - stopping_s


@contextmanager
def running(data_dir: Path, *, port: int, open_files: int | None = None) -> Iterator[str]:
    """Have an installation running on two ports, of at most `open_files` a process, and give its address."""
    limited = [] if open_files is None else ["prlimit", f"--nofile={open_files}:{open_files}"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [
            *limited,
            *(sys.executable, "-m", "responder", "up", "--data-dir", str(data_dir)),
            *("--port", str(port), "--live-port", str(port + 1)),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "RESPONDER_DATABASE_URL"},
    )
    try:
        wait_until_ready(process, (port, port + 1), deadline_s=time.monotonic() + LIMIT_S)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)
    if code != 0:
        message = f"responder up ended with exit code {code}"
        raise SystemExit(message)


def wait_until_ready(process: subprocess.Popen[bytes], ports: tuple[int, ...], *, deadline_s: float) -> None:
    """Wait until the process answers that it is ready on every port."""
    waiting = list(ports)
    while waiting:
        if process.poll() is not None or time.monotonic() > deadline_s:
            message = f"responder up is not ready (exit code {process.returncode})"
            raise SystemExit(message)
        waiting = [port for port in waiting if not is_ready(port)]
        time.sleep(0.02)


def is_ready(port: int) -> bool:
    """Ask one process whether it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            json.load(answer)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
