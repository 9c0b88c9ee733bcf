"""The yearly list on the page of a prefecture's admin: what it would change, decisions, confirmation."""

import datetime as dt
import zipfile
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dxportal.core.jobs.domain import drain
from dxportal.core.organizations.models import FormerName, Organization, Succession
from dxportal.core.uploads.enums import SMALL_UNPACKED
from tests.support import factories as make
from tests.support.code_list import (
    FUKUOKA,
    HAMAMATSU,
    NAKAGAWA_CITY,
    NAKAGAWA_TOWN,
    SHIMIZU,
    SHIZUOKA,
    SHIZUOKA_CITY,
    SHIZUOKA_DESIGNATED,
    UMI,
    write_book,
)
from tests.support.threads import in_threads

pytestmark = pytest.mark.django_db
ADDRESS = "/organizations/code-list/"


def prefecture_of(*rows):
    """The rows as organisations, their prefecture and its admin."""
    head = make.make_prefecture(rows[0][1], code=rows[0][0])
    kinds = {"市": "city", "町": "town"}
    for code, _, name, *_ in rows[1:]:
        make.make_municipality(head, name, code=code, municipality_kind=kinds[name[-1]])
    return head, make.make_user(head, "prefecture_admin")


@pytest.fixture
def upload(client, tmp_path):
    def upload(*rows):
        path = write_book(tmp_path / "codes.xlsx", *rows)
        return client.post(ADDRESS, {"file": SimpleUploadedFile("codes.xlsx", path.read_bytes())})

    return upload


def confirm(client, preview, **values):
    form = preview.context["decisions"]
    shown = {bound.html_name: bound.initial for bound in form.visible_fields()}
    return client.post(ADDRESS, {"kept": preview.context["kept"], **shown, "day": "2026-04-01", **values})


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Organization, FormerName, Succession)]


