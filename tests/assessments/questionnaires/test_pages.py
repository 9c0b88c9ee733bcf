import pytest
from django.urls import reverse

from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.questionnaires.versions import differences
from assessments.models import Choice, Question
from tests.support import factories as make


def spec(questionnaire):
    stored_questionnaire.cache_clear()
    return stored_questionnaire(questionnaire.pk).spec


def visit(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"assessments:{name}", args=args), query)


@pytest.fixture
def versions(db):
    """Version 2 changes a wording, a choice's points and a code, drops 1-2 and adds 1-3."""
    old, new = make.make_questionnaire(version="1"), make.make_questionnaire(version="2", fiscal_year=2025)
    Question.objects.filter(questionnaire=new, key="defined").update(wording="DXを定義していますか。")
    Choice.objects.filter(question__questionnaire=new, code="planned").update(points=7)
    Question.objects.filter(questionnaire=new, key="datasets").update(key="datasets_new", code="1-3")
    return old, new


def test_differences_are_found_by_key(versions):
    old, new = map(spec, versions)

    results = {
        (difference.kind, (difference.new or difference.old).key): difference for difference in differences(old, new)
    }

    assert set(results) == {
        ("changed", "defined"),
        ("changed", "plan"),
        ("added", "datasets_new"),
        ("removed", "datasets"),
    }
    assert results["changed", "defined"].changes == (
        ("設問文", "0-1について教えてください。", "DXを定義していますか。"),
    )
    ((name, before, after),) = results["changed", "plan"].changes
    assert name == "選択肢"
    assert "予定がある（6点）" in before
    assert "予定がある（7点）" in after


def test_a_version_has_no_difference_to_itself(versions):
    assert differences(spec(versions[0]), spec(versions[0])) == []


def test_a_changed_condition_is_told_in_words(versions):
    old, new = versions
    Question.objects.filter(questionnaire=new, key="definition").update(condition={"question": "0-1", "any_of": ["no"]})

    (item,) = (
        difference
        for difference in differences(spec(old), spec(new))
        if difference.new and difference.new.key == "definition"
    )

    ((name, before, after),) = item.changes
    assert name == "表示条件"
    assert "定義している" in before
    assert "定義していない" in after


def test_the_detail_page_lists_questions_with_conditions_choices_and_points(client, cast, versions):
    page = visit(client, cast.staff, "questionnaire_detail", versions[0].pk).content.decode()

    assert "『定義している』の場合に回答" in page
    assert "策定済み（10点）" in page
    assert "単位：件" in page
    assert "前の版との違い" not in page


def test_the_changes_page_compares_with_the_version_before_or_the_one_asked_for(client, cast, versions):
    old, new = versions
    make.make_questionnaire(code="unlike")

    default = visit(client, cast.staff, "questionnaire_changes", new.pk)
    back = visit(client, cast.staff, "questionnaire_changes", old.pk, **{"with": new.pk})

    assert (default.context["old"], default.context["count"]) == (old, 4)
    assert (back.context["old"], back.context["count"]) == (new, 4)
    assert visit(client, cast.staff, "questionnaire_changes", new.pk, **{"with": 999999}).status_code == 404


def test_an_unpublished_questionnaire_is_not_shown(client, cast, versions):
    old, new = versions
    type(new).objects.filter(pk=new.pk).update(status="draft")

    rows = visit(client, cast.staff, "questionnaire_list").context["rows"]

    assert list(rows) == [old]
    assert visit(client, cast.staff, "questionnaire_detail", new.pk).status_code == 404


@pytest.mark.parametrize("who", ["staff", "bureau_staff", "consultant", "officer", "viewer", "stranger_staff"])
def test_every_member_reads_the_questionnaire_they_are_asked_by(client, cast, versions, who):
    assert visit(client, getattr(cast, who), "questionnaire_detail", versions[0].pk).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_queries_for_one_and_three(client, cast, count, django_assert_num_queries):
    for number in range(count):
        make.make_questionnaire(version=str(number))
    visit(client, cast.staff, "questionnaire_list")

    with django_assert_num_queries(3):
        assert len(client.get(reverse("assessments:questionnaire_list")).context["rows"]) == count
