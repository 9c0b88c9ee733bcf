"""Supporters from a workbook: errors by cell, nothing double, what was exported comes back."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dxportal.core.intake.export import Sheet, workbook
from dxportal.core.people.domain import write
from dxportal.core.people.intake.supporters import HEADER, TITLE
from dxportal.core.people.models import Capacity, Supporter, SupporterCapacity
from tests.support.reading import words

pytestmark = pytest.mark.django_db
FIRST = dt.date(2024, 4, 1)


def row(**values):
    values = {"氏名": "支援 花子", "所属": "みほん社", "役割": "伴走コンシェルジュ", "開始日": FIRST} | values
    return [values.get(heading, "") for heading in HEADER]


def send(client, user, content):
    client.force_login(user)
    return client.post(reverse("people:supporter_import"), {"file": SimpleUploadedFile("名簿.xlsx", content)})


def book(*rows):
    write.load_capacities()
    return workbook([Sheet(TITLE, HEADER, rows)])


def confirm(client, page):
    return client.post(reverse("people:supporter_import"), {"token": page.context["confirmation"]["token"].value()})


def test_people_and_their_capacities_are_added_once(client, cast):
    content = book(
        row(登録している国の制度="甲制度、乙制度"),
        row(登録している国の制度="甲制度、乙制度", 役割="専門アドバイザー", 分野="標準化"),
        row(氏名="無役 次郎", 役割="", 開始日=""),
    )

    page = send(client, cast.office, content)
    assert len(page.context["entries"]) == 3
    assert not Supporter.objects.exists()
    assert confirm(client, page).status_code == 302

    person = Supporter.objects.get(name="支援 花子")
    assert person.schemes == ["甲制度", "乙制度"]
    assert set(person.capacities.values_list("capacity__code", "field", "first_day")) == {
        ("concierge", "", FIRST), ("adviser", "標準化", FIRST),
    }  # fmt: skip
    assert not Supporter.objects.get(name="無役 次郎").capacities.exists()
    again = send(client, cast.office, content)
    assert (again.context["entries"], again.context["same"]) == ([], 3)
    exported = client.get(reverse("people:supporters"), {"state": "all", "format": "xlsx"}).content
    back = send(client, cast.office, exported)
    assert (back.context["entries"], back.context["same"]) == ([], 3)


def test_every_error_stands_at_its_cell_and_nothing_is_taken(client, cast):
    write.load_capacities()
    stored = write.create_supporter({"name": "既存 一子", "affiliation": "甲社", "kana": "キゾン"}, user=cast.staff)
    held = write.store_capacity(
        stored.pk, capacity=Capacity.objects.get(code="concierge"), first_day=FIRST, user=cast.staff
    )
    content = book(
        row(役割="知らない役割"),
        row(役割="専門アドバイザー"),
        row(開始日="2月30日"),
        row(終了日=dt.date(2024, 3, 1)),
        row(氏名="既存 一子", 所属="甲社", カナ="キゾン", 終了日=dt.date(2025, 3, 31)),
        row(氏名="", 役割="", 開始日=""),
    )

    page = send(client, cast.staff, content)

    cells = {error.cell for error in page.context["errors"]}
    assert {"D2", "E3", "F4", "G5", "G6"} <= cells
    assert (Supporter.objects.count(), SupporterCapacity.objects.get()) == (1, held)
    assert "見出し" in words(send(client, cast.staff, workbook([Sheet("表", ("a",), [(1,)])])))
