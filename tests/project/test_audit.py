import json

from tools import audit

REPORT = {
    "dependencies": [
        {"name": "django", "version": "5.2.1", "vulns": []},
        {"name": "pillow", "version": "1.0", "vulns": [{"id": "GHSA-1", "fix_versions": ["1.1", "2.0"]}]},
        {"name": "left", "skip_reason": "not there"},
    ]
}


def answer(monkeypatch, stdout="", stderr=""):
    done = type("Done", (), {"stdout": stdout, "stderr": stderr, "returncode": 1})
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: done)


def test_what_is_known_is_listed_with_what_mends_it_and_fails_only_when_asked_for(monkeypatch, capsys):
    answer(monkeypatch, json.dumps(REPORT))

    assert audit.main([]) == 1
    assert audit.main([audit.IN_PASSING]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "audit: pillow 1.0: GHSA-1, mended in 1.1, 2.0",
        "audit: 1 known vulnerabilities in requirements/dev.txt.",
    ]


def test_without_network_it_is_a_sentence_and_no_success_when_asked_for(monkeypatch, capsys):
    answer(monkeypatch, stderr="Traceback ...\nrequests.exceptions.ConnectionError: no name")

    assert audit.main([audit.IN_PASSING]) == 0
    assert audit.main([]) == 2
    assert capsys.readouterr().out.startswith("audit: skipped, the database of known vulnerabilities cannot be reached")


def test_another_failure_is_not_called_a_missing_network(monkeypatch, capsys):
    answer(monkeypatch, stderr="pip_audit: error: unknown option")

    assert audit.main([]) == 2
    assert capsys.readouterr().out == "audit: not done: pip_audit: error: unknown option\n"
