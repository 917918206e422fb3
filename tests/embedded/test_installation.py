"""Which of Debian's installed versions is used."""

from pathlib import Path

import pytest

from responder.embedded.errors import Cause, EmbeddedError
from responder.embedded.installation import installations, matching, newest


def install(root: Path, major: str, *, postgis: bool = True) -> None:
    programs = root / "lib" / major / "bin"
    programs.mkdir(parents=True)
    (programs / "initdb").touch()
    extensions = root / "share" / major / "extension"
    extensions.mkdir(parents=True)
    if postgis:
        (extensions / "postgis.control").touch()


def test_a_version_without_postgis_does_not_count_and_the_newest_comes_first(tmp_path: Path) -> None:
    install(tmp_path, "9.6")
    install(tmp_path, "15")
    install(tmp_path, "16")
    install(tmp_path, "18", postgis=False)

    found = installations(libraries=tmp_path / "lib", shared=tmp_path / "share")

    assert [installation.major for installation in found] == [16, 15]
    assert newest(found).major == 16
    assert matching(found, major=15).program("initdb") == str(tmp_path / "lib" / "15" / "bin" / "initdb")


def test_nothing_installed_says_three_ways_out(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"script/up.*apt-get.*docker compose") as missing:
        newest(installations(libraries=tmp_path, shared=tmp_path))

    assert missing.value.code is Cause.POSTGIS_MISSING
    assert "PostGIS" in missing.value.zh