def test_nothing_is_written_before_it_is_confirmed_and_what_was_shown_is_written_then(client, upload):
    _, admin = prefecture_of(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    city = Organization.objects.get(name="静岡市")
    client.force_login(admin)
    before = everything()

    preview = upload(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    assert everything() == before
    page = preview.content.decode()
    assert "政令指定都市への移行" in page
    assert "222011→221007" in page

    response = confirm(client, preview)

    assert response.status_code == 302
    city.refresh_from_db()
    assert city.code == "221007"
    link = Succession.objects.get()
    assert (link.predecessor.name, link.successor, link.day) == ("清水市", city, dt.date(2026, 4, 1))


def test_a_town_that_becomes_a_city_stays_the_same_organisation(client, upload):
    head, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    town = Organization.objects.get(name="那珂川町")
    client.force_login(admin)

    confirm(client, upload(FUKUOKA, NAKAGAWA_CITY, UMI))

    town.refresh_from_db()
    assert (town.name, town.code) == ("那珂川市", "402311")
    assert head.members.municipalities().count() == 2


def test_the_successor_is_chosen_by_the_person(client, upload):
    _, admin = prefecture_of(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    client.force_login(admin)

    confirm(client, upload(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU), decision_222046="222020")

    assert Succession.objects.get().successor.name == "浜松市"


def test_a_question_without_proposal_has_to_be_answered_before_anything_is_written(client, upload):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    renamed = ("402311", "福岡県", "あたらし市", "ﾌｸｵｶｹﾝ", "ｱﾀﾗｼｼ")
    before = everything()
    preview = upload(FUKUOKA, renamed, UMI)

    refused = confirm(client, preview)
    assert set(refused.context["decisions"].errors) == {"decision_403059"}
    assert everything() == before

    confirm(client, refused, decision_403059="402311")

    town = Organization.objects.get(code="402311")
    assert (town.name, town.former_names.get().name) == ("あたらし市", "那珂川町")
    assert not Organization.objects.filter(name="那珂川町").exists()


def test_a_second_click_changes_nothing_and_says_so(client, upload):
    _, admin = prefecture_of(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    client.force_login(admin)
    preview = upload(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    confirm(client, preview)
    before = everything()

    response = confirm(client, preview)

    assert response.status_code == 409
    assert "変わりました" in response.content.decode()
    assert everything() == before


def test_only_the_admins_own_prefecture_is_touched(client, upload):
    prefecture_of(SHIZUOKA, SHIZUOKA_CITY)
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)

    preview = upload(SHIZUOKA, SHIZUOKA_DESIGNATED, FUKUOKA, NAKAGAWA_CITY, UMI)
    confirm(client, preview)

    assert Organization.objects.filter(code="222011").exists()
    assert Organization.objects.filter(code="402311").exists()


def test_a_list_without_the_own_prefecture_is_refused(client, upload):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)

    response = upload(SHIZUOKA, SHIZUOKA_DESIGNATED)

    assert set(response.context["form"].errors) == {"file"}


@pytest.mark.parametrize("spoil", [lambda kept: kept[:-3], lambda kept: f"x{kept}"])
def test_rows_that_somebody_changed_on_the_way_are_not_taken(client, upload, spoil):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    preview = upload(FUKUOKA, NAKAGAWA_CITY, UMI)
    before = everything()

    response = confirm(client, preview, kept=spoil(preview.context["kept"]))

    assert response.status_code == 302
    assert everything() == before


def test_what_another_person_checked_is_not_carried_out(client, upload):
    head, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    preview = upload(FUKUOKA, NAKAGAWA_CITY, UMI)
    before = everything()
    client.force_login(make.make_user(head, "prefecture_admin"))

    confirm(client, preview)

    assert everything() == before


@pytest.mark.parametrize("day", ["", "2999-01-01", "いつか"])
def test_a_day_that_cannot_be_comes_back(client, upload, day):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    before = everything()

    response = confirm(client, upload(FUKUOKA, NAKAGAWA_CITY, UMI), day=day)

    assert set(response.context["decisions"].errors) == {"day"}
    assert everything() == before


def test_errors_of_the_file_are_named_by_cell(client, upload):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)

    response = upload(FUKUOKA, ("403050", *NAKAGAWA_TOWN[1:]))

    assert [error.cell for error in response.context["errors"]] == ["A3"]


def test_the_list_is_read_from_csv_too(client):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    header = ("団体コード", "都道府県名（漢字）", "市区町村名（漢字）", "都道府県名（カナ）", "市区町村名（カナ）")
    lines = [",".join(cell or "" for cell in row) for row in (header, FUKUOKA, NAKAGAWA_CITY, UMI)]
    file = SimpleUploadedFile("codes.csv", "\r\n".join(lines).encode("cp932"))

    confirm(client, client.post(ADDRESS, {"file": file}))

    assert Organization.objects.filter(code="402311", name="那珂川市").exists()


def test_the_same_list_again_says_that_nothing_changes(client, upload):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    confirm(client, upload(FUKUOKA, NAKAGAWA_TOWN, UMI))

    response = upload(FUKUOKA, NAKAGAWA_TOWN, UMI)

    assert "変わるところはありません" in response.content.decode()


def test_the_address_is_on_the_page_of_organisations_for_admins(client, cast):
    client.force_login(cast.admin)

    assert f'href="{ADDRESS}"' in client.get(reverse("organizations:list")).content.decode()


def large(tmp_path, *rows):
    """The list with something beside it that makes it large when unpacked."""
    path = write_book(tmp_path / "codes.xlsx", *rows)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/padding.bin", bytes(SMALL_UNPACKED))
    return SimpleUploadedFile("codes.xlsx", path.read_bytes())


def test_a_large_list_waits_for_a_worker_and_is_carried_out_once(client, tmp_path):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)

    address = client.post(ADDRESS, {"file": large(tmp_path, FUKUOKA, NAKAGAWA_CITY, UMI)})["Location"]
    waiting = client.get(address)
    assert "ファイルを読み取っています" in waiting.content.decode()
    assert "kept" not in waiting.context
    drain()
    preview = client.get(address)
    assert confirm(client, preview).status_code == 302
    before = everything()
    again = confirm(client, preview)

    assert Organization.objects.filter(code="402311", name="那珂川市").exists()
    assert again.status_code == 409
    assert "もう取り込み" in again.content.decode()
    assert "すでに取り込みました" in client.get(address).content.decode()
    assert everything() == before


def test_what_a_worker_refuses_is_told_on_the_page_of_the_file(client, tmp_path):
    _, admin = prefecture_of(FUKUOKA, NAKAGAWA_TOWN, UMI)
    client.force_login(admin)
    elsewhere = client.post(ADDRESS, {"file": large(tmp_path, SHIZUOKA, SHIZUOKA_CITY)})["Location"]
    wrong = client.post(ADDRESS, {"file": large(tmp_path, FUKUOKA, ("403050", *NAKAGAWA_TOWN[1:]))})["Location"]
    drain()

    assert "福岡県の行が一覧にありません" in client.get(elsewhere).content.decode()
    assert [error.cell for error in client.get(wrong).context["errors"]] == ["A3"]


def test_what_changed_meanwhile_is_shown_with_what_was_chosen_and_then_carried_out(client, upload):
    _, admin = prefecture_of(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    client.force_login(admin)
    preview = upload(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    Organization.objects.filter(name="浜松市").update(kana="はま")
    before = everything()

    stale = confirm(client, preview, decision_222046="222020")

    assert stale.status_code == 409
    assert everything() == before
    page = stale.content.decode()
    assert "はま→" in page
    assert "変わりました" in page
    assert stale.context["decisions"]["decision_222046"].value() == "222020"
    assert confirm(client, stale, decision_222046="222020").status_code == 302
    assert Succession.objects.get().successor.name == "浜松市"


def test_a_refused_decision_keeps_what_was_chosen_and_the_file(client, upload):
    _, admin = prefecture_of(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    client.force_login(admin)
    preview = upload(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)

    refused = confirm(client, preview, decision_222046="222020", day="2999-01-01")

    assert refused.context["decisions"]["decision_222046"].value() == "222020"
    assert refused.context["decisions"]["day"].value() == "2999-01-01"
    assert confirm(client, refused, decision_222046="222020").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_carry_it_out_once(client, upload):
    _, admin = prefecture_of(SHIZUOKA, SHIZUOKA_CITY, HAMAMATSU, SHIMIZU)
    client.force_login(admin)
    preview = upload(SHIZUOKA, SHIZUOKA_DESIGNATED, HAMAMATSU)
    clients = [Client(), Client()]
    for each in clients:
        each.force_login(admin)

    answers = in_threads(*(partial(confirm, each, preview) for each in clients))

    # The second is led on with the first, or told that it was carried out already.
    assert sorted(answer.status_code for answer in answers) in ([302, 302], [302, 409])
    assert Succession.objects.count() == 1
