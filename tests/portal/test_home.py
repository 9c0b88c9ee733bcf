"""The home page of each role."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import ResponseTransition
from casestudies.domain.contribution import moves
from consultations.models import Topic
from dxportal.core.jobs.models import Job
from tests.support import factories as make
from tests.support.cases import a_case
from tests.support.consultations import a_session, hold
from tests.support.dashboard import page

pytestmark = pytest.mark.django_db


def test_staff_see_progress_and_failed_jobs(client, cast):
    survey = make.make_survey(cast.pref, title="今年の調査")
    make.make_response(survey, cast.town, state="submitted")
    make.make_response(survey, cast.neighbour)
    Job.objects.create(kind="x", label="壊れた処理", state="failed", prefecture=cast.pref)

    text = page(client, cast.staff, "home")

    assert "今年の調査" in text
    assert "1／2団体" in text
    assert "壊れた処理" in text


def test_an_officer_continues_and_reads_why_the_sheet_came_back(client, cast):
    survey = make.make_survey(cast.pref, title="今年の調査")
    response = make.make_response(survey, cast.town, state="returned", answered=3, required=8)
    ResponseTransition.objects.create(
        response=response, from_state="submitted", to_state="returned", comment="数字を確かめてください"
    )

    text = page(client, cast.officer, "home")

    assert "続きから回答する" in text
    assert "3／8問" in text
    assert "数字を確かめてください" in text
    assert "あと10日" in text


def test_a_viewer_of_a_town_is_not_invited_to_answer(client, cast):
    make.make_response(make.make_survey(cast.pref), cast.town)

    text = page(client, cast.viewer, "home")

    assert "回答を始める" not in text
    assert "回答票を開く" in text


@pytest.mark.parametrize(("role", "seen"), [("consultant", "あさひ町"), ("far_bureau_staff", "ゆうひ町")])
def test_others_see_their_towns_alone(client, cast, role, seen):
    text = page(client, getattr(cast, role), "home")

    assert seen in text
    assert ({"あさひ町", "ゆうひ町"} - {seen}).pop() not in text


def contribute(author, staff=None) -> None:
    """A case of the author's that waits for the prefecture; with ``staff`` one that was sent back."""
    with transaction.atomic():
        place = {} if author.role == "consultant" else {"organization": author.acting.organization}
        prefecture = author.acting.organization.prefecture
        case = a_case("寄せた事例", state="draft", author=author, prefecture=prefecture, audience="prefecture",
                      areas=("training",), field="online", actions="始めた。", places=[("県", "町", "town", 1)], **place)  # fmt: skip
        moves.make_move(case.pk, "submit", user=author)
    if staff:
        moves.make_move(case.pk, "send_back", user=staff, comment="成果を足してください")


@pytest.mark.parametrize("author", ["officer", "consultant"])
def test_cases_that_wait_for_somebody_are_told_to_them(client, cast, author):
    author = getattr(cast, author)
    contribute(author)

    assert "確認を待っている事例（1件）" in page(client, cast.staff, "home")
    assert "確認を待っている事例" not in page(client, cast.stranger_staff, "home")
    assert "差し戻された" not in page(client, author, "home")


@pytest.mark.parametrize("author", ["officer", "consultant"])
def test_cases_that_came_back_are_told_to_who_wrote_them(client, cast, author):
    author = getattr(cast, author)
    contribute(author, cast.staff)

    assert "差し戻された事例（1件）を直す" in page(client, author, "home")
    assert "確認を待っている事例" not in page(client, cast.staff, "home")
    assert "差し戻された" not in page(client, cast.neighbour_officer, "home")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("role", ["staff", "officer", "bureau_staff", "consultant"])
def test_the_queries_do_not_grow(client, cast, django_assert_max_num_queries, role, count):
    for _ in range(count):
        survey = make.make_survey(cast.pref)
        make.make_response(survey, cast.town, state="returned")
        town = make.make_municipality(cast.bureau)
        make.make_response(survey, town)
    client.force_login(getattr(cast, role))

    with django_assert_max_num_queries(13):
        client.get(reverse("portal:home"))


def test_the_next_sessions_and_what_other_towns_released_stand_at_home(client, cast):
    mine = a_session(cast.staff, cast.town, due=3, title="あさひ町の次回")
    a_session(cast.staff, cast.neighbour, due=2, title="ゆうひ町の次回")
    hold(a_session(cast.staff, cast.town, title="済んだ回"), cast.staff)
    released = {"state": "released", "released_at": timezone.now(), "summary": "要約"}
    Topic.objects.create(organization=cast.neighbour, title="庁内の題", summary_title="書かない窓口", **released)
    Topic.objects.create(organization=cast.neighbour, title="公開前の話")

    texts = {name: page(client, getattr(cast, name), "home") for name in ("officer", "consultant", "staff")}

    for text in texts.values():
        assert reverse("consultations:session", args=[mine.pk]) in text
        assert "書かない窓口" in text
        assert not any(words in text for words in ("済んだ回", "庁内の題", "公開前の話"))
    assert {name for name, text in texts.items() if "ゆうひ町の次回" in text} == {"staff"}
