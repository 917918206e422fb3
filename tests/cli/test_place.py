"""Which database, and the password of the demo."""

import stat
from pathlib import Path

from responder.terminal.database_url import demo_password


def test_the_demo_password_is_made_once_and_is_for_no_one_else_to_read(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    password = demo_password(data_dir)
    assert len(password) >= 12
    assert demo_password(data_dir) == password
    [kept] = data_dir.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert demo_password(tmp_path / "another") != password
