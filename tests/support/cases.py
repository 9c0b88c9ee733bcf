"""Small cases for tests of the search: one line each, indexed as every change of a case is."""

import itertools

from django.utils import timezone

from casestudies.domain.search import index
from casestudies.enums import Audience, CaseState
from casestudies.models import Case, CasePlace
from dxportal.core.taxonomy.models import Area, Term

_numbers = itertools.count(1)


FIELDS = {"awareness": "認識共有・機運醸成", "training": "職員育成", "online": "オンライン化"}
AREAS = {"training": "人材育成", "online_procedures": "手続のオンライン化", "digital_divide": "デジタルデバイド"}


def a_field(code: str) -> Term:
    return Term.objects.get_or_create(code=code, defaults={"vocabulary": "field", "name": FIELDS[code]})[0]


def an_area(code: str) -> Area:
    return Area.objects.get_or_create(code=code, defaults={"name": AREAS[code]})[0]


def a_case(title, summary="", *, places=(), field=None, areas=(), state=CaseState.PUBLISHED, **values) -> Case:
    """``places``: (prefecture, name, kind, population), kana left empty."""
    source_id = values.pop("source_id", None) or f"t-{next(_numbers):03}"
    values = {"audience": Audience.EVERYONE, "published_at": timezone.now()} | values
    case = Case.objects.create(
        source_id=source_id,
        title=title,
        summary=summary or f"{title}についての事例です。",
        state=state,
        field=a_field(field) if field else None,
        **values,
    )
    case.areas.set(an_area(code) for code in areas)
    for position, (prefecture, name, kind, population) in enumerate(places):
        CasePlace.objects.create(
            case=case, position=position, prefecture_name=prefecture, name=name, kind=kind, population=population
        )
    index.write([case.pk])
    return case
