import os
import subprocess

import pytest
from django.conf import settings

from dxportal.running import backup

LIVE = f"dxportal_backup_{os.getpid()}"


@pytest.fixture
def variables():
    """A small database of its own, with what a checksum could trip over."""
    variables = backup.environment({**settings.DATABASES["default"], "NAME": LIVE})
    subprocess.run(["createdb", LIVE], env=variables, check=True)
    sql = """
        CREATE TABLE town (id int PRIMARY KEY, name text, share double precision, at timestamptz, file bytea, gone date);
        INSERT INTO town SELECT n, '葛󠄀城市 ' || n, 1.0 / n, now() - n * interval '1 hour', decode('00ff', 'hex'), NULL
            FROM generate_series(1, 500) AS n;
        CREATE TABLE "empty 表" (id int);
        ALTER DATABASE {live} SET timezone = 'Asia/Tokyo';
    """.replace("{live}", LIVE)
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql], env=variables, check=True)
    yield variables
    subprocess.run(["dropdb", "--force", LIVE], env=variables, check=True)


def drill(variables, *arguments):
    script = backup.SCRIPTS / "restore-drill.sh"
    return subprocess.run(["sh", script, *arguments], env=variables, capture_output=True, text=True, timeout=60)


def copies(variables):
    """The drills' own databases; other tests make and drop theirs meanwhile."""
    query = ["psql", "-Atc", "SELECT datname FROM pg_database WHERE starts_with(datname, 'dxportal_drill_')"]
    return subprocess.run(query, env=variables, capture_output=True, text=True, check=True).stdout


def test_a_drill_compares_every_row_and_leaves_nothing_behind(variables):
    result = drill(variables)

    assert (result.returncode, result.stdout) == (0, "restore drill: 2 tables, 500 rows, all equal\n"), result.stderr
    assert copies(variables) == ""


def test_a_drill_names_the_table_that_came_back_otherwise(variables, tmp_path):
    wrapper = tmp_path / "pg_restore"
    change = "UPDATE town SET name = 'x' WHERE id = 77"
    wrapper.write_text(
        "#!/bin/sh\n"
        f'PATH={variables["PATH"]}; pg_restore "$@" || exit 1\n'
        f'for last; do case $last in --dbname=*) psql -q "$last" -c "{change}";; esac; done\n'
    )
    wrapper.chmod(0o755)
    result = drill({**variables, "PATH": f"{tmp_path}{os.pathsep}{variables['PATH']}"})

    assert result.returncode == 1
    assert "FAILED" in result.stderr
    assert "public.town|500|" in result.stderr
    assert "empty" not in result.stderr
    assert copies(variables) == ""


def test_a_backup_is_whole_checked_and_restorable_and_old_ones_go(variables, tmp_path):
    old = tmp_path / "dxportal-20200101-000000.dump"
    kept = tmp_path / "notes.txt"
    for file in (old, kept):
        file.write_bytes(b"x")
        os.utime(file, (0, 0))

    assert backup.run("backup.sh", [str(tmp_path)], variables) == 0

    (dump,) = tmp_path.glob("*.dump")
    assert {file.name for file in tmp_path.iterdir()} == {dump.name, f"{dump.name}.sha256", "notes.txt"}
    assert dump.stat().st_mode & 0o077 == 0
    result = drill(variables, str(dump))
    assert (result.returncode, result.stdout) == (0, "restore drill: 2 tables, 500 rows restored\n"), result.stderr


@pytest.mark.parametrize("how", [[], ["daily"]])
def test_a_dump_that_failed_leaves_no_file_that_looks_whole_and_the_old_ones(tmp_path, how):
    broken = tmp_path / "pg_dump"
    broken.write_text(
        "#!/bin/sh\nfor each; do case $each in --file=*) echo half >${each#--file=};; esac; done\nexit 1\n"
    )
    broken.chmod(0o755)
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / "dxportal-20200101-000000.dump"
    old.write_bytes(b"x")
    os.utime(old, (0, 0))
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "BACKUP_AT": "1 second"}

    command = ["sh", str(backup.SCRIPTS / "backup.sh"), str(folder), *how]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        if how:
            assert "trying again" in process.stderr.readline()
            process.terminate()

    assert bool(process.returncode) is not bool(how)
    assert list(folder.iterdir()) == [old]


def test_a_damaged_backup_fails_the_drill(variables, tmp_path):
    assert backup.run("backup.sh", [str(tmp_path)], variables) == 0
    (dump,) = tmp_path.glob("*.dump")
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 0xFF
    dump.write_bytes(content)

    result = drill(variables, str(dump))

    assert result.returncode != 0
    assert "restored" not in result.stdout


def test_without_client_programs_it_is_one_sentence(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(backup.embedded, "needed", lambda: False)

    with pytest.raises(backup.BackupError, match=r"^pg_dump, pg_restore, psql, createdb, dropdb not found: install"):
        backup.environment(settings.DATABASES["default"])
