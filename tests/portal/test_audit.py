import datetime as dt
import io

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.domain.surveys import moves
from assessments.models import Answer, Response
from dxportal.core.history.trail import HistoryList, entries
from dxportal.core.jobs.domain import drain, enqueue
from dxportal.core.jobs.registry import job_kind
from dxportal.portal.domain.audit import TRAILS, Wanted, search
from tests.support import factories as make
from tests.support.posting import give


@pytest.fixture
def busy(cast):
    """Two prefectures at work: an answer given and changed, an extension with its reason, a survey opened."""
    for pref, staff in ((cast.pref, cast.staff), (cast.other_pref, cast.stranger_staff)):
        with pghistory.context(user=staff.pk):
            survey = make.make_survey(pref, state="draft", title=f"{pref.name}の調査")
            moves.open_survey(survey.pk, user=staff)
    cast.sheet = Response.objects.select_related("survey").get(organization=cast.town)
    cast.others = Response.objects.select_related("survey").get(organization=cast.other_town)
    with pghistory.context(user=cast.officer.pk):
        answer = give(cast.sheet, "0-2", text="はじめの文")
        Answer.objects.filter(pk=answer.pk).update(text="直した文", on_behalf=False)
    with pghistory.context(user=cast.stranger_staff.pk):
        give(cast.others, "0-2", text="よその文")
    with pghistory.context(user=cast.staff.pk):
        later = cast.sheet.survey.closes_at + dt.timedelta(days=3)
        moves.extend(cast.sheet.pk, until=later, reason="台風の対応", user=cast.staff)
    return cast


def visit(client, user, **query):
    client.force_login(user)
    return client.get(reverse("portal:audit"), query)


def told(found):
    return [(item.who, item.kind, item.place, item.act) for item in found[0:50]]


def test_an_answer_is_told_from_old_to_new_with_who(busy):
    newest, first = search(Wanted(kinds=["answer"]), user=busy.admin)[0:10]

    assert (newest.who, newest.place, newest.act, newest.created) == ("町 担当", "あさひ町", "変更", False)
    assert [(change.label, change.old, change.new) for change in newest.changes] == [("回答", "はじめの文", "直した文")]
    assert newest.subject == "みほん県の調査（初回） 問0-2 設問0-2"
    assert (first.act, [change.new for change in first.changes]) == ("登録", ["はじめの文"])


@pytest.mark.parametrize("text", ["渡辺", "渡邊 花子", "ﾜﾀﾅﾍﾞ", "わたなべ"])
def test_people_are_found_in_any_writing_of_their_names(cast, text):
    person = make.make_user(name="渡邉\U000e0101　花子")
    person.kana = "ワタナベ ハナコ"
    person.save()
    make.make_membership(person, cast.town, "viewer")
    found = search(Wanted(kinds=["membership"], text=text), user=cast.admin)
    assert {entry.subject for entry in found[0:50]} == {person.name}


def test_a_row_loaded_without_its_history_has_no_known_old_value(busy):
    answer = Answer.objects.get(response=busy.sheet)
    Answer.pgh_event_model.objects.all().delete()
    Answer.objects.filter(pk=answer.pk).update(text="次の文")

    (only,) = search(Wanted(kinds=["answer"]), user=busy.admin)[0:10]

    assert [(change.label, change.old, change.new) for change in only.changes] == [("回答", "記録なし", "次の文")]


def test_choices_are_told_in_their_words(busy):
    with pghistory.context(user=busy.officer.pk):
        answer = give(busy.sheet, "0-1", choices=["yes"])
        Answer.objects.filter(pk=answer.pk).update(choices=["no"])

    newest = search(Wanted(kinds=["answer"]), user=busy.admin)[0:1][0]

    assert [(change.old, change.new) for change in newest.changes] == [("定義している", "定義していない")]


def test_nothing_of_another_prefecture_is_found(busy):
    mine, theirs = (search(Wanted(), user=user)[0:200] for user in (busy.admin, busy.stranger_staff))

    assert {item.place for item in mine} == {"みほん県", "北部振興局", "南部振興局", "あさひ町", "ゆうひ町"}
    assert {item.place for item in theirs} == {"となり県", "となり振興局", "よその町"}
    assert [item.changes[0].new for item in theirs if item.kind == "回答"] == ["よその文"]
    assert "よその文" not in str(mine)


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ({"text": "台風"}, ["回答票の状態"]),
        ({"text": "直した 0-2"}, ["回答"]),
        ({"text": "よその文"}, []),
        ({"text": "町 担当"}, ["利用者の所属"]),
        ({"kinds": ["survey"]}, ["調査", "調査"]),
        ({"first_day": dt.date(2000, 1, 1), "last_day": dt.date(2000, 1, 2)}, []),
    ],
)
def test_the_search_narrows(busy, wanted, kinds):
    results = search(Wanted(**wanted), user=busy.admin)

    assert [item.kind for item in results[0:50]] == kinds
    assert len(results) == len(kinds)


def test_the_search_narrows_to_a_person_and_an_organisation(busy):
    by_officer = search(Wanted(person=busy.officer), user=busy.admin)
    of_town = search(Wanted(organization=busy.town, kinds=["response"]), user=busy.admin)

    assert told(by_officer) == [("町 担当", "回答", "あさひ町", "変更"), ("町 担当", "回答", "あさひ町", "登録")]
    assert {item.place for item in of_town[0:50]} == {"あさひ町"}
    assert len(of_town) == 2


