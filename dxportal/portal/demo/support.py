"""The demo's support team, its meetings of the fiscal year 2024 and the plan that they fulfil.

The counts are the published ones (source 004, L124–L148, as of 31 January 2025): 300 monthly, 17 regional and 8 field
sessions, hearings of 30 towns, 6 leaders' talks. June to January with 30 towns are 240 monthly sessions; how the other 60
lie in April and May, and which hearings of May were held inside them, is ours.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import transaction

from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Membership, User
from dxportal.core.occasions.domain.days import TOKYO, Month, weeks_of
from dxportal.core.occasions.domain.draft import BodyPart, OccasionDraft
from dxportal.core.occasions.domain.kinds import load_kinds
from dxportal.core.occasions.domain.write import store
from dxportal.core.occasions.enums import BodyRole, OccasionMode, OccasionState
from dxportal.core.occasions.models import Attendance, Occasion, OccasionBody
from dxportal.core.organizations.fiscal import month_ends
from dxportal.core.organizations.models import Organization
from dxportal.core.people.domain.write import load_capacities
from dxportal.core.people.models import Capacity, Supporter, SupporterCapacity
from dxportal.portal.demo.world import PASSWORD, SINCE, read
from dxportal.portal.domain.plan.content import Due, evenly
from dxportal.portal.domain.plan.write import columns_of
from dxportal.portal.models import ExchangeMember, HandCount, PlanItem

YEAR = 2024
FIRST_DAY = dt.date(YEAR, 4, 1)
MONTHS = [(2024, month) for month in range(4, 13)] + [(2025, 1)]
# Offices are closed, though no law says so.
NEW_YEAR = {dt.date(2024, 12, 30), dt.date(2024, 12, 31), dt.date(2025, 1, 2), dt.date(2025, 1, 3)}
OFFICE = "support@demo.example"


@transaction.atomic
def load(prefecture: Organization) -> bool:
    """Once; also beside the demo of the version before. Whether anything was loaded."""
    if Supporter.objects.filter(prefecture=prefecture).exists():
        return False
    data = read("support.yaml")
    load_kinds()
    load_capacities()
    load_office(prefecture)
    supporters = load_supporters(prefecture, data["supporters"])
    load_meetings(prefecture, supporters[: data["concierges"]])
    load_plan(prefecture, data["plan"])
    return True


def load_office(prefecture: Organization) -> None:
    user = User.objects.filter(email=OFFICE).first()
    if user is None:
        user = User.objects.create_user(OFFICE, PASSWORD, name="業務 支", kana="ギョウム ササエ")
        Membership.objects.create(
            user=user, organization=prefecture, role=Role.SUPPORT_STAFF, first_day=SINCE, section="支援チーム事務局"
        )


def load_supporters(prefecture: Organization, rows: Sequence[dict[str, Any]]) -> list[Supporter]:
    accounts = {user.email: user for user in User.objects.filter(email__in=[row.get("account", "") for row in rows])}
    capacities = {capacity.code: capacity for capacity in Capacity.objects.filter(prefecture__isnull=True)}
    plain = ("name", "kana", "affiliation")
    supporters = [
        Supporter(
            prefecture=prefecture,
            user=accounts.get(row.get("account", "")),
            schemes=row.get("schemes", []),
            **{name: row[name] for name in plain},
        )
        for row in rows
    ]
    Supporter.objects.bulk_create(supporters)
    SupporterCapacity.objects.bulk_create(
        SupporterCapacity(supporter=supporter, capacity=capacities[code], field=field, first_day=FIRST_DAY)
        for supporter, row in zip(supporters, rows, strict=True)
        for code, field in row["capacities"]
    )
    return supporters


# --- meetings


def load_meetings(prefecture: Organization, concierges: Sequence[Supporter]) -> None:
    towns = list(Organization.objects.filter(prefecture=prefecture).municipalities().order_by("sort_order"))
    occasions = store(drafts(prefecture, towns), prefecture_id=prefecture.pk)
    held = [occasion.pk for occasion in occasions if occasion.starts_at < dt.datetime(2025, 2, 1, tzinfo=TOKYO)]
    Occasion.objects.filter(pk__in=held).update(state=OccasionState.CONFIRMED)
    attend(occasions, held, towns, concierges)


def drafts(prefecture: Organization, towns: Sequence[Organization]) -> list[OccasionDraft]:
    """Every meeting of the year, the same ones on each call."""
    concierges = read("support.yaml")["concierges"]
    return [*monthly(towns, concierges), *regional(prefecture), *others(prefecture, towns)]


def attend(
    occasions: Sequence[Occasion], held: Sequence[int], towns: Sequence[Organization], concierges: Sequence[Supporter]
) -> None:
    """The concierge in charge and somebody of each town; in every third session people of the section concerned."""
    place = {town.pk: position for position, town in enumerate(towns)}
    bodies = OccasionBody.objects.filter(occasion__in=held, organization__in=towns).select_related("occasion")
    rows = []
    there = set()  # a concierge of several towns of a region is there once
    for number, body in enumerate(bodies.order_by("occasion__starts_at", "pk")):
        online = "online" if body.occasion.mode == OccasionMode.ONLINE else "venue"
        concierge = concierges[place[body.organization_id] % len(concierges)]
        if (body.occasion_id, concierge.pk) not in there:
            there.add((body.occasion_id, concierge.pk))
            rows.append(Attendance(occasion=body.occasion, supporter=concierge, capacity="concierge", how=online))
        rows.append(
            Attendance(occasion=body.occasion, body=body, section="DX担当課", persons=1 + number % 2, how=online)
        )
        if number % 3 == 0:
            section = ("税務課", "福祉課", "住民課", "教育委員会", "総務課")[number // 3 % 5]
            rows.append(
                Attendance(occasion=body.occasion, body=body, section=section, persons=1 + number % 3, how=online)
            )
    Attendance.objects.bulk_create(rows)


def monthly(towns: Sequence[Organization], concierges: int) -> Iterator[OccasionDraft]:
    """One a town and month from April to January; of the first four concierges' towns that of May is the hearing too."""
    for year, month in MONTHS:
        days = workdays(year, month)
        for position, town in enumerate(towns):
            inside = (year, month) == (2024, 5) and position % concierges < 4
            kinds = ("monthly", "special_hearing_first") if inside else ("monthly",)
            yield meeting(
                f"{town.name} 月例オンラインよろず相談", days[position % len(days)], 10 + position % 6, kinds, [town]
            )
    days = workdays(2024, 5)
    for position, town in enumerate(towns):
        if position % concierges >= 4:
            day = days[(position * 5 + 2) % len(days)]
            yield meeting(
                f"{town.name} 専門プロデューサーヒアリング（前期）", day, 16, ("special_hearing_first",), [town]
            )


