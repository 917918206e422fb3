"""Looking at a password, held until a test lets it go. A module of its own: another process loads it."""

import time
from functools import partial
from pathlib import Path

import pytest

from responder.security import hasher
from tests.patience import PATIENCE_S


class HeldPasswords:
    """Each look at a password waits for `let_go` where passwords are looked at, and finds it wrong."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._looking, self._go_on = folder / "looking", folder / "go-on"
        monkeypatch.setattr(hasher, "_verify", partial(_look, self._looking, self._go_on))

    @property
    def is_looking(self) -> bool:
        """Whether a first password is being looked at."""
        return self._looking.exists()

    def let_go(self) -> None:
        self._go_on.touch()


def _look(looking: Path, go_on: Path, _password: str, _password_hash: str | None) -> bool:
    looking.touch()
    ends_s = time.monotonic() + 3 * PATIENCE_S
    while not go_on.exists() and time.monotonic() < ends_s:
        time.sleep(0.01)
    return False
