"""The brief of a session: what it says to whom, when it is made, and that no memo gets into it."""

import dataclasses
import datetime as dt
import json
from types import SimpleNamespace

import pytest
from django.utils import timezone

from assessments.domain.questionnaires.spec import ChoiceSpec, QuestionKind, QuestionSpec
from assessments.models import Answer
from consultations.models import Session, Topic
from dxportal.core.jobs.domain import JobError, drain
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.portal.domain.brief import store
from dxportal.portal.domain.brief.content import StoredBrief, TownBrief, next_step
from dxportal.portal.domain.brief.reading import entries_of
from dxportal.portal.models import Brief
from dxportal.portal.tasks import prepare_briefs
from tests.support import answers as builders
from tests.support import factories as make
from tests.support.consultations import a_product, a_session, an_action, at, day, hold, write_memo
from tests.support.dashboard import get, page
from tests.support.queries import assert_same_queries

pytestmark = pytest.mark.django_db
SECRET = "町長は人事で迷っている"


def release(town, title, **values):
    """A topic of the town that the other towns may read."""
    return Topic.objects.create(
        **{
            "organization": town,
            "title": f"{title}（庁内）",
            "summary_title": title,
            "summary": f"{title}の要約",
            "state": "released",
            "released_at": timezone.now(),
            **values,
        }
    )


@pytest.fixture
def coming(cast) -> Session:
    """A session tomorrow, with all that a brief can tell."""
    builders.two_years(cast, towns=4)
    before = hold(
        a_session(cast.staff, cast.town, due=-31), cast.staff, decisions="窓口を六月に見直す", requests="講師を紹介する"
    )
    write_memo(before, SECRET, cast.consultant)
    an_action(cast.town, cast.staff, "過ぎた宿題", -3)
    an_action(cast.town, cast.staff, "次の宿題", 5)
    an_action(cast.neighbour, cast.staff, "隣の宿題", 5)
    session = a_session(cast.staff, cast.town, due=1)
    for origin, title in (("proposed", "書かない窓口"), ("session", "ほかの話")):
        Topic.objects.create(organization=cast.town, session=session, origin=origin, title=title)
    Topic.objects.create(organization=cast.neighbour, session=session, origin="proposed", title="隣の提案")
    return session


def test_both_versions_tell_the_work_and_only_the_supporting_side_reads_the_memo(client, cast, coming):
    release(cast.neighbour, "電子申請の様式")
    Topic.objects.create(
        organization=cast.neighbour, title="まだ公開しない話", summary_title="下書きの題", summary="下書き"
    )

    texts = {name: page(client, getattr(cast, name), "brief", coming.pk) for name in
             ("consultant", "office", "staff", "bureau_staff", "officer", "viewer")}  # fmt: skip

    for name, text in texts.items():
        for words in (
            "窓口を六月に見直す",
            "講師を紹介する",
            "過ぎた宿題",
            "3日超過",
            "次の宿題",
            "書かない窓口",
            "電子申請の様式",
        ):
            assert words in text, (name, words)
        for words in ("隣の宿題", "ほかの話", "隣の提案", "まだ公開しない話", "下書き", "（庁内）"):
            assert words not in text, (name, words)
    assert {name for name, text in texts.items() if SECRET in text} == {"consultant", "office", "staff"}
    assert "2023年度調査から変わった回答" in texts["consultant"]
    assert "60.0／" in texts["officer"]


def test_the_stored_value_and_the_towns_version_have_no_place_for_a_memo(cast, coming):
    row = store.make(coming, cast.town)

    assert SECRET not in json.dumps(row.data, ensure_ascii=False)
    assert StoredBrief.from_json(row.data).to_json() == row.data
    assert {field.name for field in dataclasses.fields(TownBrief)} == {"content", "figures"}


def test_scores_that_are_not_published_are_told_to_the_supporting_side_alone(client, cast):
    builders.two_years(cast, towns=4, step="hearing")
    session = a_session(cast.staff, cast.town, due=1)

    assert "60.0／" in page(client, cast.consultant, "brief", session.pk)
    text = page(client, cast.officer, "brief", session.pk)
    assert "60.0／" not in text
    assert "得点はまだ表示できません" in text
    assert "県平均より" not in text


def test_the_order_of_others_topics_tells_no_weakness_before_the_scores_are_published(cast):
    builders.two_years(cast, towns=4, step="hearing")
    towns = list(Organization.objects.filter(prefecture=cast.pref, kind="municipality"))
    town = next(each for each in towns if entries_of(each, public=False)[0].gaps)
    weak = entries_of(town, public=False)[0].gaps[0].name
    other = next(each for each in towns if each != town)
    older = release(other, "弱い分野の話", area=Area.objects.get(name=weak), released_at=at(-9))
    newer = release(other, "ほかの話")
    session = a_session(cast.staff, town, due=1)

    assert store.make(session, town).data["content"]["topics"] == [newer.pk, older.pk]


def test_it_is_for_those_in_charge_and_each_town_reads_its_own(client, cast):
    session = a_session(cast.staff, cast.town, cast.neighbour, due=1, kind="regional")
    an_action(cast.neighbour, cast.staff, "隣の宿題", 5)

    assert get(client, cast.stranger_staff, "brief", session.pk).status_code == 404
    assert "隣の宿題" in page(client, cast.staff, "brief", session.pk, organization=cast.neighbour.pk)
    for user in (cast.consultant, cast.officer, cast.bureau_staff):
        assert "隣の宿題" not in page(client, user, "brief", session.pk)
        assert get(client, user, "brief", session.pk, organization=cast.neighbour.pk).status_code == 404
    assert "隣の宿題" in page(client, cast.neighbour_officer, "brief", session.pk)


