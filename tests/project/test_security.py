import json
import uuid

import pytest
from django.conf import settings as django_settings
from django.core import mail

from tests.support.starting import SOUND, start

ASK = """
import json
import uuid
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


@pytest.mark.parametrize("path", ["/account/login/", "/", "/account/password/reset/", "/nowhere/"])
def test_a_foreign_host_is_refused_in_japanese_before_anything_is_read(client, settings, path):
    settings.ALLOWED_HOSTS = ["dx.example.jp"]

    response = client.get(path, headers={"host": "evil.example"})

    assert response.status_code == 400
    page = response.content.decode()
    assert "このアドレス（ホスト名）は、このポータルのものではありません" in page
    assert "evil.example" not in page


def test_a_foreign_host_reaches_no_sign_in_and_no_mail(client, settings, django_user_model, db):
    settings.ALLOWED_HOSTS = ["dx.example.jp"]
    known = django_user_model.objects.create_user(f"{uuid.uuid4()}@example.jp", "asagiri-no-hashi-42", name="人")

    response = client.post("/account/password/reset/", {"email": known.email}, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert not mail.outbox


def test_the_mailed_link_leads_to_the_portals_own_address_whatever_host_asked(client, settings, django_user_model, db):
    settings.ALLOWED_HOSTS = ["*"]
    settings.ORIGIN = "https://dx.example.jp"
    known = django_user_model.objects.create_user(f"{uuid.uuid4()}@example.jp", "asagiri-no-hashi-42", name="人")

    client.post("/account/password/reset/", {"email": known.email}, headers={"host": "evil.example"})

    message = mail.outbox[0]
    assert "https://dx.example.jp/account/password/reset/key/" in message.body
    assert "evil.example" not in message.body + str(message.extra_headers) + message.subject


# Files that a person downloads name the pages by the name under which that person came; nothing is mailed from there.
BY_THE_REQUESTS_NAME = {
    "casestudies/views/reading/bookmarks.py",
    "casestudies/views/reading/uptakes.py",
    "casestudies/views/search/export.py",
}


def test_no_other_code_builds_an_address_from_the_requests_host():
    root = django_settings.BASE_DIR
    folders = ("dxportal", "assessments", "casestudies", "consultations")
    users = {
        str(path.relative_to(root))
        for folder in folders
        for path in (root / folder).rglob("*.py")
        if "build_absolute_uri" in path.read_text()
    }

    assert users == BY_THE_REQUESTS_NAME


def test_another_host_name_gives_no_further_trials(client, settings, django_user_model, db):
    settings.ALLOWED_HOSTS = ["*"]
    known = django_user_model.objects.create_user(f"{uuid.uuid4()}@example.jp", "asagiri-no-hashi-42", name="人")
    for number in range(5):
        client.post("/account/login/", {"login": known.email, "password": "x"}, headers={"host": f"h{number}.example"})

    response = client.post(
        "/account/login/",
        {"login": known.email, "password": "asagiri-no-hashi-42"},
        headers={"host": "other.example"},
    )

    assert "ログインの失敗が続いたため" in response.content.decode()
