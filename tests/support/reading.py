"""A case with all its parts, and asking for its pages as a person."""

import datetime as dt
import re

from django.db import transaction
from django.urls import reverse

from casestudies.domain.reading import uptake
from casestudies.domain.search import index
from casestudies.enums import CaseState, UptakeState
from casestudies.models import Case, CaseDocument, CaseFigure, CaseLink, CasePlace, Uptake
from tests.support.cases import a_case

TEXTS = {
    "issue": "窓口が混む。",
    "approach": "若手の班で考えた。",
    "actions": "書かない窓口を置いた。",
    "outcome": "待ち時間が減った。",
    "points": "小さく始める。",
}


@transaction.atomic
def a_full_case(title="書かない窓口", *, parts=1, **values) -> Case:
    """With ``parts`` figures, costs, links and neighbours each."""
    document, _ = CaseDocument.objects.get_or_create(
        code="777", defaults={"title": "参考事例集", "publisher": "総務省", "fiscal_year": 2024}
    )
    place = ("北海道", "北見市", "city", 114_000)
    values = TEXTS | {"step": 3, "year": 2021, "tags": ["窓口", "RPA"], "notes": "年度は推定。"} | values
    case = a_case(title, places=[place], document=document, page=12, **values)
    CasePlace.objects.filter(case=case).update(staff=900, population_date=dt.date(2020, 1, 1), kana="きたみし")
    for n in range(parts):
        CasePlace.objects.create(
            case=case, role="similar", position=n, name=f"第{n}市", prefecture_name="北海道", kind="city",
            url=f"https://similar{n}.example.jp/",
        )  # fmt: skip
        CaseFigure.objects.create(
            case=case, position=n, value="8.5", unit="分", meaning=f"待ち時間{n}", printed="８分半"
        )
        CaseFigure.objects.create(
            case=case, position=n, kind="cost", value=1_000_000_000, unit="円", meaning=f"初期費用{n}", printed="10億円"
        )
        CaseLink.objects.create(case=case, position=n, label=f"市のページ{n}", url=f"https://city{n}.example.jp/")
    index.write([case.pk])
    return case


@transaction.atomic
def archive(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(state=CaseState.ARCHIVED)
    index.write([case.pk])


def an_uptake(case: Case, user, state=UptakeState.CONSIDERING, note="", revision=0) -> Uptake:
    return uptake.take_up(case.pk, user.acting.organization_id, uptake.UptakeWish(state, note, revision), user=user)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"casestudies:{name}", args=args), query)


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"casestudies:{name}", args=args), data)


def words(response) -> str:
    """What a page says, without its elements; one space for any white space."""
    assert response.status_code == 200, response.status_code
    text = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
