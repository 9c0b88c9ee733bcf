"""The register's file: what was exported comes back unchanged, every error stands at its cell, all or nothing."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from consultations.domain.products import write
from consultations.domain.products.write import ProductFacts, facts_of
from consultations.models import ProductContract
from tests.support.consultations import a_product, get

pytestmark = pytest.mark.django_db
ADDRESS = "/consultations/products/import/"


def exported(client, user, ending="xlsx"):
    return get(client, user, "products", format=ending).content


def edited(data: bytes, *changes: tuple[int, str, object]) -> bytes:
    """The workbook with (row, heading, value) put in."""
    book = load_workbook(io.BytesIO(data))
    page = book["製品・契約"]
    header = [cell.value for cell in page[1]]
    for row, heading, value in changes:
        page.cell(row, header.index(heading) + 1).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(client, data: bytes, name="一覧.xlsx"):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data)})


def counts(page):
    return {label: count for label, _, count in page.context["counts"]}


def test_what_was_exported_comes_back_unchanged(client, cast):
    a_product(
        cast.town, cast.officer, "=文書「くん」", vendor="-1商事", contract_end=dt.date(2025, 3, 31),
        yearly_cost=1200000, manual_shareable=True, sharing="named", cost_shared=True, note="一行目\n\n二行目",
    )  # fmt: skip
    a_product(cast.town, cast.officer, "007", task="0120")
    a_product(cast.neighbour, cast.staff, "隣の製品", sharing="nameless", yearly_cost=5, note="見せない")

    for user in (cast.officer, cast.staff):
        for ending, name in (("xlsx", "a.xlsx"), ("csv", "a.csv")):
            page = send(client, exported(client, user, ending), name)
            assert "errors" not in page.context, page.context["errors"]
            assert counts(page) == {"新規": 0, "変更": 0, "変更なし": 3}
            assert page.context["token"] == ""


def test_a_file_changes_and_adds_rows_once_it_is_confirmed(client, cast):
    row = a_product(cast.town, cast.officer, contract_end=dt.date(2025, 3, 31))
    data = edited(
        exported(client, cast.officer),
        (2, "契約の終わる日", "R8.3.31"),
        (2, "年額（円）", "1,200,000円"),
        (3, "業務", "電子申請"),
        (3, "製品・サービス", "申請くん"),
        (3, "質問に応じる", "○"),
        (3, "ほかの市町村に見せる範囲", "団体名も見せる"),
    )

    page = send(client, data)

    assert counts(page) == {"新規": 1, "変更": 1, "変更なし": 0}
    assert ProductContract.objects.count() == 1
    done = client.post(ADDRESS, {"token": page.context["token"]})
    assert done.url == reverse("consultations:products")
    row.refresh_from_db()
    assert (row.contract_end, row.yearly_cost) == (dt.date(2026, 3, 31), 1200000)
    added = ProductContract.objects.exclude(pk=row.pk).get()
    assert facts_of(added) == ProductFacts("電子申請", "申請くん", may_be_asked=True, sharing="named")
    assert added.organization == cast.town
    again = client.post(ADDRESS, {"token": page.context["token"]})
    assert "すでに取り込みました" in again.content.decode()
    assert ProductContract.objects.count() == 2


def test_every_error_stands_at_its_cell_and_nothing_is_written(client, cast):
    own = a_product(cast.town, cast.officer)
    a_product(cast.neighbour, cast.staff, "隣の製品", sharing="named")
    data = edited(
        exported(client, cast.officer),
        (2, "年額（円）", "たかい"),
        (2, "契約の終わる日", "13月"),
        (3, "製品・サービス", "書き換えた隣の製品"),
        (4, "製品・サービス", "業務のない製品"),
        (5, "番号", 99999),
        (5, "業務", "x"),
        (6, "団体", "よその町"),
        (6, "業務", "y"),
        (6, "製品・サービス", "z"),
        (7, "業務", "文書管理"),
        (7, "製品・サービス", "文書くん"),
        (8, "業務", "q"),
        (8, "製品・サービス", "r"),
        (8, "年額も見せる", "たぶん"),
    )

    page = send(client, data)

    rows = {own.pk: 2}
    by_cell = {problem.cell: problem.code for problem in page.context["errors"]}
    assert by_cell == {
        f"F{rows[own.pk]}": "value",
        f"G{rows[own.pk]}": "value",
        "D3": "not_yours",
        "C4": "value",
        "A5": "not_found",
        "B6": "town",
        "D7": "same",
        "K8": "not_in_list",
    }
    assert "token" not in page.context
    assert ProductContract.objects.count() == 2
    assert send(client, b"a,b\n1,2\n", "x.csv").context["errors"][0].code == "heading_missing"


def test_all_or_nothing_where_somebody_else_was_faster(client, cast):
    first = a_product(cast.town, cast.officer, "一つ目")
    second = a_product(cast.town, cast.officer, "二つ目")
    data = edited(exported(client, cast.officer), (2, "事業者", "新しい事業者"), (3, "事業者", "新しい事業者"))
    page = send(client, data)
    write.change(second.pk, ProductFacts("文書管理", "先に直した"), user=cast.staff, revision=1)

    late = client.post(ADDRESS, {"token": page.context["token"]})

    assert late.status_code == 409
    first.refresh_from_db()
    assert first.vendor == ""
