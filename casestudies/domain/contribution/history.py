"""How the events of cases and their parts read."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from casestudies.domain.content import TEXTS, plain
from casestudies.enums import Audience, CaseState, FigureKind, PlaceKind, PlaceRole
from casestudies.models import Case, CaseArea, CaseAttachment, CaseFigure, CaseLink, CasePlace, CaseTerm
from dxportal.core.history.trail import HistoryList, Trail, events_of

CEILING = 10_000


Show = Callable[[Any], str]


def _fields(*pairs: tuple[str, Show]) -> tuple[tuple[str, Show], ...]:
    """With a removal every value goes: its event holds the last ones."""
    return tuple((label, _unless_removed(show)) for label, show in pairs)


def _unless_removed(show: Show) -> Show:
    return lambda event: "" if event.pgh_label == "delete" else show(event)


def _text(name: str) -> Show:
    return lambda event: str(getattr(event, name) or "")


def _list(name: str) -> Show:
    return lambda event: "、".join(getattr(event, name))


def _number(name: str, unit: str) -> Show:
    return lambda event: "" if getattr(event, name) is None else f"{getattr(event, name):,}{unit}"


def _home(case: Any) -> Any:
    """The organisation that wrote it; of a consultant's the prefecture."""
    home = case.organization or case.prefecture
    return home or ""


def _of_cases(user: Any) -> Q:
    """Those behind whose scenes the person may look now; of deleted ones only those of the own organisation.

    Only drafts are deleted, and a draft is its author's business: what it said goes out of others' sight with it.
    """
    events = events_of(Case).objects
    gone = events.filter(pgh_label="delete", organization=user.acting.organization_id).values("pgh_obj")
    return Q(pgh_obj__in=Case.objects.of_user(user).values("pk")) | Q(pgh_obj__in=gone)


CASES = Trail(
    code="case",
    label="事例",
    events=events_of(Case),
    reach=_of_cases,
    organization="organization",
    related=("organization", "prefecture", "field"),
    fields=_fields(
        ("状態", lambda event: CaseState(event.state).label),
        ("公開範囲", lambda event: Audience(event.audience).label),
        *((text.label, _text(text.name)) for text in TEXTS),
        ("取組の区分", lambda event: event.field.name if event.field else ""),
        ("ステップ", lambda event: "" if event.step is None else f"ステップ{event.step}"),
        ("年度", lambda event: f"{event.year}年度" if event.year else ""),
        ("タグ", _list("tags")),
        ("検索のことば", _list("keywords")),
    ),
    subject=lambda event: f"{event.source_id} {event.title}",
    place=_home,
    searched=("source_id", "title", "summary", "actions"),
)


def _part(code: str, label: str, model: Any, fields: tuple, *, name: str, related=(), searched=()) -> Trail:
    """A trail of what hangs on a case; ``name``: the event's attribute that names it."""
    return Trail(
        code=code,
        label=label,
        events=events_of(model),
        reach=lambda user: Q(case__in=Case.objects.of_user(user)),
        organization="case__organization",
        related=("case__organization", "case__prefecture", *related),
        fields=_fields(*fields),
        subject=lambda event: f"{event.case.source_id} {event.case.title}：{getattr(event, name)}",
        place=lambda event: _home(event.case),
        searched=("case__source_id", "case__title", *searched),
    )


PLACES = _part(
    "case_place",
    "事例の団体",
    CasePlace,
    (
        ("団体名", lambda event: event.name),
        ("役割", lambda event: PlaceRole(event.role).label),
        ("かな", _text("kana")),
        ("都道府県", _text("prefecture_name")),
        ("区分", lambda event: PlaceKind(event.kind).label),
        ("人口", _number("population", "人")),
        ("人口の時点", _text("population_date")),
        ("職員数", _number("staff", "人")),
        ("アドレス", _text("url")),
        ("備考", _text("note")),
    ),
    name="name",
    searched=("name",),
)
FIGURES = _part(
    "case_figure",
    "事例の数値・費用",
    CaseFigure,
    (
        ("意味", _text("meaning")),
        ("種類", lambda event: FigureKind(event.kind).label),
        ("値", lambda event: f"{plain(event.value)}{event.unit}"),
        ("資料の表記", _text("printed")),
    ),
    name="meaning",
    searched=("meaning",),
)
LINKS = _part(
    "case_link",
    "事例の関連アドレス",
    CaseLink,
    (("表示名", _text("label")), ("アドレス", _text("url"))),
    name="label",
    searched=("label", "url"),
)
FILES = _part(
    "case_file",
    "事例の添付ファイル",
    CaseAttachment,
    (("ファイル名", _text("name")),),
    name="name",
    searched=("name",),
)
AREAS = _part(
    "case_area",
    "事例の分野",
    CaseArea,
    (("分野", lambda event: event.area.name),),
    name="area",
    related=("area",),
    searched=("area__name",),
)
TERMS = _part(
    "case_term",
    "事例の用語",
    CaseTerm,
    (("用語", lambda event: event.term.name),),
    name="term",
    related=("term",),
    searched=("term__name",),
)

TRAILS = (CASES, PLACES, FIGURES, LINKS, FILES, AREAS, TERMS)


def of_case(case: Case) -> HistoryList:
    """Everything that was changed of a case and its parts, newest first."""
    own = (CASES, CASES.events.objects.filter(pgh_obj=case.pk))
    parts = [(trail, trail.events.objects.filter(case=case.pk)) for trail in TRAILS[1:]]
    return HistoryList([own, *parts], CEILING)
