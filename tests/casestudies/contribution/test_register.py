import io
import itertools

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from casestudies.domain.content import OrganizationPart
from casestudies.domain.contribution import write
from casestudies.intake.contribution.sheets import EDITED
from casestudies.models import Case
from dxportal.core.intake.export import workbook
from dxportal.core.taxonomy.loading import load_areas, load_terms
from tests.support import factories as make


@pytest.fixture
def as_officer(client, cast):
    client.force_login(cast.officer)
    return client


def exported(client, name="register"):
    return client.get(reverse(f"casestudies:{name}")).content


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(client, data, name="台帳.xlsx"):
    return client.post(reverse("casestudies:import"), {"file": SimpleUploadedFile(name, data)})


def confirm(client, page):
    return client.post(reverse("casestudies:import"), {"token": page.context["token"]}, follow=True)


def edit(data, changes, sheet="事例", row=2):
    book = load_workbook(io.BytesIO(data))
    page = book[sheet]
    header = [cell.value for cell in page[1]]
    for heading, value in changes.items():
        page.cell(row, header.index(heading) + 1, value)
    return saved(book)


def counts(page):
    return {label: count for label, _, count in page.context["counts"]}


def problems(page):
    return [(problem.error.sheet, problem.error.cell, problem.error.code) for problem in page.context["problems"]]


def test_what_was_exported_comes_back_unchanged(as_officer, cast, write_case):
    write_case(cast.officer)
    write_case(
        cast.officer,
        staff=cast.staff,
        state="published",
        title="=公開した「題」",
        issue="-1行目\n\n二行目 ",
        tags=("+1", "@a"),
    )
    write_case(
        cast.neighbour_officer, staff=cast.staff, state="published", title="隣の事例", cost_text="'＝文字", year=None
    )

    for name, file in (("register", "a.xlsx"), ("register_csv", "a.csv")):
        page = send(as_officer, exported(as_officer, name), file)
        assert "problems" not in page.context, problems(page)
        assert counts(page) == {"新規": 0, "変更": 0, "変更なし": 3}, name
        assert page.context["token"] == ""


def test_export_holds_only_what_the_person_may_see_and_no_formula(as_officer, cast, write_case):
    write_case(cast.officer, title="=cmd|' /C calc'!A0")
    write_case(cast.neighbour_officer, title="隣の下書き")

    book = load_workbook(io.BytesIO(exported(as_officer)))

    assert [cell.value for cell in book["事例"]["B"]] == ["題名", "=cmd|' /C calc'!A0"]
    assert book["事例"]["B2"].data_type == "s"
    assert "'=cmd" in exported(as_officer, "register_csv").decode("utf-8-sig")


def test_a_change_is_shown_before_it_is_written(as_officer, cast, write_case, full):
    case = write_case(cast.officer)
    data = edit(exported(as_officer), {"題名": "直した題", "年度": "令和5年度", "分野": "AI"})

    page = send(as_officer, data)

    assert counts(page) == {"新規": 0, "変更": 1, "変更なし": 0}
    text = page.content.decode()
    assert full.title in text
    assert "直した題" in text
    case.refresh_from_db()
    assert case.title == full.title

    confirm(as_officer, page)

    content = write.content_of(Case.objects.get(pk=case.pk))
    assert (content.title, content.year, content.areas) == ("直した題", 2023, ("ai",))
    assert content.figures == full.figures


def test_new_rows_become_drafts_with_their_parts(as_officer, cast):
    book = Workbook()
    book.remove(book.active)
    for title, header in EDITED.items():
        book.create_sheet(title).append(list(header))
    book["事例"].append(["新規1", "予約を始めた", "待ち時間を減らした"])
    book["事例"].append([None, "番号なし"])
    book["団体"].append(["新規1", None, "ゆうひ町", None, "みほん県", None, "12,345"])
    book["数値・費用"].append(["新規1", "費用", 1200000, None, "導入費"])
    book["数値・費用"].append(["新規1", "数値", 12.5, "%", "減少"])

    confirm(as_officer, send(as_officer, saved(book)))

    first, second = (write.content_of(case) for case in Case.objects.order_by("source_id"))
    assert [
        (organization.name, organization.kind, organization.population) for organization in first.organizations
    ] == [("ゆうひ町", "town", 12345)]
    assert [str(item.value.normalize()) for item in (*first.figures, *first.costs)] == ["12.5", "1.2E+6"]
    assert [organization.name for organization in second.organizations] == ["あさひ町"]
    assert {case.organization for case in Case.objects.all()} == {cast.town}
    assert {case.state for case in Case.objects.all()} == {"draft"}


