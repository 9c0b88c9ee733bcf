import json

import pytest
from django.conf import settings as django_settings

from tests.support.starting import SOUND, start

ASK = """
import json
from django.conf import settings as s
names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
         "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "DEBUG", "DEMO"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def asked(tmp_path, **environment):
    done = start(["-c", ASK], DJANGO_SETTINGS_MODULE="dxportal.settings", DXPORTAL_HOME=str(tmp_path), **environment)
    return json.loads(done.stdout)


def test_production_is_closed_by_default(tmp_path):
    assert asked(tmp_path, **SOUND) == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "DEBUG": False,
        "DEMO": False,
    }


def test_the_demo_works_over_plain_http(tmp_path):
    demo = asked(tmp_path, DXPORTAL_ENV="demo", PATH=SOUND["PATH"])

    assert (demo["SESSION_COOKIE_SECURE"], demo["SECURE_SSL_REDIRECT"], demo["SECURE_HSTS_SECONDS"]) == (
        False,
        False,
        0,
    )
    assert demo["DEMO"] is True


@pytest.mark.django_db
def test_pages_refuse_scripts_styles_and_frames_of_others(client):
    response = client.get("/account/login/")

    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";") if part.strip())
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert not any(word in response["Content-Security-Policy"] for word in ("unsafe", "http:", "https:", "*"))
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_maintenance_page_is_as_closed_as_the_others(client, settings):
    settings.MAINTENANCE = True

    assert "default-src 'self'" in client.get("/")["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["300000000", "9" * 30, "-1", "many"])
def test_a_request_that_is_far_too_large_is_refused_before_it_is_read(client, said):
    class Unread:
        def read(self, *_):
            raise AssertionError("read")

        readline = read

    page = client.generic("POST", "/", content_type="multipart/form-data; boundary=X", CONTENT_LENGTH=said,
                          **{"wsgi.input": Unread()})  # fmt: skip

    assert page.status_code == 413
    assert "120MB" in page.content.decode()
    assert "default-src 'self'" in page["Content-Security-Policy"]


def test_pages_are_closed_unless_said_otherwise(client):
    response = client.get("/jobs/")

    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/jobs/")


def test_long_tasks_are_not_given_to_a_second_worker():
    options = django_settings.CELERY_BROKER_TRANSPORT_OPTIONS

    assert options["visibility_timeout"] > django_settings.CELERY_TASK_TIME_LIMIT
    assert django_settings.CELERY_TASK_ACKS_LATE
    assert django_settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert django_settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
