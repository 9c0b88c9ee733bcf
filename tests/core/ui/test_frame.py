"""The page frame: session limit, error pages, data blocks, the drawing library."""

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from dxportal.core.accounts.enums import Role
from dxportal.core.ui import charts
from dxportal.core.ui.frame import errors
from dxportal.core.ui.frame.session import TOUCHED
from tests.support import factories as make

pytestmark = pytest.mark.django_db


def test_keeping_alive_starts_the_idle_time_again(client, cast):
    client.force_login(cast.officer)
    session = client.session
    session[TOUCHED] = 1
    session.save()

    seconds = client.post(reverse("ui:keep_alive")).json()["seconds"]

    assert seconds > 3590
    assert client.session[TOUCHED] > 1


def test_a_session_that_has_ended_is_answered_401(client):
    response = client.post(reverse("ui:keep_alive"))

    assert (response.status_code, response.json()) == (401, {"seconds": 0})


def test_reading_does_not_keep_a_session_alive(client, cast):
    client.force_login(cast.officer)

    assert client.get(reverse("ui:keep_alive")).status_code == 405


def test_a_page_within_five_minutes_does_not_write_the_session(client, cast, settings):
    settings.DEMO = True
    client.force_login(cast.officer)
    client.get(reverse("ui:samples"))
    touched = client.session[TOUCHED]

    client.get(reverse("ui:samples"))

    assert client.session[TOUCHED] == touched


def test_a_signed_in_frame_shows_who_acts_and_for_whom(client, cast, settings):
    settings.DEMO = True
    client.force_login(cast.officer)

    html = client.get(reverse("ui:samples")).content.decode()

    assert "あさひ町｜市町村担当者" in html
    assert 'id="session-warning"' in html


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("R8.4.1", {"text": "令和8年4月1日（2026年4月1日）として保存します。", "error": ""}),
        ("2026/2/30", {"text": "", "error": "実在しない日付です。令和8年2月は28日までです。"}),
    ],
)
def test_a_typed_date_is_read_back(client, text, answer):
    assert client.get(reverse("ui:read_date"), {"text": text}).json() == answer


def test_a_missing_page_says_what_was_saved_and_what_to_do(client, cast):
    client.force_login(cast.officer)

    response = client.get("/no/such/page/")

    assert response.status_code == 404
    html = response.content.decode()
    assert "ページが見つかりません" in html
    assert "この操作では何も変更されていません。" in html


def test_a_forged_post_is_refused_with_an_explanation(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer)

    response = client.post(reverse("ui:keep_alive"))

    assert response.status_code == 403
    assert "送信した内容は保存されていません。" in response.content.decode()


def test_a_failure_is_told_without_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = errors.server_error(rf.get("/"))

    assert response.status_code == 500
    assert "直前の操作は取り消され、保存されていません。" in response.content.decode()


def test_an_unreachable_database_is_told_as_a_pause(rf):
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        response = errors.server_error(rf.get("/"))

    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_data_of_a_chart_cannot_leave_its_block():
    evil = "</script><script>alert(1)</script>&\u2028"
    chart = charts.Chart("c", "題", "読み", charts.bars([evil], [1]), charts.table_of(("団体", "数"), [(evil, 1)]))

    html = Template("{% load ui %}{% chart chart %}").render(Context({"chart": chart}))

    assert "<script>alert" not in html
    assert html.count("</script>") == 1


def test_the_drawing_library_comes_from_the_installed_package():
    assert finders.find("vendor/plotly.min.js").endswith("package_data/plotly.min.js")


@pytest.mark.parametrize(
    ("ground", "text"), [*zip(charts.TIERS.values(), ("#1A1A1A",) * 2 + ("#FFFFFF",) * 2, strict=True)]
)
def test_text_on_a_tier_has_the_contrast_that_our_tokens_state(ground, text):
    assert charts.ink(ground) == text


def test_more_series_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="At most 5"):
        charts.lines(["a"], {str(n): [1] for n in range(6)})


def test_the_name_of_who_is_there_goes_with_person_and_membership(client, cast):
    assert client.get(reverse("ui:who")).status_code == 401
    names = set()
    for person in (cast.officer, cast.approver):
        client.force_login(person)
        names.add(client.get(reverse("ui:who")).json()["who"])
    other = make.make_membership(cast.approver, cast.neighbour, Role.VIEWER)
    client.post(reverse("accounts:switch"), {"membership": other.pk})
    names.add(client.get(reverse("ui:who")).json()["who"])

    assert len(names) == 3
    assert "" not in names


def test_pages_of_people_are_kept_by_no_shared_cache_and_secrets_by_none(client, cast):
    client.force_login(cast.officer)

    for name in ("portal:home", "accounts:handover", "ui:who"):
        kept = client.get(reverse(name))["Cache-Control"]
        assert {"private", "no-cache"} <= {part.strip() for part in kept.split(",")}, name
    secrets = (
        reverse("mfa_index"),
        reverse("mfa_activate_totp"),
        reverse("accounts:invitation", args=["unknown"]),
        reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "x-y"}),
    )
    for address in secrets:
        assert "no-store" in client.get(address)["Cache-Control"], address
