"""One at a time: two starts of the same cluster must not race."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from responder.embedded.errors import Cause, EmbeddedError

RETRY_S = 0.05


@contextmanager
def exclusive(folder: Path, *, timeout_s: float = 90) -> Iterator[None]:
    """Hold a folder; the kernel lets go of it by itself when the holder dies, and nothing is left behind."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise EmbeddedError(
            Cause.DATA_FOLDER_UNFIT,
            zh=f"无法打开数据目录 {folder}。",
            en=f"The data folder {folder} cannot be opened.",
            detail=str(error),
        ) from error
    try:
        _wait_for(descriptor, folder=folder, deadline_s=time.monotonic() + timeout_s)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, *, folder: Path, deadline_s: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline_s:
                raise EmbeddedError(
                    Cause.BUSY,
                    zh=f"另一个进程正在启动或停止 {folder} 中的数据库。请稍候再试。",
                    en=f"Another process is starting or stopping the database in {folder}. Try again soon.",
                ) from None
            time.sleep(RETRY_S)
        else:
            return