def test_a_csv_changes_the_case_and_leaves_its_parts(as_officer, cast, write_case, full):
    case = write_case(cast.officer)
    data = exported(as_officer, "register_csv").decode("utf-8-sig").replace(full.title, "CSVから").encode("cp932")

    confirm(as_officer, send(as_officer, data, "台帳.csv"))

    content = write.content_of(Case.objects.get(pk=case.pk))
    assert (content.title, content.organizations, content.links) == ("CSVから", full.organizations, full.links)


def test_every_problem_is_told_at_its_cell_with_its_row(as_officer, cast, write_case):
    case = write_case(cast.officer)
    data = edit(exported(as_officer), {"題名": "", "年度": "去年", "分野": "AI\n魔法", "ステップ": 7})
    data = edit(data, {"値": "たくさん", "種類": "その他"}, "数値・費用", 3)
    data = edit(data, {"アドレス": "javascript:alert(1)"}, "関連アドレス", 2)

    page = send(as_officer, data)

    assert problems(page) == [
        ("事例", "B2", "value"), ("事例", "E2", "value"), ("事例", "F2", "not_in_list"), ("事例", "R2", "value"),
        ("数値・費用", "B3", "not_in_list"), ("関連アドレス", "C2", "value"),
    ]  # fmt: skip
    assert all(case.source_id in problem.row for problem in page.context["problems"])
    assert "魔法" in page.content.decode()
    assert write.content_of(Case.objects.get(pk=case.pk)).title


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("業務改革(BPR)", ("bpr",)),
        ("業務改革 （ＢＰＲ）", ("bpr",)),
        ("業務改革【bpr】", ("bpr",)),
        ("業務改革", ("bpr",)),
        ("ＡＩ", ("ai",)),
        ("ai, 業務改革(BPR)", ("ai", "bpr")),
        ("ＡＩ；標準化", ("ai", "standardization")),
        ("ＡＩ，AI\nBPR", ("ai", "bpr")),
        ("人材育成・確保", ("human_resources",)),
        ("人材育成･確保", ("human_resources",)),
        ("人材育成 確保", ("human_resources",)),
        ("デジタル人材の確保・育成", ("human_resources",)),
        ("手続きのオンライン化", ("online_procedures",)),
        ("ﾃﾞｼﾞﾀﾙﾃﾞﾊﾞｲﾄﾞ対策", ("digital_divide",)),
    ],
)
def test_areas_are_understood_in_any_width_and_by_their_other_names(as_officer, cast, write_case, written, codes):
    load_areas((settings.BASE_DIR / "fixtures/areas.yaml").read_text(encoding="utf-8"))
    case = write_case(cast.officer, areas=("awareness",))

    confirm(as_officer, send(as_officer, edit(exported(as_officer), {"分野": written})))

    assert set(write.content_of(Case.objects.get(pk=case.pk)).areas) == set(codes)


def test_an_area_that_was_renamed_is_still_understood_in_registers_of_before(as_officer, cast, write_case):
    case = write_case(cast.officer, areas=("ai",))
    before = exported(as_officer)
    load_areas("- {code: ai, name: 人工知能}")

    page = send(as_officer, before)

    assert "problems" not in page.context
    assert write.content_of(Case.objects.get(pk=case.pk)).areas == ("ai",)
    confirm(as_officer, send(as_officer, edit(before, {"題名": "直した"})))
    content = write.content_of(Case.objects.get(pk=case.pk))
    assert (content.title, content.areas) == ("直した", ("ai",))


def test_a_name_that_holds_the_separator_stands_beside_others(as_officer, cast, write_case):
    case = write_case(cast.officer)
    load_terms((settings.BASE_DIR / "fixtures/terms.yaml").read_text(encoding="utf-8"))

    data = edit(exported(as_officer), {"マインドセット": "競争する、相手を知り、よく議論する、継続する"})
    confirm(as_officer, send(as_officer, data))

    terms = write.content_of(Case.objects.get(pk=case.pk)).terms
    assert {"mindset_01", "mindset_02", "mindset_04"} <= set(terms)


