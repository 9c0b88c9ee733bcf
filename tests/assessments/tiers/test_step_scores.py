import csv
import datetime as dt
import io
import zipfile

import pytest
from django.conf import settings
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assessments.domain.tiers.step_scores import StepScores, import_step_scores
from assessments.intake.tiers import HEADINGS, read_step_scores
from assessments.models import Classification, ClassificationRun, StoredScoreCard
from dxportal.core.intake.book import read_book
from dxportal.core.jobs.domain import drain
from dxportal.core.organizations.enums import LifeEvent
from dxportal.core.organizations.models import FormerName
from dxportal.core.uploads.enums import SMALL_UNPACKED
from dxportal.core.workflow.errors import NotPossible
from tests.support import factories as make
from tests.support.tiers import make_tier_scheme, steps


@pytest.fixture
def survey(cast, scheme):
    return make.make_survey(cast.pref, source="imported", priority_scheme=scheme)


def test_all_published_rows_get_their_published_priority_and_support(cast, survey):
    with (settings.BASE_DIR / "fixtures/demo/miyagi_scores.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(line for line in file if not line.startswith("#")))
    towns = [make.make_municipality(cast.bureau) for _ in table]
    rows = [
        StepScores(town.pk, steps(*(row[f"step{n}"] for n in range(4)))) for town, row in zip(towns, table, strict=True)
    ]

    run = import_step_scores(survey, rows)

    cards = {card.organization_id: card for card in run.cards.all()}
    results = [(cards[town.pk].priority, set(cards[town.pk].supports)) for town in towns]
    assert results == [(row["priority"], set(filter(None, row["supports"].split("・")))) for row in table]
    assert len(results) == 14


def test_a_second_import_replaces_the_first_and_the_same_one_does_nothing(cast, survey):
    first = import_step_scores(survey, [StepScores(cast.town.pk, steps(15, 30, 20, 24))])
    assert import_step_scores(survey, [StepScores(cast.town.pk, steps(15, 30, 20, 24))]) == first

    second = import_step_scores(survey, [StepScores(cast.town.pk, steps(0, 30, 20, "24.5"))])

    assert ClassificationRun.objects.get(in_force=True) == second
    card = StoredScoreCard.objects.get(run=second)
    assert (card.total_numerator, card.total_denominator, card.maximum, card.tier) == (149, 2, 120, None)
    assert not hasattr(survey, "classification")


def test_scores_are_not_imported_into_a_survey_with_answers(cast):
    with pytest.raises(NotPossible, match="回答から得点を計算します"):
        import_step_scores(make.make_survey(cast.pref), [])


def test_decided_tiers_are_not_changed_by_an_import(cast):
    survey = make.make_survey(cast.pref, source="imported", tier_scheme=make_tier_scheme())
    run = import_step_scores(survey, [StepScores(cast.town.pk, steps(15, 30, 20, 24))])
    Classification.objects.filter(survey=survey).update(step="proposed")

    with pytest.raises(NotPossible, match="先に段階を戻してください") as refusal:
        import_step_scores(survey, [StepScores(cast.town.pk, steps(0, 0, 0, 0))])

    assert refusal.value.code == "frozen"
    assert ClassificationRun.objects.get(in_force=True) == run


def book(*rows, header=HEADINGS):
    created = Workbook()
    for row in (header, *rows):
        created.active.append(row)
    created.active.title = "得点"
    stream = io.BytesIO()
    created.save(stream)
    stream.seek(0)
    stream.name = "scores.xlsx"
    return stream


def test_a_file_is_read_by_code_or_name_in_any_width(cast):
    workbook = read_step_scores(
        read_book(book([cast.town.code, None, 15, "３０", 20, "24.5"], [None, "ゆうひ町", 0, 0, 0, 0])),
        [cast.town, cast.neighbour],
    )
    assert workbook.errors == ()
    assert workbook.rows == (
        StepScores(cast.town.pk, steps(15, 30, 20, "24.5")),
        StepScores(cast.neighbour.pk, steps(0, 0, 0, 0)),
    )


def test_all_errors_are_told_at_once_with_their_cells(cast):
    rows = (
        [cast.town.code, "ゆうひ町", 31, "十", None, 1.25],
        ["999999", "どこか町", 1, 1, 1, 1],
        [None, "あさひ町", 1, 1, 1, 1],
    )
    workbook = read_step_scores(read_book(book(*rows)), [cast.town, cast.neighbour])
    assert [(error.cell, error.code) for error in workbook.errors] == [
        ("B2", "other_name"),
        ("C2", "score"),
        ("D2", "score"),
        ("E2", "score"),
        ("F2", "score"),
        ("A3", "unknown_place"),
        ("B4", "repeated"),
    ]
    assert workbook.rows == ()


def test_a_right_code_with_an_unlike_name_warns_and_is_not_taken_over_unasked(client, cast, survey):
    scores = [cast.town.code, "ゆうひ町", 1, 1, 1, 1]
    workbook = read_step_scores(read_book(book(scores)), [cast.town, cast.neighbour])
    assert [(warning.cell, warning.code) for warning in workbook.warnings] == [("B2", "other_name")]
    assert workbook.errors == ()
    assert [row.organization for row in workbook.rows] == [cast.town.pk]

    page, confirm = sent(client, cast.staff, survey, book(scores))
    assert "B2：団体コードの団体は「あさひ町」ですが" in page.text
    assert not StoredScoreCard.objects.exists()

    unticked = confirm()
    assert "チェックを付けてください" in unticked.text
    assert not StoredScoreCard.objects.exists()

    done = confirm(row_0="on")
    assert "1団体の得点を取り込み" in done.text
    assert StoredScoreCard.objects.get().organization == cast.town


def test_every_warned_row_is_confirmed_by_itself(client, cast, survey):
    rows = [cast.town.code, "ちがう町", 1, 1, 1, 1], [cast.neighbour.code, "よその町", 2, 2, 2, 2]
    _, confirm = sent(client, cast.staff, survey, book(*rows))

    assert confirm(row_1="on").context["confirmation"].errors.keys() == {"row_0"}
    assert not StoredScoreCard.objects.exists()
    confirm(row_0="on", row_1="on")
    assert StoredScoreCard.objects.count() == 2


def test_a_file_shows_what_changes_town_by_town_before_anything_is_written(client, cast, survey):
    import_step_scores(
        survey, [StepScores(cast.town.pk, steps(15, 30, 20, 24)), StepScores(cast.neighbour.pk, steps(1, 2, 3, 4))]
    )
    third = make.make_municipality(cast.bureau, name="みなと村")
    rows = [cast.town.code, None, 15, 30, "24.5", 24], [third.code, None, 0, 0, 0, 0]

    page, confirm = sent(client, cast.staff, survey, book(*rows))

    assert {label: count for label, _, count in page.context["counts"]} == {
        "新規": 1, "変更": 1, "変更なし": 0, "得点がなくなる": 1,
    }  # fmt: skip
    shown = {change["town"]: change["scores"] for change in page.context["changes"]}
    assert shown["あさひ町"] == [("15", "15"), ("30", "30"), ("20", "24.5"), ("24", "24")]
    assert shown["みなと村"] == [("", "0")] * 4
    assert shown["ゆうひ町"] == [("1", ""), ("2", ""), ("3", ""), ("4", "")]
    assert StoredScoreCard.objects.filter(run__in_force=True, organization=third).count() == 0

    confirm()
    assert "すでに取り込みました" in confirm().text
    assert ClassificationRun.objects.count() == 2
    assert set(StoredScoreCard.objects.filter(run__in_force=True).values_list("organization", flat=True)) == {
        cast.town.pk, third.pk,
    }  # fmt: skip
    again, _ = sent(client, cast.staff, survey, book(*rows))
    assert "変わるところはありません" in again.text
    assert "この内容で取り込む" not in again.text
    assert "ファイルにない団体：ゆうひ町" in again.text


def test_scores_that_changed_since_they_were_shown_are_compared_anew(client, cast, survey):
    _, confirm = sent(client, cast.staff, survey, book([cast.town.code, None, 1, 1, 1, 1]))
    import_step_scores(survey, [StepScores(cast.town.pk, steps(9, 9, 9, 9))])

    late = confirm()

    assert late.status_code == 409
    assert "ほかの操作で変わりました" in late.text
    assert late.context["changes"][0]["scores"] == [("9", "1")] * 4
    assert StoredScoreCard.objects.get().total_rounded == 36
    confirm(seen=late.context["confirmation"].initial["seen"])
    assert StoredScoreCard.objects.get(run__in_force=True).total_rounded == 4


@pytest.mark.parametrize("token", ["x", "a:b:c", "0" * 32])
def test_what_nobody_read_is_not_taken_over(client, cast, survey, token):
    client.force_login(cast.staff)
    url = reverse("assessments:step_scores_import", args=[survey.pk])
    page = client.post(url, {"token": token, "row_0": "on"})
    assert "もう一度ファイルを選んでください" in page.text
    assert not StoredScoreCard.objects.exists()


def test_a_confirmation_is_for_who_read_the_file_and_for_its_survey_only(client, cast, survey, scheme):
    other = make.make_survey(cast.pref, source="imported", priority_scheme=scheme, title="ほかの調査")
    page, confirm = sent(client, cast.staff, survey, book([cast.town.code, "ちがう町", 1, 1, 1, 1]))
    confirmed = page.context["confirmation"].initial | {"row_0": "on"}

    client.post(reverse("assessments:step_scores_import", args=[other.pk]), confirmed)
    client.force_login(cast.admin)
    confirm(row_0="on")

    assert not StoredScoreCard.objects.exists()


def sent(client, person, survey, file):
    """The page that shows what the file would do, and how to confirm it."""
    client.force_login(person)
    url = reverse("assessments:step_scores_import", args=[survey.pk])
    page = client.post(url, {"file": file})
    shown = page.context["confirmation"].initial

    def confirm(**values):
        return client.post(url, shown | values, follow=True)

    return page, confirm


@pytest.fixture
def miyagi(db):
    prefecture = make.make_prefecture(name="宮城県")
    towns = (("041009", "仙台市"), ("042021", "石巻市"), ("043249", "柴田町"))
    return {code: make.make_municipality(prefecture, code=code, name=name) for code, name in towns}


@pytest.mark.parametrize(
    ("first", "second"),
    [("04100", 4202), (41009, 42021), (41009.0, "0４202"), ("仙台", "宮城県石巻\u3000市"), ("宮城県仙台市", "石巻")],
)
def test_codes_and_names_are_read_as_offices_write_them(miyagi, first, second):
    cells = [[None, key] if key in ("仙台", "宮城県仙台市") else [key, None] for key in (first,)]
    cells += [[None, second] if str(second)[-1] in "市巻" else [second, "石巻\U000e0100市"]]
    sheet = read_step_scores(read_book(book(*([*pair, 1, 1, 1, 1] for pair in cells))), miyagi.values())
    assert sheet.errors == sheet.warnings == ()
    assert [row.organization for row in sheet.rows] == [miyagi["041009"].pk, miyagi["042021"].pk]


def test_a_column_of_prefectures_tells_codes_and_names_apart(db):
    towns = []
    for prefecture, code, name in (("北海道", "012203", "士別市"), ("千葉県", "122033", "市川市")):
        towns += [make.make_municipality(make.make_prefecture(name=prefecture), code=code, name=name)]
    header = ("都道府県名", *HEADINGS)
    rows = [["千葉", "12203", None, 1, 1, 1, 1], ["北海道", 12203, None, 2, 2, 2, 2]]
    sheet = read_step_scores(read_book(book(*rows, header=header)), towns)
    assert [row.organization for row in sheet.rows] == [towns[1].pk, towns[0].pk]

    unclear = read_step_scores(read_book(book(["", 12203, None, 1, 1, 1, 1], header=header)), towns)
    assert [(error.cell, error.code) for error in unclear.errors] == [("B2", "several_places")]
    assert "市川市（122033）" in unclear.errors[0].message
    assert "士別市（012203）" in unclear.errors[0].message


def test_names_and_codes_of_earlier_days_lead_to_the_town_of_today(miyagi):
    town = miyagi["042021"]
    FormerName.objects.create(
        organization=town, code="043630", name="稲井町", last_day=dt.date(2005, 3, 31), kind=LifeEvent.RENAMED
    )
    sheet = read_step_scores(read_book(book([43630, None, 1, 1, 1, 1])), miyagi.values())
    assert [row.organization for row in sheet.rows] == [town.pk]
    by_name = read_step_scores(read_book(book([None, "稲井", 1, 1, 1, 1])), miyagi.values())
    assert by_name.rows == sheet.rows


def test_missing_headings_are_named(cast):
    workbook = read_step_scores(read_book(book(header=("団体コード", "STEP0"))), [cast.town])
    assert [(error.cell, error.code) for error in workbook.errors] == [("A1", "heading_missing")] * 4 + [
        ("A2", "empty")
    ]


def test_staff_import_a_file_from_its_page(client, cast, survey):
    client.force_login(cast.staff)
    url = reverse("assessments:step_scores_import", args=[survey.pk])
    template = load_workbook(
        io.BytesIO(client.get(reverse("assessments:step_scores_template", args=[survey.pk])).content)
    )
    assert [row[1].value for row in template["得点"].iter_rows(min_row=2)] == ["あさひ町", "ゆうひ町"]

    bad = client.post(url, {"file": book([cast.town.code, None, 99, 0, 0, 0])})
    assert bad.status_code == 200
    assert "C2" in bad.text
    assert not StoredScoreCard.objects.exists()

    _, confirm = sent(client, cast.staff, survey, book([cast.town.code, None, 5, 5, 15, 18]))
    good = confirm()
    assert good.status_code == 200
    assert StoredScoreCard.objects.get().priority == "高"
    assert "育成取組み・全体方針策定" in good.text


@pytest.mark.parametrize(
    ("who", "status"), [("stranger_staff", 404), ("officer", 404), ("bureau_staff", 404), ("pref_viewer", 403)]
)
def test_others_import_nothing(client, cast, survey, who, status):
    client.force_login(getattr(cast, who))
    url = reverse("assessments:step_scores_import", args=[survey.pk])
    assert client.get(url).status_code == status
    assert client.post(url, {"file": book([cast.town.code, None, 5, 5, 15, 18])}).status_code == status
    assert not StoredScoreCard.objects.exists()


def test_a_large_file_is_read_by_a_worker_and_confirmed_afterwards(client, cast, survey):
    client.force_login(cast.staff)
    url = reverse("assessments:step_scores_import", args=[survey.pk])
    file = book([cast.town.code, None, 5, 5, 15, 18])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("docProps/padding.bin", bytes(SMALL_UNPACKED + 1))
    file.seek(0)

    address = client.post(url, {"file": file})["Location"]
    assert "ファイルを読み取っています" in client.get(address).text
    drain()
    page = client.get(address)

    assert "1団体の得点を読み取りました" in page.text
    assert not StoredScoreCard.objects.exists()
    other = make.make_survey(cast.pref, source="imported", title="ほかの調査")
    elsewhere = address.replace(url, reverse("assessments:step_scores_import", args=[other.pk]))
    assert "もう一度ファイルを選んでください" in client.get(elsewhere).text

    client.post(url, page.context["confirmation"].initial)
    assert StoredScoreCard.objects.get().priority == "高"


def office_book(*rows, merges=(), title="得点", formats=(), before=()):
    created = Workbook()
    created.remove(created.active)
    for name, state in before:
        page = created.create_sheet(name)
        page.append(["令和8年度", "得点"])
        page.sheet_state = state
    page = created.create_sheet(title)
    for row in rows:
        page.append(row)
    for merged in merges:
        page.merge_cells(merged)
    for address, number_format in formats:
        page[address].number_format = number_format
    created.active = len(created.sheetnames) - 1
    stream = io.BytesIO()
    created.save(stream)
    stream.seek(0)
    stream.name = "scores.xlsx"
    return stream


def test_what_stands_in_a_cell_is_named_and_never_taken_for_points(cast):
    rows = ([cast.town.code, None, 0.5, "=10+10", "20%", 7], [cast.neighbour.code, None, None, 3, "#N/A", 7])
    stream = office_book(HEADINGS, *rows, merges=("C2:C3",), formats=(("C2", "0%"),))
    sheet = read_step_scores(read_book(stream), [cast.town, cast.neighbour])

    messages = {error.cell: error.message for error in sheet.errors}
    assert sheet.rows == ()
    assert "50%" in messages["C2"]
    assert "数式の結果がない" in messages["D2"]
    assert "20%" in messages["E2"]
    assert "結合セル（C2:C3）" in messages["C3"]
    assert "#N/A" in messages["E3"]
    assert len(messages) == 5


@pytest.mark.parametrize("empty", [None, "", "―"])
def test_an_empty_score_is_never_asked_to_be_zero(cast, empty):
    (error,) = read_step_scores(read_book(book([cast.town.code, None, empty, 1, 1, 1])), [cast.town]).errors
    assert error.cell == "C2"
    assert "0と入力" not in error.message


def test_an_offices_own_layout_is_read(client, cast, survey):
    header = (
        ["令和8年度の得点"],
        ["市区町村コード", "市区町村名", "得点"],
        [None, None, "STEP０", "ステップ1", "STEP 2", "STEP3\n（30点）"],
    )
    rows = ([cast.town.code, "あさひ町", 15, 30, 20, 24], [None, "合計", 15, 30, 20, 24], ["※ 速報値"])
    stream = office_book(
        *header, *rows, merges=("A2:A3", "B2:B3", "C2:F2"), before=(("表紙", "visible"), ("選択肢リスト", "hidden"))
    )
    page, confirm = sent(client, cast.staff, survey, stream)

    assert "1団体の得点を読み取りました" in page.text
    for words in ("非表示のシート「選択肢リスト」", "集計の行「合計」（5行目）", "注記の行（6行目）"):
        assert words in page.text
    confirm()
    assert StoredScoreCard.objects.get().organization == cast.town
