import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from casestudies.enums import CaseState, FigureKind, PlaceRole
from casestudies.models import Case, CaseFigure, CasePlace
from dxportal.core.organizations.models import Organization
from tests.support import factories

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "cases.csv"
pytestmark = pytest.mark.django_db


def load() -> str:
    output = StringIO()
    call_command("load_cases", stdout=output)
    return output.getvalue()


def test_the_whole_library_is_loaded_once_and_then_left_alone():
    assert "登録71件" in load()
    assert Case.objects.filter(source_id__startswith="001-").count() == 46
    assert Case.objects.filter(source_id__startswith="003-").count() == 12
    assert Case.objects.filter(source_id__startswith="000-").count() == 13
    assert set(Case.objects.values_list("state", "audience")) == {("published", "everyone")}
    assert "変更なし71件" in load()


def test_loading_again_brings_back_what_differs_and_keeps_what_was_archived():
    load()
    case = Case.objects.get(source_id="001-p03")
    CasePlace.objects.filter(case=case, role=PlaceRole.SIMILAR).delete()
    Case.objects.filter(pk=case.pk).update(state=CaseState.ARCHIVED)
    assert "更新1件" in load()
    case.refresh_from_db()
    assert case.state == CaseState.ARCHIVED
    assert case.places.get(role=PlaceRole.SIMILAR).full_name == "岐阜県高山市"


def test_an_unconfirmed_village_keeps_its_name_to_itself():
    load()
    village = CasePlace.objects.get(case__source_id="003-p31", role=PlaceRole.MAIN)
    assert (village.name, village.kind, village.prefecture_name) == ("村（名称非掲載）", "village", "")


def test_a_municipality_that_comes_in_later_is_tied_to_its_cases():
    load()
    yamagata = factories.make_prefecture("山形県")
    sakata = Organization.objects.create(
        kind="municipality", municipality_kind="city", name="酒田市", parent=yamagata, prefecture=yamagata
    )
    tied = CasePlace.objects.filter(organization=sakata).values_list("case__source_id", flat=True)
    assert set(tied) == {"001-p03", "001-p16"}


def test_a_fictional_namesake_is_not_tied():
    load()
    made_up = factories.make_prefecture("山形県")
    Organization.objects.create(kind="municipality", name="酒田市", parent=made_up, prefecture=made_up, fictional=True)
    assert not CasePlace.objects.filter(name="酒田市", organization__isnull=False).exists()


def test_money_is_kept_as_numbers_in_yen():
    load()
    budget = CaseFigure.objects.filter(case__source_id="001-p07", kind=FigureKind.COST)
    assert [int(cost.value) for cost in budget] == [1_000_000_000]
    assert CaseFigure.objects.filter(kind=FigureKind.COST, case__source_id__startswith="000-").exists()


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference table lies beside the project")
def test_the_library_agrees_with_the_reference_table():
    load()
    with REFERENCE.open(encoding="utf-8-sig") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    cases = Case.objects.filter(source_id__in=rows).prefetch_related("places", "links")
    wrong = []
    for case in cases:
        row = rows[case.source_id]
        places = [place.full_name for place in case.places.all() if place.role == PlaceRole.MAIN]
        similar = {place.full_name for place in case.places.all() if place.role == PlaceRole.SIMILAR}
        printed = [name for name in row["organisations"].split(";") if name]
        if case.source_id != "003-p31" and places != printed:
            wrong.append((case.source_id, places, printed))
        if similar != {name for name in row["similar_organisations"].split(";") if name}:
            wrong.append((case.source_id, similar, row["similar_organisations"]))
        if (str(case.page), str(case.step)) != (row["page"], row["step"]):
            wrong.append((case.source_id, case.page, case.step))
        addresses = {link.url for link in case.links.all()} | {place.url for place in case.places.all()}
        if missing := [url for url in row["urls"].split(";") if url and url.strip() not in addresses]:
            wrong.append((case.source_id, missing))
    assert len(cases) == 58
    assert wrong == []