def test_days_are_inclusive_and_local(busy):
    today = timezone.localdate()
    everything = len(search(Wanted(), user=busy.admin))

    assert len(search(Wanted(first_day=today, last_day=today), user=busy.admin)) == everything > 0
    assert len(search(Wanted(last_day=today - dt.timedelta(days=1)), user=busy.admin)) == 0


def test_pages_follow_each_other_without_gap_or_repeat(busy):
    results = search(Wanted(), user=busy.admin)
    whole = results[0:100]

    pieces = [item for start in range(0, len(results), 3) for item in results[start : start + 3]]

    assert pieces == whole
    assert [item.at for item in whole] == sorted((item.at for item in whole), reverse=True)


def test_the_count_stops_at_the_ceiling(busy):
    parts = search(Wanted(), user=busy.admin).parts
    assert len(HistoryList(parts, ceiling=3)) == 3


def test_a_page_costs_the_same_however_many_events(busy, django_assert_num_queries):
    def cost():
        return search(Wanted(kinds=["answer"]), user=busy.admin)[0:50]

    cost()
    with django_assert_num_queries(4):
        assert len(cost()) == 2
    for _ in range(3):
        give(busy.sheet, ("0-1", "1-1", "1-2")[_], choices=[])
    with django_assert_num_queries(4):
        assert len(cost()) == 5


def test_every_kind_reads_all_its_events(busy):
    for trail in TRAILS:
        ids = list(trail.events.objects.values_list("pgh_id", flat=True))
        assert len(entries(trail, ids)) == len(ids), trail.code


def test_the_page_is_for_prefecture_admins(client, busy):
    assert visit(client, busy.admin).status_code == 200
    for who in ("staff", "pref_viewer", "bureau_staff", "consultant", "officer", "approver", "viewer"):
        assert visit(client, getattr(busy, who)).status_code == 403, who


def test_the_page_shows_and_filters(client, busy):
    page = visit(client, busy.admin, kinds="answer", text="直した", first_day="令和2年1月1日")

    assert [item.kind for item in page.context["page"].object_list] == ["回答"]
    assert "はじめの文" in page.content.decode()
    assert "よその文" not in page.content.decode()


def test_a_stranger_admin_finds_only_the_own_prefecture(client, busy):
    results = visit(client, busy.stranger_staff).context["page"].object_list

    assert {item.place for item in results} == {"となり県", "となり振興局", "よその町"}


def test_wrong_days_are_said_and_kept(client, busy):
    page = visit(client, busy.admin, first_day="令和8年2月30日", last_day="R8.3.1")

    assert set(page.context["form"].errors) == {"first_day"}
    assert 'value="令和8年2月30日"' in page.content.decode()
    assert page.context["page"] is None


def test_people_and_organisations_offered_are_the_prefectures(client, busy):
    form = visit(client, busy.admin).context["form"]

    assert busy.stranger_staff not in form.fields["person"].queryset
    assert busy.officer in form.fields["person"].queryset
    assert busy.other_town not in form.fields["organization"].queryset


def test_the_workbook_has_a_row_for_each_changed_field(client, busy):
    book = load_workbook(io.BytesIO(visit(client, busy.admin, format="xlsx", text="台風").content))

    header, *rows = book["変更の記録"].iter_rows(values_only=True)
    results = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["変更した人"], row["団体"], row["項目"]) for row in results] == [
        ("県 職員", "あさひ町", "延長後の締切"),
        ("県 職員", "あさひ町", "延長の理由"),
    ]
    assert results[1]["変更後"] == "台風の対応"


def test_a_request_leaves_its_person_in_the_history(client, busy):
    client.force_login(busy.staff)
    Response.objects.filter(pk=busy.sheet.pk).update(state="submitted")

    client.post(reverse("assessments:response_accept", args=[busy.sheet.pk]))

    newest = search(Wanted(kinds=["response"]), user=busy.admin)[0:1][0]
    assert newest.who == "県 職員（みほん県・県職員）"
    assert ("状態", "提出済", "確定") in [(change.label, change.old, change.new) for change in newest.changes]
    context = Response.pgh_event_model.objects.latest("pgh_id").pgh_context
    assert set(context.metadata) == {"user", "membership"}


@job_kind("tests.confirm")
def confirm(handle, response):
    Response.objects.filter(pk=response).update(state="confirmed")


def test_a_job_leaves_the_person_who_started_it_and_the_clock_its_word(busy):
    enqueue("tests.confirm", label="確定", params={"response": busy.sheet.pk}, prefecture=busy.pref, user=busy.admin)
    drain()
    assert search(Wanted(kinds=["response"]), user=busy.admin)[0:1][0].who == "県 管理子"

    enqueue("tests.confirm", label="確定", params={"response": busy.others.pk}, prefecture=busy.pref)
    drain()
    assert search(Wanted(kinds=["response"]), user=busy.stranger_staff)[0:1][0].who == "自動処理"


def test_a_search_that_finds_nothing_says_so(client, busy):
    response = visit(client, busy.admin, text="どこにもない文")

    assert list(response.context["page"]) == []
    assert "当てはまる記録はありません" in response.content.decode()