@pytest.mark.parametrize(
    "written",
    [
        "2",
        2,
        2.0,
        "２",
        "ステップ2",
        "ステップ ２",
        "STEP2",
        "Step 2",
        "推進体制",
        "ステップ2 推進体制",
        "Step2 推進体制",
    ],
)
def test_a_step_is_understood_however_it_is_written(as_officer, cast, write_case, written):
    case = write_case(cast.officer, step=1)

    confirm(as_officer, send(as_officer, edit(exported(as_officer), {"ステップ": written})))

    assert write.content_of(Case.objects.get(pk=case.pk)).step == 2


@pytest.mark.parametrize("written", [5, "5", "ステップ５", "-1", "1.5", "四"])
def test_a_step_that_is_none_is_answered_with_those_there_are(as_officer, cast, write_case, written):
    write_case(cast.officer, step=1)

    page = send(as_officer, edit(exported(as_officer), {"ステップ": written}))

    assert [problem[2] for problem in problems(page)] == ["value"]
    message = page.context["problems"][0].error.message
    assert "というステップはありません" in message
    for label in ("ステップ0 認識共有・機運醸成", "ステップ1 全体方針", "ステップ2 推進体制", "ステップ3 取組の実行"):
        assert label in message


@pytest.mark.parametrize(
    ("sheet", "heading", "written"),
    [("団体", "区分", " 市 "), ("団体", "役割", "ＭＡＩＮ"), ("数値・費用", "種類", "数 値")],
)
def test_closed_lists_of_the_parts_are_understood_in_any_width(as_officer, cast, write_case, sheet, heading, written):
    write_case(cast.officer)
    page = send(as_officer, edit(exported(as_officer), {heading: written}, sheet))
    assert "problems" not in page.context, problems(page)


def test_one_wrong_row_keeps_the_others_out(as_officer, cast, write_case):
    for number in range(3):
        write_case(cast.officer, title=f"事例{number}")
    data = edit(exported(as_officer), {"題名": "直した"}, row=2)

    page = send(as_officer, edit(data, {"年度": "x"}, row=4))

    assert problems(page) == [("事例", "R4", "value")]
    assert "token" not in page.context
    assert not Case.objects.filter(title="直した").exists()


@pytest.mark.parametrize("person", ["officer", "approver"])
def test_a_published_case_is_closed_to_its_municipality(client, cast, write_case, person):
    write_case(cast.officer, staff=cast.staff, state="published")
    client.force_login(getattr(cast, person))

    page = send(client, edit(exported(client), {"題名": "こっそり"}))

    assert problems(page) == [("事例", "A2", "not_yours")]


def test_staff_change_a_published_case_by_the_register(client, cast, write_case):
    case = write_case(cast.officer, staff=cast.staff, state="published")
    client.force_login(cast.staff)

    confirm(client, send(client, edit(exported(client), {"題名": "県が直した"})))

    case.refresh_from_db()
    assert (case.title, case.state) == ("県が直した", "published")


def test_a_number_out_of_sight_is_as_unknown_as_one_that_is_not_there(as_officer, cast, write_case):
    write_case(cast.officer)
    hidden = write_case(cast.neighbour_officer, title="隣の下書き")
    messages = []
    for number in (hidden.source_id, "999999-2026-99"):
        data = exported(as_officer)
        for sheet in ("事例", "団体", "数値・費用", "関連アドレス"):
            for row in range(2, load_workbook(io.BytesIO(data))[sheet].max_row + 1):
                data = edit(data, {"事例番号": number}, sheet, row)
        page = send(as_officer, data)
        assert problems(page) == [("事例", "A2", "not_found")]
        messages.append(page.context["problems"][0].error.message)

    assert messages[0] == messages[1]


def test_a_number_twice_and_a_part_without_its_case_are_told(as_officer, cast, write_case):
    write_case(cast.officer, title="一つ目")
    write_case(cast.officer, title="二つ目")
    data = exported(as_officer)
    first = load_workbook(io.BytesIO(data))["事例"]["A2"].value

    page = send(as_officer, edit(data, {"事例番号": first}, row=3))

    assert ("事例", "A3", "number_twice") in problems(page)
    assert any(code == "number_unknown" and sheet == "団体" for sheet, _, code in problems(page))


