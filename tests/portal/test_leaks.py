"""What each reader of the portal's pages may learn of others, and what they must not."""

import pytest
from django.urls import reverse

from assessments.models import Survey
from dxportal.portal.domain.snapshots.refresh import refresh
from dxportal.portal.models import Snapshot
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.dashboard import get, page

pytestmark = pytest.mark.django_db
NEIGHBOUR = "ゆうひ町"
TEXT = "住民の暮らしから始める"


MUNICIPAL = ("officer", "approver", "viewer")
PAGES = (
    ("dashboard", ()),
    ("question_list", ("survey",)),
    ("question_result", ("survey", "0-1")),
    ("question_result", ("survey", "0-2")),
    ("question_result", ("survey", "1-2")),
    ("matrix", ("survey",)),
    ("karte", ("town",)),
    ("karte_areas", ("town",)),
    ("karte_history", ("town",)),
    ("karte_answers", ("town",)),
    ("karte_list", ()),
    ("home", ()),
)


def fill(args, survey, cast):
    return [{"survey": survey.pk, "town": cast.town.pk}.get(arg, arg) for arg in args]


def walk(client, user, survey, cast, pages=PAGES):
    """Every page as the person sees it, with its name."""
    for name, args in pages:
        response = get(client, user, name, *fill(args, survey, cast), survey=survey.pk)
        if response.status_code == 302:
            response = client.get(response["Location"])
        assert response.status_code == 200, name
        yield name, response.content.decode()


@pytest.mark.parametrize("step", ["proposed", "published"])
@pytest.mark.parametrize("role", MUNICIPAL)
def test_a_municipality_reads_no_other_name_on_any_page_of_an_aggregate_survey(client, cast, role, step):
    survey = builders.two_years(cast, towns=4, step=step)

    for name, text in walk(client, getattr(cast, role), survey, cast):
        assert NEIGHBOUR not in text, name


def test_the_prefecture_reads_every_name(client, cast):
    survey = builders.two_years(cast)

    for name, args in PAGES:
        if name not in ("home", "karte_list", "question_list") and "town" not in args and args != ("survey", "0-2"):
            assert NEIGHBOUR in page(client, cast.staff, name, *fill(args, survey, cast), survey=survey.pk), name


@pytest.mark.parametrize("step", ["computed", "hearing", "proposed"])
def test_before_publication_a_municipality_sees_neither_score_nor_tier(client, cast, step):
    survey = builders.two_years(cast, towns=4, step=step)

    for name in ("karte", "karte_areas", "karte_history"):
        text = page(client, cast.officer, name, cast.town.pk, survey=survey.pk)
        assert "60.0" not in text
        assert "共創" not in text
        assert "支援優先度" not in text
    board = page(client, cast.officer, "dashboard", survey=survey.pk)
    assert "平均総合点" not in board
    assert "共創" not in board
    assert "10／10" not in page(client, cast.officer, "karte_answers", cast.town.pk, survey=survey.pk)


def test_after_publication_a_municipality_sees_its_own_score_and_tier_and_the_counts(client, cast):
    survey = builders.two_years(cast, towns=4)

    karte = page(client, cast.officer, "karte", cast.town.pk, survey=survey.pk)
    board = page(client, cast.officer, "dashboard", survey=survey.pk)

    assert "60.0" in karte
    assert "共創" in karte
    assert "A 共創 5団体" in board
    assert "平均総合点" in board
    assert "10／10" in page(client, cast.officer, "karte_answers", cast.town.pk, survey=survey.pk)


def test_tiers_of_others_are_named_only_where_published_with_names(client, cast):
    survey = builders.two_years(cast, names_hidden=False)

    board = page(client, cast.officer, "dashboard", survey=survey.pk)

    assert NEIGHBOUR in board
    assert "heat-table" not in board
    assert reverse("portal:karte", args=[cast.neighbour.pk]) not in board


def test_a_running_survey_gives_municipalities_no_counts(client, cast):
    survey = builders.two_years(cast, state="open", step="computed")

    index = page(client, cast.officer, "question_list", survey.pk)
    result = page(client, cast.officer, "question_result", survey.pk, "0-1")

    assert "50.0%" not in index + result
    assert "定義している 1団体" not in index
    assert get(client, cast.officer, "question_export", survey.pk, "0-1").status_code == 404


