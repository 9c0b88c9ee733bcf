import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dxportal.core.jobs.enums import JobState
from dxportal.core.jobs.models import Job

HTMX = {"HTTP_HX_REQUEST": "true"}


def make_job(pref, **fields):
    return Job.objects.create(**{"kind": "tests.note", "label": "試しの処理", "prefecture": pref, **fields})


def test_failed_jobs_come_first_unless_a_later_one_mended_them(client, cast):
    now = timezone.now()
    rows = [
        ("mended", "failed", 5, "k"),
        ("done", "succeeded", 4, "k"),
        ("failed", "failed", 3, ""),
        ("run", "running", 2, ""),
    ]
    for label, state, hours, key in rows:
        job = make_job(cast.pref, label=label, state=state, key=key, heartbeat_at=now)
        Job.objects.filter(pk=job.pk).update(created_at=now - dt.timedelta(hours=hours))
    client.force_login(cast.staff)

    labels = [job.label for job in client.get(reverse("jobs:list")).context["rows"]]

    assert labels == ["failed", "run", "done", "mended"]


def test_the_list_filters_by_state_and_shows_only_the_own_prefecture(client, cast):
    make_job(cast.pref, label="ours", state="failed")
    make_job(cast.pref, label="well", state="succeeded")
    make_job(cast.other_pref, label="theirs", state="failed")
    client.force_login(cast.staff)

    response = client.get(reverse("jobs:list"), {"state": "failed"})

    assert [job.label for job in response.context["rows"]] == ["ours"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_number(client, cast, count, django_assert_max_num_queries):
    for _ in range(count):
        make_job(cast.pref, created_by=cast.staff)
    client.force_login(cast.staff)
    with django_assert_max_num_queries(6):
        response = client.get(reverse("jobs:list"))
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("admin", 200), ("stranger_staff", 404), ("officer", 403), ("bureau_staff", 403), ("nobody", 403)],
)
def test_who_sees_a_job(client, cast, who, status):
    job = make_job(cast.pref)
    client.force_login(getattr(cast, who))
    assert client.get(reverse("jobs:detail", args=[job.pk])).status_code == status


@pytest.mark.parametrize(("state", "status"), [("queued", 200), ("running", 200), ("succeeded", 286), ("failed", 286)])
def test_the_fragment_asks_on_until_the_job_is_over(client, cast, state, status):
    job = make_job(cast.pref, state=state, heartbeat_at=timezone.now())
    client.force_login(cast.staff)

    response = client.get(reverse("jobs:detail", args=[job.pk]), **HTMX)

    assert response.status_code == status
    assert ("hx-trigger" in response.text) == (status == 200)
    assert "<html" not in response.text


def test_a_failed_job_is_started_again_from_its_page(client, cast):
    job = make_job(cast.pref, state="failed", error="回答がありません。")
    client.force_login(cast.staff)
    assert "もう一度実行" in client.get(reverse("jobs:detail", args=[job.pk])).text

    response = client.post(reverse("jobs:retry", args=[job.pk]))

    job.refresh_from_db()
    assert response.status_code == 302
    assert job.state == JobState.QUEUED


@pytest.mark.parametrize("act", ["retry", "cancel"])
def test_acts_are_refused_by_get_to_strangers_and_to_officers(client, cast, act):
    job = make_job(cast.pref, state="failed" if act == "retry" else "queued")
    url = reverse(f"jobs:{act}", args=[job.pk])
    client.force_login(cast.staff)
    assert client.get(url).status_code == 405
    client.force_login(cast.stranger_staff)
    assert client.post(url).status_code == 404
    client.force_login(cast.officer)
    assert client.post(url).status_code == 403
    job.refresh_from_db()
    assert job.state == ("failed" if act == "retry" else "queued")