def test_wrong_numbers_do_not_hide_what_else_is_wrong(as_officer, cast, write_case):
    write_case(cast.officer, title="一つ目")
    data = edit(exported(as_officer), {"年度": "去年"})
    data = edit(data, {"事例番号": "新規9", "団体名": "どこか町"}, "団体", 4)

    page = send(as_officer, data)

    assert problems(page) == [("事例", "R2", "value"), ("団体", "A4", "number_unknown")]


def test_a_file_that_is_no_register_is_told_so_once(as_officer):
    book = Workbook()
    book.active.append(["氏名", "住所"])
    book.active.append(["山田", "あさひ町"])

    page = send(as_officer, saved(book))

    assert [code for *_, code in problems(page)] == ["not_a_register"]
    assert "事例の台帳ではないようです" in page.content.decode()


def test_somebody_elses_save_between_preview_and_confirmation_stops_everything(as_officer, cast, write_case, full):
    first = write_case(cast.officer, title="一つ目")
    second = write_case(cast.officer, title="二つ目")
    data = edit(edit(exported(as_officer), {"課題": "台帳の課題"}, row=2), {"課題": "台帳の課題"}, row=3)
    page = send(as_officer, data)
    from dataclasses import replace  # noqa: PLC0415

    write.change(second.pk, replace(full, title="承認者の題"), user=cast.approver, revision=second.revision)

    answer = confirm(as_officer, page).content.decode()

    assert "取り込みませんでした" in answer
    first.refresh_from_db()
    assert first.issue != "台帳の課題"


def test_a_second_confirmation_writes_nothing(as_officer):
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    book.active.append(["", "一度だけ"])
    page = send(as_officer, saved(book))

    confirm(as_officer, page)
    again = confirm(as_officer, page).content.decode()

    assert "すでに取り込みました" in again
    assert Case.objects.count() == 1


def test_a_preview_is_not_confirmed_by_somebody_else(client, cast, write_case):
    write_case(cast.officer)
    client.force_login(cast.officer)
    page = send(client, edit(exported(client), {"題名": "担当の題"}))
    client.force_login(cast.approver)

    confirm(client, page)

    assert not Case.objects.filter(title="担当の題").exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "ファイルを選択してください|空|必須"),
        (b"%PDF-1.7 %%EOF", "見出し"),
        (b"PK\x03\x04broken", "壊れている"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "古い形式"),
        (workbook([]), "ファイルが空です"),
    ],
)
def test_other_files_are_refused_in_words(as_officer, data, sentence):
    page = send(as_officer, data)

    assert page.status_code == 200
    assert any(word in page.content.decode() for word in sentence.split("|"))


def test_more_than_500_cases_are_refused(as_officer):
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    for number in range(501):
        book.active.append([f"新規{number}", "題"])

    assert ("事例", "A502", "too_many") in problems(send(as_officer, saved(book)))


def test_the_template_is_a_register_without_rows(as_officer):
    book = load_workbook(io.BytesIO(exported(as_officer, "import_template")))

    assert {
        title: tuple(cell.value for cell in book[title][1])[: len(header)] for title, header in EDITED.items()
    } == EDITED
    assert book["選択肢"].max_row > 2
    assert book["注記"].max_row > 5


@pytest.mark.parametrize("count", [1, 3])
def test_reading_a_file_asks_the_same_number_of_questions(
    as_officer, cast, write_case, count, django_assert_num_queries
):
    for number in range(count):
        write_case(cast.officer, title=f"事例{number}")
    data = exported(as_officer)

    with django_assert_num_queries(18):
        page = send(as_officer, data)

    assert counts(page)["変更なし"] == count


def test_cases_of_one_file_get_their_numbers_in_order(as_officer):
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    for title in ("い", "ろ", "は"):
        book.active.append([None, title])

    confirm(as_officer, send(as_officer, saved(book)))

    numbers = [case.source_id[-2:] for case in sorted(Case.objects.all(), key=lambda case: "いろは".index(case.title))]
    assert numbers == ["01", "02", "03"]
    assert all(later > earlier for earlier, later in itertools.pairwise(numbers))


