import ast
import re
import socket

import pytest

from dxportal.configuration import REQUIRED, Secrets, celery_broker, origin, own_hosts
from tests.support.starting import ROOT, SOUND, documented, start


def read_by_settings():
    """Name → the literal default of each ``env(...)`` call, or None where it is computed."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "dxportal/settings.py").read_text())) if _is_env(node)]
    return {call.args[0].value: _default(call) for call in calls}


def _is_env(node):
    if not isinstance(node, ast.Call):
        return False
    function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return isinstance(function, ast.Name) and function.id == "env"


def _default(call):
    for keyword in call.keywords:
        if keyword.arg == "default" and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


def test_every_variable_that_settings_read_is_documented_and_none_else():
    assert set(documented()) == set(read_by_settings()) | {"DXPORTAL_HOME"}


def test_documented_defaults_are_those_of_the_code():
    output = documented()
    plain = {
        name: value
        for name, value in read_by_settings().items()
        if value not in (None, "") and output[name] != "required"
    }

    assert len(plain) > 10
    assert {name: output[name] for name in plain} == {name: f"`{value}`" for name, value in plain.items()}


def test_documented_required_settings_are_those_that_production_asks_for():
    assert {name for name, default in documented().items() if default == "required"} == set(REQUIRED)


def test_production_names_every_missing_setting_at_once():
    done = start(["manage.py", "check"], DXPORTAL_ENV="production", PATH=SOUND["PATH"])

    assert done.returncode == 1
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines() if line.startswith("  ")] == list(REQUIRED)
    assert "Traceback" not in done.stderr


def test_production_accepts_secrets_from_files(tmp_path):
    secret = tmp_path / "key"
    secret.write_text(SOUND["SECRET_KEY"] + "\n")
    given = {**SOUND, "SECRET_KEY_FILE": str(secret), "DXPORTAL_HOME": str(tmp_path)}
    del given["SECRET_KEY"]

    done = start(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], **given)

    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n")


def test_the_web_server_does_not_start_with_an_unsafe_setting(tmp_path):
    given = {**SOUND, "SECRET_KEY": "short", "TRUSTED_PROXIES": "0", "DXPORTAL_HOME": str(tmp_path)}

    done = start(["-c", "import dxportal.wsgi"], **given)

    assert done.returncode == 1
    assert re.findall(r"dxportal\.E\d+", done.stderr) == ["dxportal.E002", "dxportal.E006"]


def test_the_worker_does_not_start_with_an_unsafe_setting(tmp_path):
    given = {**SOUND, "ALLOWED_HOSTS": "*", "DXPORTAL_HOME": str(tmp_path)}

    done = start(["-m", "celery", "-A", "dxportal", "worker", "-c", "1"], **given)

    assert done.returncode == 1
    assert "dxportal.E003" in done.stderr


def test_an_unreadable_secret_file_is_named(tmp_path):
    given = {**SOUND, "SECRET_KEY_FILE": str(tmp_path / "gone")}
    del given["SECRET_KEY"]

    done = start(["manage.py", "check"], **given)

    assert "SECRET_KEY_FILE names a file that cannot be read" in done.stderr


def test_importing_settings_starts_no_server(tmp_path):
    start(["-c", "import dxportal.settings"], DXPORTAL_ENV="demo", DXPORTAL_HOME=str(tmp_path / "home"), PATH="/bin")

    assert not (tmp_path / "home").exists()


def test_celery_speaks_of_sockets_in_its_own_way():
    assert celery_broker("unix:///tmp/a%20b/valkey.sock") == "redis+socket:///tmp/a%20b/valkey.sock"
    assert celery_broker("redis://:pw@host:6379/2") == "redis://:pw@host:6379/2"


def test_a_secret_file_loses_its_last_line_break_only(tmp_path, monkeypatch):
    (tmp_path / "value").write_text(" a b \n")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "value"))

    assert Secrets()["THING"] == " a b "


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://www.pref.example.jp/dx", "cannot live below a path"),
        ("https://www.pref.example.jp/dx/", "cannot live below a path"),
        ("https://www.pref.example.jp/?a=1", "cannot live below a path"),
        ("dx.pref.example.jp", "must be an address such as"),
        ("ftp://dx.pref.example.jp", "must be an address such as"),
    ],
)
def test_an_origin_that_is_no_site_of_its_own_is_refused_at_the_start(tmp_path, address, sentence):
    for arguments in (["manage.py", "check"], ["-c", "import dxportal.wsgi"]):
        done = start(arguments, **{**SOUND, "DXPORTAL_ORIGIN": address, "DXPORTAL_HOME": str(tmp_path)})

        assert done.returncode != 0
        assert sentence in done.stderr


def test_an_origin_may_end_in_a_slash_and_name_a_port():
    assert origin("https://dx.pref.example.jp:8443/") == "https://dx.pref.example.jp:8443"


def test_the_demo_is_called_by_its_own_names_only():
    alone = own_hosts("http://localhost:8000", "127.0.0.1")
    shared = own_hosts("http://dx.example.jp", "0.0.0.0")  # noqa: S104 -- compared, not bound

    assert alone == ["127.0.0.1", "[::1]", "localhost"]
    assert {"dx.example.jp", socket.gethostname(), *alone} <= set(shared)
    assert not {"*", "", "0.0.0.0"} & set(shared)  # noqa: S104 -- compared, not bound
