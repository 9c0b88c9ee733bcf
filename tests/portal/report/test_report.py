"""What towns say of the support once a year, and the report's blocks of text."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.portal.demo import report as demo
from dxportal.portal.domain.report import results, voices
from dxportal.portal.domain.report.content import ResultText, Voice, blocks, by_subject, output_words
from dxportal.portal.enums import PlanState
from dxportal.portal.models import PlanItem, ReportResult, SupportSurvey, SupportVoice
from tests.support import factories as make
from tests.support.consultations import day
from tests.support.dashboard import get, page
from tests.support.queries import assert_same_queries

pytestmark = pytest.mark.django_db
NOTHING = {"overall": "", "monthly": "", "exchange": "", "wishes": ""}


def a_survey(cast, closes=10) -> SupportSurvey:
    return SupportSurvey.objects.create(prefecture=cast.pref, fiscal_year=2024, closes_on=day(closes))


def say(survey, user, revision=0, **texts) -> SupportVoice:
    return voices.say(survey.pk, NOTHING | texts, revision=revision, user=user)


def test_a_town_says_it_once_a_year_and_changes_it_until_the_last_day(client, cast):
    client.force_login(cast.office)
    asked = {"year": str(fiscal_year_of(day())), "closes_on": day().isoformat()}
    assert client.post(reverse("portal:voice_ask"), asked).status_code == 302
    survey = SupportSurvey.objects.get()
    client.force_login(cast.officer)
    first = {**NOTHING, "overall": "心強い", "revision": "0"}

    assert client.post(reverse("portal:voice_write"), first).status_code == 302
    assert "心強い" in page(client, cast.approver, "voice_write")
    assert say(survey, cast.approver, revision=1, overall="とても心強い").revision == 2
    with pytest.raises(Overtaken):
        say(survey, cast.officer, revision=1, overall="別の文")
    with pytest.raises(NotPossible):
        say(survey, cast.officer, revision=2)
    SupportSurvey.objects.update(closes_on=day(-1))
    with pytest.raises(NotPossible):
        say(survey, cast.officer, revision=2, overall="遅れて")
    assert "受付は終わりました" in page(client, cast.officer, "voice_write")
    assert SupportVoice.objects.get().overall == "とても心強い"


def test_each_side_reads_what_is_its(client, cast):
    survey = a_survey(cast)
    say(survey, cast.officer, overall="あさひの声", wishes="日程")
    say(survey, cast.neighbour_officer, overall="ゆうひの声")

    text = page(client, cast.staff, "voices")
    assert all(words in text for words in ("あさひの声", "あさひ町", "ゆうひの声", "2団体が回答"))
    assert "ゆうひの声" not in page(client, cast.consultant, "voices")
    assert "ゆうひの声" not in page(client, cast.viewer, "voices")
    assert "ゆうひの声" not in page(client, cast.officer, "voice_write")
    assert "の声" not in page(client, cast.stranger_staff, "voices").replace("支援への声", "")
    assert get(client, cast.bureau_staff, "voices").status_code == 403
    with pytest.raises(PermissionDenied):
        say(survey, cast.viewer, overall="閲覧者")
    with pytest.raises(PermissionDenied):
        say(survey, cast.stranger_staff, overall="他県")


def test_the_report_is_made_of_plan_results_and_voices_without_names(client, cast):
    PlanItem.objects.create(prefecture=cast.pref, fiscal_year=2024, section="(5)", item="相談", measure="by_hand",
                            target=10, unit="回")  # fmt: skip
    say(a_survey(cast), cast.officer, overall="心強い")
    client.force_login(cast.office)
    added = {"title": "共有の仕組み", "output": "自動で配る", "outcome": "よその進み具合を知れる"}
    assert client.post(reverse("portal:report_add"), added).status_code == 302

    text = page(client, cast.staff, "report", year=2024, day="2025-01-31")
    for words in ("0回（目標10回の0%", "自動で配る", "よその進み具合を知れる", "事業全般（1団体）", "・心強い"):
        assert words in text
    assert "あさひ町" not in text
    answer = get(client, cast.staff, "report", year=2024, format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == [
        "アウトプット", "アウトプット", "アウトカム", "声",
    ]  # fmt: skip
    assert get(client, cast.officer, "report").status_code == 403


def test_a_result_is_changed_over_what_was_seen_and_deleted(client, cast):
    row = results.add(2024, ResultText("共有", "作った", "変わった"), user=cast.office)

    with pytest.raises(NotPossible):
        results.add(2024, ResultText("共有", "", ""), user=cast.staff)
    client.force_login(cast.staff)
    where = reverse("portal:report_edit", args=[row.pk])
    data = {"title": "共有", "output": "広げた", "outcome": "変わった", "revision": "1"}
    assert client.post(where, data).status_code == 302
    assert client.post(where, data | {"output": "古い"}).status_code == 409
    client.force_login(cast.pref_viewer)
    assert client.post(where, data).status_code == 403
    client.force_login(cast.staff)
    assert client.post(reverse("portal:report_delete", args=[row.pk])).status_code == 302
    assert not ReportResult.objects.exists()


def test_the_lists_cost_the_same_for_one_town_and_three(client, cast):
    survey = a_survey(cast)

    def add(number):
        SupportVoice.objects.create(survey=survey, organization=make.make_municipality(cast.bureau), overall="声")

    assert_same_queries(lambda: get(client, cast.staff, "voices"), add)


def test_the_demo_adds_up_to_the_published_counts(cast):
    for number in range(28):
        make.make_municipality(cast.bureau, name=f"町{number}")

    assert demo.load(cast.pref) is True
    assert demo.load(cast.pref) is False
    subjects = by_subject(voices.voices_of(cast.staff, 2024, named=True))
    assert [subject.count for subject in subjects] == [6, 4, 4, 2]
    rows = ReportResult.objects.all()
    assert [bool(row.output and row.outcome) for row in rows] == [True] * 5


def test_blocks_name_only_what_there_is():
    row = SimpleNamespace(
        row=SimpleNamespace(section="(5)", item="相談", unit="回", target=360),
        actual=300, percent=83, state=PlanState.ON_PLAN,
    )  # fmt: skip

    assert output_words(row) == "300回（目標360回の83%、計画どおり）"
    texts = blocks([row], [ResultText("成果", "", "変わった")], by_subject([Voice("wishes", "日程", "町")]))
    assert [(block.part, block.title) for block in texts] == [
        ("アウトプット", "(5) 相談"), ("アウトカム", "成果"), ("声", "要望・改善してほしいこと（1団体）"),
    ]  # fmt: skip
    assert texts[-1].text == "・日程"
