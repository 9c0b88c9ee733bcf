import errno
import shutil
from types import SimpleNamespace

import pytest

from dxportal.running.embedded import EmbeddedError, places, service


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DXPORTAL_ENV": "demo"}, True),
        ({"DXPORTAL_ENV": "test", "DATABASE_URL": "postgres://x/y"}, True),
        ({"DXPORTAL_ENV": "demo", "DATABASE_URL": "postgres://x/y", "REDIS_URL_FILE": "/run/redis"}, False),
        ({"DXPORTAL_ENV": "production"}, False),
        ({}, False),
    ],
)
def test_servers_of_ours_are_needed_where_none_are_named(monkeypatch, environment, expected):
    for name in ("DXPORTAL_ENV", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert service.needed() is expected


def test_a_full_disk_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024))

    with pytest.raises(EmbeddedError) as caught:
        service.start(tmp_path / "data")

    assert str(caught.value) == (
        f"The disk that holds {tmp_path / 'data'} is full: the servers need 200 MB of free space."
    )


def test_a_folder_in_the_way_is_one_sentence(tmp_path):
    (tmp_path / "data").write_text("a file")

    with pytest.raises(EmbeddedError, match=r"^The data folder .* cannot be used: File exists\.$"):
        service.start(tmp_path / "data")


def test_anothers_folder_is_one_sentence(tmp_path):
    refused = service._explain(tmp_path, PermissionError(errno.EACCES, "Permission denied"))

    assert (
        refused
        == f"{tmp_path} belongs to another user: start as that user, or set DXPORTAL_HOME to a folder of your own."
    )


def test_a_folder_below_a_closed_one_is_not_reachable_by_all(tmp_path):
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)

    assert not places.reachable_by_all(closed / "inside")