def test_an_aggregate_survey_gives_municipalities_counts_without_texts_or_single_numbers(client, cast):
    survey = builders.two_years(cast, towns=4)

    assert "83.3%" in page(client, cast.officer, "question_result", survey.pk, "0-1")
    texts = page(client, cast.officer, "question_result", survey.pk, "0-2")
    assert TEXT not in texts
    assert "5団体の記述があります" in texts
    numbers = page(client, cast.officer, "question_result", survey.pk, "1-2")
    assert "中央値" in numbers
    assert "最小～最大" not in numbers
    assert "団体ごとの値" not in numbers


def test_exports_for_municipalities_hold_no_other_name(client, cast):
    survey = builders.two_years(cast, towns=4)

    for name, args in (("dashboard_export", ()), ("question_export", (survey.pk, "0-1"))):
        response = get(client, cast.officer, name, *args, survey=survey.pk, format="csv")
        assert response.status_code == 200
        assert NEIGHBOUR not in response.content.decode("utf-8-sig")
    assert get(client, cast.officer, "matrix_export", survey.pk).status_code == 404


def test_a_survey_with_named_answers_shows_them_once_closed(client, cast):
    survey = builders.two_years(cast, visibility="named")

    assert NEIGHBOUR in page(client, cast.officer, "matrix", survey.pk)
    result = page(client, cast.officer, "question_result", survey.pk, "0-1")
    assert NEIGHBOUR in result
    assert reverse("portal:karte", args=[cast.neighbour.pk]) not in result


def test_named_answers_of_a_running_survey_stay_hidden(client, cast):
    survey = builders.two_years(cast, visibility="named", state="open")

    assert NEIGHBOUR not in page(client, cast.officer, "matrix", survey.pk)
    assert NEIGHBOUR not in page(client, cast.officer, "question_result", survey.pk, "0-1")


def test_who_answered_stays_with_the_prefecture_even_where_answers_are_named(client, cast):
    survey = builders.two_years(cast, visibility="named")
    survey.questionnaire.sections.filter(code="step1").update(kind="profile", step=None, worth=0)
    builders.forget_sheets()
    refresh(cast.pref.pk)

    assert not Snapshot.objects.filter(kind="question.public", key=f"{survey.pk}:1-1").exists()
    assert "設問1-1" not in page(client, cast.officer, "question_list", survey.pk)
    assert "設問1-1" not in page(client, cast.officer, "matrix", survey.pk)
    assert "設問1-1" in page(client, cast.staff, "matrix", survey.pk)


@pytest.mark.parametrize("role", ["bureau_staff", "consultant"])
def test_bureau_staff_and_consultants_read_only_names_in_reach(client, cast, role):
    survey = builders.two_years(cast)

    for name, text in walk(client, getattr(cast, role), survey, cast):
        assert NEIGHBOUR not in text, name


@pytest.mark.parametrize("role", ["bureau_staff", "consultant"])
def test_bureau_staff_and_consultants_read_their_own_towns(client, cast, role):
    survey = builders.two_years(cast, step="proposed")

    board = page(client, getattr(cast, role), "dashboard", survey=survey.pk)

    assert "あさひ町" in board
    assert "60.0" in page(client, getattr(cast, role), "karte", cast.town.pk)


@pytest.mark.parametrize("name", ["karte", "karte_areas", "karte_history", "karte_answers"])
@pytest.mark.parametrize("role", ["neighbour_officer", "far_bureau_staff", "stranger_staff"])
def test_a_karte_out_of_reach_does_not_exist(client, cast, name, role):
    builders.two_years(cast)

    assert get(client, getattr(cast, role), name, cast.town.pk).status_code == 404


@pytest.mark.parametrize("name", ["question_list", "matrix", "matrix_export"])
def test_another_prefectures_survey_does_not_exist(client, cast, name):
    survey = builders.two_years(cast)

    assert get(client, cast.stranger_staff, name, survey.pk).status_code == 404
    assert get(client, cast.stranger_staff, "dashboard", survey=survey.pk).status_code == 404
    assert get(client, cast.stranger_staff, "question_result", survey.pk, "0-1").status_code == 404


