"""Files made from the message classes are committed; these tests fail when one is stale."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_page_knows_the_messages_of_today() -> None:
    checked = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "script" / "generate-types", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
