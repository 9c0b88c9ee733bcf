"""Organisations and people of the demo."""

import datetime as dt
from pathlib import Path

import yaml
from django.conf import settings
from django.utils import timezone

from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.organizations.models import Group, Organization, Profile

FIXTURES = Path(settings.BASE_DIR) / "fixtures" / "demo"
PASSWORD = "demo-Portal-2026"  # noqa: S105 -- printed on the demo's sign-in page
SINCE = dt.date(2023, 4, 1)


def read(name: str):
    """A demo fixture as plain values."""
    return yaml.safe_load((FIXTURES / name).read_text(encoding="utf-8"))


def load_prefecture(code: str, name: str, kana: str, *, fictional: bool, sort_order: int = 0) -> Organization:
    prefecture = Organization.objects.create(
        kind="prefecture", code=code, name=name, kana=kana, fictional=fictional, sort_order=sort_order
    )
    prefecture.prefecture = prefecture
    prefecture.save(update_fields=["prefecture"])
    return prefecture


def load_mihon() -> Organization:
    """みほん県 with its six bureaus and thirty municipalities, and their profiles by year."""
    data = read("mihon.yaml")
    prefecture = load_prefecture(**data["prefecture"], fictional=True)
    for position, row in enumerate(data["bureaus"], 1):
        bureau = Organization.objects.create(
            kind="bureau",
            name=row["name"],
            parent=prefecture,
            prefecture=prefecture,
            fictional=True,
            sort_order=position,
        )
        for town in row["municipalities"]:
            _load_town(prefecture, bureau, town)
    return prefecture


def _load_town(prefecture: Organization, bureau: Organization, town: dict) -> None:
    organization = Organization.objects.create(
        kind="municipality",
        municipality_kind=town["kind"],
        code=town["code"],
        name=town["name"],
        kana=town["kana"],
        parent=bureau,
        prefecture=prefecture,
        fictional=True,
        sort_order=int(town["code"]),
    )
    row, column = town["tile"]
    for year, population in town["population"].items():
        Profile.objects.create(
            organization=organization,
            fiscal_year=year,
            population=population,
            population_date=dt.date(year, 4, 1),
            staff=town["staff"],
            tile_row=row,
            tile_column=column,
        )


def load_saitama() -> Group:
    """The five cities and one town that studied together (their real names and codes)."""
    data = read("saitama.yaml")
    prefecture = load_prefecture(**data["prefecture"], fictional=False, sort_order=2)
    towns = [
        Organization.objects.create(
            kind="municipality",
            municipality_kind="city" if town["name"].endswith("市") else "town",
            parent=prefecture,
            prefecture=prefecture,
            sort_order=int(town["code"]),
            **town,
        )
        for town in data["municipalities"]
    ]
    group = Group.objects.create(prefecture=prefecture, name=data["group"])
    group.members.set(towns)
    return group


def load_miyagi(rows: int) -> Organization:
    """A prefecture whose towns stay unnamed, as published."""
    prefecture = load_prefecture("040002", "宮城県", "ミヤギケン", fictional=False, sort_order=1)
    Organization.objects.bulk_create(
        Organization(
            kind="municipality", name=f"市町村{number:02d}", parent=prefecture, prefecture=prefecture, sort_order=number
        )
        for number in range(1, rows + 1)
    )
    return prefecture


def load_people() -> None:
    """One account a role; the admin also belongs to the two other prefectures."""
    for row in read("people.yaml"):
        user = User.objects.create_user(row["email"], PASSWORD, name=row["name"], kana=row["kana"])
        for place, role in row["at"]:
            membership = Membership.objects.create(
                user=user,
                organization=Organization.objects.get(name=place),
                role=role,
                first_day=SINCE,
                section=row["section"],
            )
            Assignment.objects.bulk_create(
                Assignment(membership=membership, organization=town, first_day=timezone.localdate())
                for town in Organization.objects.filter(name__in=row.get("assigned", ()))
            )