def test_a_register_with_renamed_sheets_a_title_and_a_hidden_list_is_read(as_officer, cast):
    book = Workbook()
    book.active.title = "選択肢"
    book.active.append(list(EDITED["事例"]))
    book.active.sheet_state = "hidden"
    page = book.create_sheet("登録分")
    page.append(["令和8年度 事例台帳"])
    page.append(list(EDITED["事例"]))
    page.append(["新規1", "予約を始めた"])
    figures = book.create_sheet("数値")
    figures.append(list(EDITED["数値・費用"]))
    figures.append(["新規1", "数値", 12.5, "%", "減少"])
    book.active = 1

    preview = send(as_officer, saved(book))
    assert "非表示のシート「選択肢」" in preview.text
    confirm(as_officer, preview)

    content = write.content_of(Case.objects.get())
    assert (content.title, len(content.figures)) == ("予約を始めた", 1)


def test_a_percentage_and_a_formula_without_result_are_named_in_a_register(as_officer, cast):
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    book.active.append(["新規1", "=A1"])
    figures = book.create_sheet("数値・費用")
    figures.append(list(EDITED["数値・費用"]))
    figures.append(["新規1", "数値", 0.5, "%", "減少"])
    figures["C2"].number_format = "0%"

    page = send(as_officer, saved(book))

    assert {("事例", "B2", "cell_formula"), ("数値・費用", "C2", "cell_percent")} <= set(problems(page))
    assert "数式の結果がない" in page.text
    assert not Case.objects.exists()


def with_places(*rows, header=(*EDITED["団体"], "団体コード")):
    book = Workbook()
    book.active.title = "事例"
    book.active.append(list(EDITED["事例"]))
    book.active.append(["新規1", "予約を始めた"])
    page = book.create_sheet("団体")
    page.append(list(header))
    for name, code in rows:
        page.append(["新規1", None, name, None, "みほん県", None, None, None, None, None, None, code])
    return saved(book)


def test_places_that_are_unclear_are_confirmed_row_by_row_before_anything_is_written(as_officer, cast):
    cast.town.refresh_from_db()
    twins = [make.make_municipality(cast.bureau, "泊村", district=district) for district in ("北郡", "南郡")]
    rows = [
        ("ちがう町", cast.town.code),
        ("泊村", twins[1].code),
        ("泊村", None),
        ("あさび町", None),
        ("ゆうひ町", "999999"),
    ]

    page = send(as_officer, with_places(*rows))

    shown = page.content.decode()
    for words in (
        "シート「団体」のC2：団体コードの団体は「あさひ町」ですが、団体名が違います。",
        "シート「団体」のC4：「泊村」は2団体あります",
        "シート「団体」のC5：「あさび町」はみほん県の団体にありません。",
        "シート「団体」のL6：この団体コードは登録されている団体にありません。",
    ):
        assert words in shown
    ticks = {f"row_{number}": "on" for number in range(4)}
    half = {"token": page.context["token"], "row_0": "on", "row_2": "on"}
    assert "チェックを付けてください" in as_officer.post(reverse("casestudies:import"), half).content.decode()
    assert not Case.objects.exists()

    done = as_officer.post(reverse("casestudies:import"), half | ticks, follow=True)
    assert "新規1件" in done.content.decode()
    places = Case.objects.get().places.values_list("name", "organization")
    assert list(places) == [
        ("あさひ町", cast.town.pk), ("南郡泊村", twins[1].pk), ("泊村", None), ("あさび町", None),
        ("ゆうひ町", cast.neighbour.pk),
    ]  # fmt: skip


def test_a_code_that_fits_several_is_refused_and_what_is_stored_is_not_asked_again(as_officer, cast, write_case):
    for code, name in (("012203", "士別市"), ("122033", "市川市")):
        make.make_municipality(cast.pref, name, code=code)
    page = send(as_officer, with_places(("どこか市", "12203")))
    assert problems(page) == [("団体", "L2", "several_places")]
    assert "市川市（122033）" in page.content.decode()

    write_case(cast.officer, organizations=(OrganizationPart(name="むかし町", prefecture="みほん県", kind="town"),))
    changed = send(as_officer, edit(exported(as_officer), {"題名": "直した"}))
    assert changed.context["confirmation"].warned == []