def test_the_question_whether_figures_are_newer_tells_strangers_nothing(client, cast):
    builders.two_years(cast)
    query = {"kind": "karte", "key": cast.town.pk, "digest": "x", "page": "/"}

    own = get(client, cast.officer, "freshness", **query)
    full = get(client, cast.officer, "freshness", **query | {"kind": "karte.public"})

    assert "新しい集計があります" in own.content.decode()
    assert "新しい集計があります" not in full.content.decode()
    for role in ("neighbour_officer", "far_bureau_staff", "stranger_staff", "nobody"):
        other = get(client, getattr(cast, role), "freshness", **query)
        assert "新しい集計があります" not in other.content.decode(), role


def test_two_readers_never_share_a_kept_page(client, cast):
    survey = builders.two_years(cast)

    assert NEIGHBOUR in page(client, cast.staff, "dashboard", survey=survey.pk)
    assert NEIGHBOUR not in page(client, cast.bureau_staff, "dashboard", survey=survey.pk)
    assert NEIGHBOUR not in page(client, cast.officer, "dashboard", survey=survey.pk)
    assert NEIGHBOUR in page(client, cast.far_bureau_staff, "dashboard", survey=survey.pk)


def test_with_names_hidden_neither_names_nor_what_gives_them_away_are_shown(client, cast):
    survey = builders.two_years(cast, towns=4)
    hidden = {"survey": survey.pk, "names": "hidden"}

    text = page(client, cast.staff, "dashboard", **hidden)

    assert "団体A" in text
    for word in (NEIGHBOUR, "あさひ町", "tile-map", reverse("portal:karte", args=[cast.town.pk])):
        assert word not in text
    sheet = get(client, cast.staff, "dashboard_export", **hidden, format="csv").content.decode("utf-8-sig")
    assert "団体A" in sheet
    assert cast.town.code not in sheet
    assert "8000" not in sheet


def test_stand_in_names_follow_neither_code_nor_name_and_stay_the_same(client, cast):
    survey = builders.two_years(cast, towns=9)
    query = {"survey": survey.pk, "names": "hidden", "format": "csv"}

    first = get(client, cast.staff, "dashboard_export", **query).content
    again = get(client, cast.staff, "dashboard_export", **query).content

    assert first == again
    assert first.decode("utf-8-sig").splitlines()[1].startswith("団体A")


@pytest.mark.parametrize("tier", [1, 4])
def test_a_group_too_small_to_hide_in_is_suppressed_and_so_is_its_complement(client, cast, tier):
    survey = builders.two_years(cast, towns=4)

    text = page(client, cast.staff, "dashboard", survey=survey.pk, names="hidden", tier=tier)

    assert "秘匿" in text
    assert "団体A" not in text
    query = {"survey": survey.pk, "names": "hidden", "tier": tier}
    assert get(client, cast.staff, "dashboard_export", **query).status_code == 404


def test_with_names_hidden_a_question_keeps_its_counts_and_loses_its_names(client, cast):
    survey = builders.two_years(cast, towns=4)

    text = page(client, cast.staff, "question_result", survey.pk, "0-1", names="hidden")

    assert "83.3%" in text
    assert NEIGHBOUR not in text
    assert TEXT not in page(client, cast.staff, "question_result", survey.pk, "0-2", names="hidden")


def test_answers_of_another_prefectures_group_member_are_counted_but_not_named(client, cast):
    survey = builders.two_years(cast)
    builders.hand_in(survey, cast.other_town, defined="yes", plan="none")
    refresh(cast.pref.pk)

    result = page(client, cast.staff, "question_result", survey.pk, "0-1")

    assert "66.7%" in result
    assert "よその町" not in result
    assert "よその町" not in page(client, cast.staff, "matrix", survey.pk)
    assert "よその町" not in page(client, cast.staff, "dashboard", survey=survey.pk)


def test_a_draft_survey_is_not_shown(client, cast):
    draft = make.make_survey(cast.pref, state="draft")

    assert get(client, cast.staff, "dashboard", survey=draft.pk).status_code == 404
    assert Survey.objects.filter(pk=draft.pk).exists()