def regional(prefecture: Organization) -> Iterator[OccasionDraft]:
    """Three a bureau; two bureaus are one region and have met five times together, once less than planned."""
    bureaus = list(Organization.objects.filter(prefecture=prefecture, kind="bureau").order_by("sort_order"))
    regions = [[bureau] for bureau in bureaus if bureau.name not in ("雲居振興局", "深山振興局")]
    regions.append([bureau for bureau in bureaus if bureau.name in ("雲居振興局", "深山振興局")])
    rounds = [(2024, 7), (2024, 9), (2024, 11), (2025, 1), (2024, 12)]
    for position, region in enumerate(regions):
        for year, month in rounds[: 3 if len(region) == 1 else 5]:
            towns = Organization.objects.filter(parent__in=region).municipalities().order_by("sort_order")
            name = "・".join(bureau.name.removesuffix("振興局") for bureau in region)
            day = workdays(year, month)[3 + position * 2]
            yield meeting(
                f"地域別よろず相談（{name}）", day, 13, ("regional",), [*region, *towns], both=True, minutes=120
            )


def others(prefecture: Organization, towns: Sequence[Organization]) -> Iterator[OccasionDraft]:
    fields = ("人づくり", "サービスデザイン", "テクノロジー", "地域・産業")
    for number in range(8):
        day = workdays(*MONTHS[number + 1])[9]
        yield meeting(f"分野別よろず相談（{fields[number % 4]}）", day, 15, ("field",), [prefecture, *towns])
    for number, town in enumerate(towns[::5]):
        day = workdays(*MONTHS[3 + number])[14]
        yield meeting(f"{town.name} 首長・副首長との意見交換", day, 11, ("leaders",), [town], onsite=True)
    yield meeting("合同研修会", workdays(2024, 12)[11], 13, ("joint_training",), towns[:24], onsite=True, minutes=180)
    yield meeting("合同視察", workdays(2024, 10)[15], 9, ("joint_visit",), towns[:12], onsite=True, minutes=420)
    day = dt.date(2025, 3, 7)
    yield meeting("公開型の成果報告会", day, 13, ("presentation",), [prefecture, *towns], both=True, minutes=240)


def meeting(
    title: str,
    day: dt.date,
    hour: int,
    kinds: tuple[str, ...],
    bodies: Sequence[Organization],
    *,
    both: bool = False,
    onsite: bool = False,
    minutes: int = 60,
) -> OccasionDraft:
    mode = OccasionMode.BOTH if both else OccasionMode.ONSITE if onsite else OccasionMode.ONLINE
    place = "" if mode == OccasionMode.ONLINE else f"{bodies[0].name}の会議室"
    parts = tuple(
        BodyPart(organization=body.pk, role=BodyRole.PARTICIPANT if body.is_municipality else BodyRole.HOST)
        for body in bodies
    )
    starts_at = dt.datetime.combine(day, dt.time(hour), tzinfo=TOKYO)
    return OccasionDraft(title, starts_at, minutes=minutes, mode=mode, place=place, kinds=kinds, bodies=parts)


@cache
def workdays(year: int, month: int) -> list[dt.date]:
    days = [day for week in weeks_of(Month(year, month)) for day in week if day.inside]
    return [day.date for day in days if not day.is_off and day.date not in NEW_YEAR]


# --- plan


def load_plan(prefecture: Organization, sections: Sequence[dict[str, Any]]) -> None:
    order = 0
    for section in sections:
        for row in section["rows"]:
            order += 1
            item = PlanItem.objects.create(
                prefecture=prefecture,
                fiscal_year=YEAR,
                order=order,
                section=section["section"],
                kinds=row.get("kinds", []),
                note=row.get("note", ""),
                **{name: row[name] for name in ("item", "measure", "target", "unit")},
                **columns_of(dues_of(row)),
            )
            HandCount.objects.bulk_create(
                HandCount(item=item, day=day, amount=amount, reason=reason)
                for day, amount, reason in row.get("by_hand", ())
            )
    towns = Organization.objects.filter(prefecture=prefecture).municipalities().order_by("sort_order")
    ExchangeMember.objects.bulk_create(
        ExchangeMember(organization=town, first_day=workdays(2024, 5 + position // 18)[position % 18])
        for position, town in enumerate(towns)
    )


def dues_of(row: dict[str, Any]) -> tuple[Due, ...]:
    if row["due"] == "monthly":
        return evenly(row["target"], month_ends(YEAR))
    return tuple(Due(day, amount) for day, amount in row["due"])
