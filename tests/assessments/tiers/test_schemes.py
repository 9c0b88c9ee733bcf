import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.domain.tiers.scheme_choice import choose_schemes, tier_schemes_for
from assessments.domain.tiers.step_scores import StepScores, create_imported, import_step_scores
from assessments.models import Classification, StoredScoreCard, Survey
from dxportal.core.jobs.models import Job
from tests.support.tiers import make_tier_scheme, steps


def test_the_admin_chooses_schemes_and_a_run_follows(client, cast, computed, scheme):
    url = reverse("assessments:tiers_schemes", args=[computed.survey.pk])
    client.force_login(cast.staff)
    assert "共創の意味" in client.get(url).text
    other = make_tier_scheme(
        "other-tiers", bands=((4, "共創", "50"), (3, "協働", "40"), (2, "支援", "30"), (1, "関与", "0"))
    )
    client.force_login(cast.admin)

    response = client.post(url, {"tier_scheme": other.pk, "priority_scheme": scheme.pk})

    assert response.status_code == 302
    computed.survey.refresh_from_db()
    assert (computed.survey.tier_scheme, computed.survey.priority_scheme) == (other, scheme)
    assert Job.objects.get().params == {"survey_id": computed.survey.pk}


def test_one_scheme_at_least_is_chosen(client, cast, computed):
    client.force_login(cast.admin)
    response = client.post(reverse("assessments:tiers_schemes", args=[computed.survey.pk]), {})
    assert response.status_code == 200
    assert "少なくとも一つ" in response.text


@pytest.mark.parametrize("who", ["staff", "bureau_staff", "officer", "stranger_staff"])
def test_others_choose_no_schemes(cast, computed, who):
    with pytest.raises((PermissionDenied, Survey.DoesNotExist)):
        choose_schemes(computed.survey.pk, tier_scheme=None, priority_scheme=None, user=getattr(cast, who))


def test_schemes_stand_still_once_tiers_are_proposed(cast, computed):
    Classification.objects.update(step="proposed")
    with pytest.raises(ValidationError):
        choose_schemes(computed.survey.pk, tier_scheme=make_tier_scheme("x"), priority_scheme=None, user=cast.admin)


def test_a_prefecture_is_not_offered_anothers_own_versions(cast, db):
    own = make_tier_scheme(f"tiers-{cast.pref.pk}")
    anothers = make_tier_scheme(f"tiers-{cast.other_pref.pk}")
    common = make_tier_scheme("support-tiers")
    assert set(tier_schemes_for(cast.pref)) == {own, common}
    assert anothers not in tier_schemes_for(cast.pref)


def test_a_survey_of_imported_scores_is_set_up_and_judged_again_by_other_schemes(client, cast, scheme):
    client.force_login(cast.staff)
    page = client.post(
        reverse("assessments:imported_survey_create"),
        {"title": "県の独自集計", "fiscal_year": "2024", "priority_scheme": scheme.pk, "tier_scheme": ""},
    )
    survey = Survey.objects.get()
    assert page.url == reverse("assessments:step_scores_import", args=[survey.pk])
    import_step_scores(survey, [StepScores(cast.town.pk, steps(15, 30, 20, 24))])
    tiers = make_tier_scheme(bands=((4, "共創", "100"), (3, "協働", "80"), (2, "支援", "40"), (1, "関与", "0")))

    choose_schemes(survey.pk, tier_scheme=tiers, priority_scheme=None, user=cast.admin)

    card = StoredScoreCard.objects.get(run__in_force=True)
    assert (card.tier, card.priority) == (3, "")


def test_two_imported_surveys_of_a_year_need_two_names(cast, scheme):
    values = {"title": "集計", "fiscal_year": 2024, "tier_scheme": None, "priority_scheme": scheme, "user": cast.staff}
    create_imported(**values)
    with pytest.raises(ValidationError):
        create_imported(**values)
