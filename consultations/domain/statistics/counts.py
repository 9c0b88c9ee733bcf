"""How many sessions took place, by what and with whom. Aggregated by the database: no session is read by itself."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import TruncMonth

from consultations.domain.skips.reading import months_of
from consultations.domain.statistics.content import CountTable, YearToDay, share, totals
from consultations.models import Session, Topic
from dxportal.core.accounts.models import User
from dxportal.core.occasions.enums import TOOK_PLACE, OccasionMode
from dxportal.core.occasions.models import Attendance, Occasion, OccasionBody
from dxportal.core.organizations.models import Organization
from dxportal.core.people.models import Supporter

# Sections whose name says one of these are a town's own DX section; all others are 原課.
DX_WORDS = ("DX", "ＤＸ", "情報", "デジタル", "ICT")
COUNTERPARTS = {
    "group": "広域グループ",
    "bureau": "振興局と市町村",
    "several": "複数の市町村",
    "town": "一つの市町村",
    "other": "その他",
}


def sessions_in(first: dt.date, last: dt.date, user: User) -> QuerySet[Session]:
    """Of the person's prefecture and in reach, whatever their state, on one of these days."""
    prefecture = user.acting.organization.prefecture_id
    occasions = Occasion.objects.for_user(user).filter(prefecture=prefecture).between(first, last)
    return Session.objects.filter(occasion__in=occasions).order_by()


def held_in(frame: YearToDay, user: User) -> QuerySet[Session]:
    return sessions_in(frame.first_day, frame.day, user).filter(occasion__state__in=TOOK_PLACE)


def bodies_of(sessions: QuerySet[Session]) -> QuerySet[OccasionBody]:
    return OccasionBody.objects.filter(occasion__in=sessions.values("occasion")).order_by()


def tables(frame: YearToDay, user: User, towns: list[Organization]) -> list[CountTable]:
    """The tables of numbers; ``towns``: those of the year, called as they were then."""
    sessions = held_in(frame, user)
    grouped = sessions.annotate(month=TruncMonth("occasion__starts_at"), name=F("kind__name"), place=F("kind__order"))
    cells = list(
        grouped.values("place", "name", "occasion__mode", "month").annotate(number=Count("pk")).order_by("place")
    )
    number = sum(cell["number"] for cell in cells)
    return [
        by_kind(cells, number),
        by_mode(cells, number),
        by_month(cells, frame),
        by_counterpart(sessions, number),
        by_area(sessions, number, user),
        by_bureau(sessions, towns),
        with_sections(sessions, number),
        by_supporter(sessions, frame, user),
    ]


def by_kind(cells: Iterable[Mapping[str, Any]], number: int) -> CountTable:
    rows = [(name, count, share(count, number)) for name, count in totals(cells, "name").items()]
    return CountTable("kind", "種別ごと", ("種別", "回数", "割合"), tuple(rows))


def by_mode(cells: Iterable[Mapping[str, Any]], number: int) -> CountTable:
    counts = totals(cells, "occasion__mode")
    rows = [(mode.label, counts.get(mode, 0), share(counts.get(mode, 0), number)) for mode in OccasionMode]
    return CountTable("mode", "開催方法ごと", ("開催方法", "回数", "割合"), tuple(rows))


def by_month(cells: Iterable[Mapping[str, Any]], frame: YearToDay) -> CountTable:
    counts = {month.date(): count for month, count in totals(cells, "month").items()}
    months = [month for month in months_of(frame.year) if month <= frame.day]
    rows = [(f"{month.year}年{month.month}月", counts.get(month, 0)) for month in months]
    return CountTable("month", "月ごと", ("月", "回数"), tuple(rows))


def by_counterpart(sessions: QuerySet[Session], number: int) -> CountTable:
    bodies = OccasionBody.objects.filter(occasion=OuterRef("occasion")).order_by()
    towns = bodies.filter(organization__kind="municipality").values("occasion").annotate(number=Count("pk"))
    kind = Case(
        When(Exists(bodies.filter(group__isnull=False)), then=Value("group")),
        When(Exists(bodies.filter(organization__kind="bureau")), then=Value("bureau")),
        When(towns__gt=1, then=Value("several")),
        When(towns=1, then=Value("town")),
        default=Value("other"),
    )
    rows = sessions.annotate(towns=Subquery(towns.values("number"), output_field=IntegerField()))
    counts = totals(rows.annotate(counterpart=kind).values("counterpart").annotate(number=Count("pk")), "counterpart")
    shown = [(label, counts.get(key, 0), share(counts.get(key, 0), number)) for key, label in COUNTERPARTS.items()]
    return CountTable("counterpart", "相手ごと", ("相手", "回数", "割合"), tuple(shown))


