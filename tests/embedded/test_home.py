"""Where the cluster's files and its socket go."""

import os
from pathlib import Path

import pytest

from responder.embedded.account import server_account
from responder.embedded.errors import Cause, EmbeddedError
from responder.embedded.home import find_home, make_home, socket_dir, socket_fits


def test_the_home_is_in_the_data_folder_and_private(short_dir: Path) -> None:
    home = make_home(short_dir, server_account())

    assert home == short_dir / "postgres"
    assert home.stat().st_mode & 0o777 == 0o700
    assert find_home(short_dir) == home


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can keep the server's user out")
def test_a_data_folder_the_server_cannot_enter_has_its_home_elsewhere_and_says_where(short_dir: Path) -> None:
    data_dir = short_dir / "closed" / "data"
    data_dir.mkdir(parents=True)
    data_dir.parent.chmod(0o700)

    home = make_home(data_dir, server_account(), system_homes=short_dir / "homes")

    assert home.parent == short_dir / "homes"
    assert server_account().can_write_in(home)
    assert find_home(data_dir) == home
    assert not (data_dir / "postgres").exists()

    home.rmdir()
    with pytest.raises(EmbeddedError) as lost:
        find_home(data_dir)
    assert lost.value.code is Cause.CLUSTER_MISSING, "a lost database must never be taken for an empty one"


@pytest.mark.parametrize(
    ("folder", "fits"),
    [
        ("/srv/circle/data/postgres/socket", True),
        ("/" + "x" * (107 - len("//.s.PGSQL.5432")), True),
        ("/" + "x" * (108 - len("//.s.PGSQL.5432")), False),
        ("/" + "响" * 31, False),
        ("/srv/a,b", False),
        ("/srv/a b", False),
        ("/srv/100%", False),
    ],
)
def test_a_socket_fits_where_kernel_and_clients_can_name_it(folder: str, *, fits: bool) -> None:
    assert socket_fits(Path(folder)) is fits


def test_a_recorded_socket_folder_that_another_person_could_enter_is_not_used_again(short_dir: Path) -> None:
    account = server_account()
    data_dir = short_dir / ("x" * 120)
    data_dir.mkdir()
    home = make_home(data_dir, account)
    first = socket_dir(home, account)
    second = first
    try:
        assert socket_dir(home, account) == first
        first.chmod(0o777)
        second = socket_dir(home, account)
        assert second != first
        assert second.stat().st_mode & 0o777 == 0o700
    finally:
        for folder in {first, second}:
            folder.rmdir()
