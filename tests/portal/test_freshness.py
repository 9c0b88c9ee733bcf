"""Newer figures are announced; definitions and those without rights."""

import pytest
from django.urls import reverse

from assessments.models import Survey
from dxportal.portal.definitions import DEFINITIONS
from dxportal.portal.models import Snapshot
from tests.support import answers as builders
from tests.support.dashboard import get, page

pytestmark = pytest.mark.django_db


def ask(client, row, digest):
    query = {"kind": row.kind, "key": row.key, "digest": digest, "page": "/dashboard/?survey=1"}
    return client.get(reverse("portal:freshness"), query).content.decode()


def test_the_same_figures_only_ask_again(client, cast):
    survey = builders.two_years(cast)
    client.force_login(cast.staff)
    row = Snapshot.objects.get(kind="dashboard", key=survey.pk)

    text = ask(client, row, row.source_digest[:12])

    assert "新しい集計" not in text
    assert 'hx-trigger="every 30s"' in text


def test_newer_figures_are_announced_and_fetched(client, cast):
    survey = builders.two_years(cast)
    client.force_login(cast.staff)

    text = ask(client, Snapshot.objects.get(kind="dashboard", key=survey.pk), "older")

    assert "新しい集計があります" in text
    assert 'hx-select="#figures"' in text


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(client, cast, target):
    survey = builders.two_years(cast)
    client.force_login(cast.staff)
    query = {"kind": "dashboard", "key": survey.pk, "digest": "older", "page": target}

    assert target not in client.get(reverse("portal:freshness"), query).content.decode()


def test_every_definition_has_a_page_and_every_link_to_one_leads_there(client, cast):
    builders.two_years(cast)
    for one in DEFINITIONS:
        text = page(client, cast.officer, "definition", one.slug)
        assert one.formula.split("。")[0] in text
    assert get(client, cast.officer, "definition", "unknown").status_code == 404


def test_a_person_without_membership_is_told_so(client, cast):
    client.force_login(cast.nobody)

    assert client.get(reverse("portal:dashboard")).status_code == 403


def test_the_prefectures_viewer_reads_but_starts_nothing(client, cast):
    survey = builders.two_years(cast)

    text = page(client, cast.pref_viewer, "dashboard", survey=survey.pk)

    assert "あさひ町" in text
    assert client.post(reverse("portal:refresh")).status_code == 403
    assert Survey.objects.count() == 2