def by_area(sessions: QuerySet[Session], number: int, user: User) -> CountTable:
    topics = Topic.objects.for_user(user).filter(session__in=sessions.values("pk")).order_by()
    grouped = topics.annotate(name=F("area__name"), place=F("area__sort_order")).values("name", "place")
    counts = grouped.annotate(number=Count("session", distinct=True), topics=Count("pk")).order_by("place", "name")
    rows = [(row["name"] or "分野なし", row["topics"], share(row["number"], number)) for row in counts]
    note = (
        "その分野の論点が一つでもある相談を数えます。一つの相談に複数の分野があるため、合計は相談の回数と合いません。"
    )
    return CountTable("area", "分野ごと", ("分野", "論点の数", "論点のある相談"), tuple(rows), note)


def by_bureau(sessions: QuerySet[Session], towns: Iterable[Organization]) -> CountTable:
    """A session of several bureaus counts for each; under the bureau that a town belonged to then."""
    heads = {town.pk: town.bureau for town in towns}
    moved = [When(organization=pk, then=Value(head.pk)) for pk, head in heads.items()]
    bureau = Case(
        When(organization__kind="bureau", then=F("organization")),
        *moved,
        default=F("organization__parent"),
        output_field=IntegerField(),
    )
    bodies = bodies_of(sessions).filter(organization__kind__in=("bureau", "municipality"))
    counted = bodies.annotate(bureau=bureau).values("bureau").annotate(number=Count("occasion", distinct=True))
    counts = {row["bureau"]: row["number"] for row in counted}
    names = {head.pk: head for head in heads.values()}
    ordered = sorted(names.values(), key=lambda head: (head.order, head.name))
    rows = [(head.name, counts.get(head.pk, 0)) for head in ordered]
    note = "管内の市町村が一つでも加わった相談を数えます。複数の振興局にまたがる相談は、それぞれで1回です。"
    return CountTable("bureau", "振興局ごと", ("振興局", "回数"), tuple(rows), note)


def with_sections(sessions: QuerySet[Session], number: int) -> CountTable:
    dx = Q()
    for word in DX_WORDS:
        dx |= Q(section__icontains=word)
    guests = Attendance.objects.filter(occasion__in=sessions.values("occasion")).order_by()
    guests = guests.exclude(section="").exclude(dx)
    count = guests.aggregate(number=Count("occasion", distinct=True))["number"]
    note = "課の名前に「DX」「情報」「デジタル」「ICT」を含まない課の出席を、原課の出席とします。"
    rows = (("原課が出席した相談", count, share(count, number)),)
    return CountTable("sections", "原課の出席", ("", "回数", "割合"), rows, note)


def by_supporter(sessions: QuerySet[Session], frame: YearToDay, user: User) -> CountTable:
    """Whoever attended as one of the support team: in a capacity, or as somebody of the register."""
    rows = Attendance.objects.filter(occasion__in=sessions.values("occasion")).order_by()
    rows = rows.filter(Q(supporter__isnull=False) | (Q(user__isnull=False) & ~Q(capacity="")))
    prefecture = user.acting.organization.prefecture_id
    # An account of the register is the same person, however they were entered.
    known = Supporter.objects.filter(user=OuterRef("user"), prefecture=prefecture).order_by("pk").values("pk")[:1]
    person = rows.annotate(
        person=Case(When(supporter__isnull=False, then=F("supporter")), default=Subquery(known)),
    )
    counted = person.values("person", "supporter__name", "user__name").annotate(
        number=Count("occasion", distinct=True), minutes=Sum("occasion__minutes")
    )
    names = dict(Supporter.objects.filter(prefecture=prefecture).values_list("pk", "name"))
    sums: dict[str, list[int]] = {}
    for row in counted:
        name = names.get(row["person"]) or row["supporter__name"] or row["user__name"] or "—"
        entry = sums.setdefault(name, [0, 0])
        entry[0] += row["number"]
        entry[1] += row["minutes"] or 0
    months = max(1, sum(month <= frame.day for month in months_of(frame.year)))
    shown = [
        (name, count, round(minutes / 60, 1), round(count / months, 1))
        for name, (count, minutes) in sorted(sums.items(), key=lambda pair: (-pair[1][0], pair[0]))
    ]
    note = "相談に出席した回数と時間です。準備と移動の時間は含みません。月平均は、年度の初めからの月数で割ります。"
    return CountTable("supporters", "支援者ごとの出席", ("氏名", "回数", "時間", "月平均（回）"), tuple(shown), note)