def test_contracts_that_end_within_a_year_are_told(client, cast, coming):
    for product, due in (("もうすぐ終わる製品", 100), ("まだ続く製品", 800)):
        a_product(cast.town, cast.officer, product=product, contract_end=day(due))
    a_product(cast.neighbour, cast.neighbour_officer, product="隣の製品", contract_end=day(100), sharing="named")

    for user in (cast.staff, cast.officer):
        text = page(client, user, "brief", coming.pk)
        assert "もうすぐ終わる製品" in text
        assert "まだ続く製品" not in text
        assert "隣の製品" not in text


def test_a_topic_that_was_withdrawn_since_is_told_no_more(client, cast, coming):
    topic = release(cast.neighbour, "電子申請の様式")
    store.make(coming, cast.town)
    assert "電子申請の様式" in page(client, cast.officer, "brief", coming.pk)

    Topic.objects.filter(pk=topic.pk).update(state="withdrawn")

    assert "電子申請の様式" not in page(client, cast.officer, "brief", coming.pk)
    assert "電子申請の様式" not in page(client, cast.staff, "brief", coming.pk)


def test_answers_that_were_corrected_since_the_last_session_are_told(client, cast, coming):
    last = coming.occasion.starts_at - dt.timedelta(days=32)
    event = Answer.pgh_event_model
    answer = Answer.objects.get(
        response__organization=cast.town, response__survey__fiscal_year=2024, question__key="datasets"
    )
    event.objects.all().update(pgh_created_at=last - dt.timedelta(days=5))
    answer.number = 77
    answer.save()

    text = page(client, cast.officer, "brief", coming.pk)

    assert "前回の相談の後に直した回答" in text
    assert "77" in text


def test_beat_makes_tomorrows_the_evening_before_and_once(cast, coming):
    a_session(cast.staff, cast.neighbour, due=2)
    called_off = a_session(cast.staff, cast.neighbour, due=1, clock=dt.time(15))
    type(called_off.occasion).objects.filter(pk=called_off.occasion_id).update(state="cancelled")

    prepare_briefs()
    prepare_briefs()
    drain()

    row = Brief.objects.get()
    assert (row.session, row.organization, row.made_by) == (coming, cast.town, None)
    made_at = row.made_at
    prepare_briefs()
    drain()
    assert Brief.objects.get().made_at > made_at


def test_one_that_fails_does_not_keep_the_others_from_theirs(cast, monkeypatch):
    sessions = [a_session(cast.staff, town, due=1, clock=dt.time(hour)) for hour, town in
                ((9, cast.town), (11, cast.neighbour))]  # fmt: skip
    read = store.read
    monkeypatch.setattr(store, "read", lambda session, *rest: 1 / 0 if session == sessions[0] else read(session, *rest))

    with pytest.raises(JobError, match=sessions[0].occasion.title):
        store.make_all(cast.pref.pk, day(1), SimpleNamespace(progress=lambda *_: None))

    assert list(Brief.objects.values_list("session", flat=True)) == [sessions[1].pk]


def test_it_stands_as_of_when_it_was_made_until_it_is_made_anew(client, cast, coming):
    assert "（保存していません）" in page(client, cast.staff, "brief", coming.pk)
    store.make(coming, cast.town)
    an_action(cast.town, cast.staff, "後から決めたこと", 5)
    assert "後から決めたこと" not in page(client, cast.officer, "brief", coming.pk)

    client.force_login(cast.officer)
    answer = client.post(
        f"/consultations/sessions/{coming.pk}/brief/make/", {"organization": cast.town.pk}, follow=True
    )

    assert "後から決めたこと" in answer.content.decode()
    assert Brief.objects.get().made_by == cast.officer
    client.force_login(cast.viewer)
    assert client.post(f"/consultations/sessions/{coming.pk}/brief/make/").status_code == 403


def test_a_session_that_is_over_keeps_its_brief_and_gets_no_other(client, cast, coming):
    store.make(coming, cast.town)
    type(coming.occasion).objects.filter(pk=coming.occasion_id).update(state="held")

    assert "過ぎた宿題" in page(client, cast.officer, "brief", coming.pk)
    client.force_login(cast.staff)
    answer = client.post(f"/consultations/sessions/{coming.pk}/brief/make/", follow=True)
    assert store.OVER in answer.content.decode()
    Brief.objects.all().delete()
    assert "事前資料はありません" in page(client, cast.officer, "brief", coming.pk)


def test_its_queries_do_not_grow(client, cast, coming):
    def add(number):
        an_action(cast.town, cast.staff, f"宿題{number}", number)
        hold(a_session(cast.staff, cast.town, due=-10 - number), cast.staff, decisions="決めた")
        release(cast.neighbour, f"話{number}")
        Topic.objects.create(organization=cast.town, session=coming, origin="proposed", title=f"提案{number}")
        make.make_municipality(cast.bureau)
        Brief.objects.all().delete()

    computed = assert_same_queries(lambda: get(client, cast.staff, "brief", coming.pk), add)

    assert computed <= 45


def test_the_next_step_is_the_choice_that_earns_the_next_points():
    choices = (ChoiceSpec("a", "予定はない", 0), ChoiceSpec("c", "策定済み", 10), ChoiceSpec("b", "策定中", 5))
    single = QuestionSpec("1-1", "plan", QuestionKind.SINGLE, "step1", choices=choices, max_points=10)
    several = dataclasses.replace(single, kind=QuestionKind.MULTIPLE)

    assert [next_step(single, earned) for earned in (0, 5, 10)] == ["策定中", "策定済み", ""]
    assert next_step(several, 0) == ""
