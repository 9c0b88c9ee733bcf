"""The tree, one organisation, its master data and its figures of a year."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from dxportal.core.accounts.enums import PREFECTURE_ROLES, Role
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.domain.chains import mark_ended
from dxportal.core.organizations.domain.tree import branches
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.forms.organizations import OrganizationForm, ProfileForm
from dxportal.core.organizations.models import FormerName, Organization, Profile
from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

READERS = PREFECTURE_ROLES | {Role.BUREAU_STAFF}
ADMINS = frozenset({Role.PREFECTURE_ADMIN})
LONGEST = 10_000  # more than any prefecture has
YEARS = range(2000, 2100)
ONE_DAY = dt.timedelta(days=1)
NEWEST = ("population", "population_date", "staff", "fiscal_year")
HEADER = (
    "団体コード",
    "名称",
    "カナ",
    "区分",
    "振興局",
    "人口（人）",
    "人口の時点",
    "一般行政部門の職員数（人）",
    "対象年度",
    "最後の日",
)


class OrganizationList(ListPage):
    """The tree with the newest figures on one page; its municipalities also as a workbook."""

    model = Organization
    scope = "for_user"
    roles = READERS
    related = ("parent",)
    heading = "組織"
    template_name = "organizations/list.html"

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        # A subquery gives one column, so each figure has its own. The index on organisation and year answers them.
        profiles = Profile.objects.filter(organization=OuterRef("pk")).order_by("-fiscal_year")
        return rows.annotate(**{f"newest_{name}": Subquery(profiles.values(name)[:1]) for name in NEWEST})

    def paged(self, rows: Any) -> Page[Any]:
        """All on one page: the tree is read as a whole."""
        return Paginator(list(rows), LONGEST).get_page(1)

    def sheets(self, rows: Any) -> Sequence[Sheet]:
        return [Sheet("市町村", HEADER, [sheet_row(town) for town in rows.municipalities()])]

    def file_name(self) -> str:
        return "organizations"

    def crumbs(self) -> Crumbs:
        return crumbs("組織")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = list(kwargs["rows"])
        mark_ended(places)
        today = timezone.localdate()
        return super().get_context_data(
            branches=branches(places),
            count=sum(place.is_municipality and place.lives_on(today) for place in places),
            ended_count=sum(place.is_municipality and not place.lives_on(today) for place in places),
            may_edit=self.user.is_prefecture_admin,
            **kwargs,
        )


def sheet_row(town: Any) -> tuple[Any, ...]:
    """A municipality with its newest figures, under HEADER."""
    return (
        town.code or "",
        town.name,
        town.kana,
        town.get_municipality_kind_display(),
        town.parent.name if town.parent.kind == OrganizationKind.BUREAU else "",
        town.newest_population,
        town.newest_population_date,
        town.newest_staff,
        fiscal_label(town.newest_fiscal_year) if town.newest_fiscal_year else "",
        town.last_day,
    )


class OrganizationDetail(ScopedObject, TemplateView):
    model = Organization
    scope = "for_user"
    name = "organization"
    related = ("parent", "prefecture")
    roles = READERS
    roles_first = True
    template_name = "organizations/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization: Organization = self.object
        in_reach = Organization.objects.for_user(self.user)
        history = history_of(organization)
        return super().get_context_data(
            crumbs=crumbs(("組織", "organizations:list"), organization.name),
            profiles=organization.profiles.order_by("-fiscal_year"),
            groups=organization.joined_groups.all(),
            history=history,
            in_reach=set(
                in_reach.filter(pk__in=[row.other.pk for row in history if row.other]).values_list("pk", flat=True)
            ),
            children=organization.children.all(),
            parent_in_reach=in_reach.filter(pk=organization.parent_id).exists(),
            this_year=fiscal_year_of(timezone.localdate()),
            may_edit=self.user.is_prefecture_admin,
            may_record=self.user.is_prefecture_admin and organization.kind != OrganizationKind.PREFECTURE,
            **kwargs,
        )


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened; ``other`` is whom the organisation followed or who followed it, None for a change."""

    day: dt.date
    label: str
    words: str
    other: Organization | None = None


def history_of(organization: Organization) -> list[HistoryRow]:
    """Everything that is known to have happened to it, the newest first."""
    names = list(organization.former_names.select_related("parent"))
    stages: list[FormerName | Organization] = [*names, organization]
    rows = []
    for before, after in zip(names, stages[1:], strict=True):
        words = [f"{old or '—'}→{new or '—'}" for old, new in facts_of(before, after) if old != new]
        rows.append(HistoryRow(before.last_day + ONE_DAY, before.get_kind_display(), "、".join(words)))
    for link in organization.inheritances.select_related("predecessor"):
        rows.append(HistoryRow(link.day, link.get_kind_display(), "を承継", link.predecessor))
    for link in organization.successions.select_related("successor"):
        rows.append(HistoryRow(link.day, link.get_kind_display(), "へ", link.successor))
    if organization.last_day and not organization.successions.exists():
        rows.append(HistoryRow(organization.last_day + ONE_DAY, "廃止", "承継団体は登録されていません"))
    return sorted(rows, key=lambda row: row.day, reverse=True)


def facts_of(before: FormerName, after: FormerName | Organization) -> list[tuple[str, str]]:
    """What may have changed between two names of an organisation, old and new, in words."""
    return [
        (before.name, after.name),
        (before.code or "", after.code or ""),
        (before.district, after.district),
        (str(before.parent or ""), str(after.parent or "")),
    ]


class OrganizationForAdmin(ScopedObject, ActPage):
    """An act on one organisation, for admins; it leads back to the organisation."""

    model = Organization
    scope = "editable_by"
    name = "organization"
    roles = ADMINS
    roles_first = True
    button = "保存する"
    organization: Organization

    def get_success_url(self) -> str:
        return reverse("organizations:detail", args=[self.organization.pk])


class OrganizationEdit(OrganizationForAdmin):
    """Master data; a prefecture's own name and code come from the national list only."""

    form_class = OrganizationForm

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.exclude(kind=OrganizationKind.PREFECTURE)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.organization}

    def act(self, form: OrganizationForm) -> str:
        return f"{form.save()}の情報を保存しました。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(heading=f"{self.organization.name}の変更", **kwargs)

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), "組織の情報")


class OrganizationCreate(ActPage):
    """A bureau, or a municipality that the national list does not have yet."""

    once = True
    roles = ADMINS
    form_class = OrganizationForm
    button = "保存する"

    def get_form_kwargs(self) -> dict[str, Any]:
        prefecture = self.user.acting.organization
        return {"instance": Organization(kind=self.kwargs["kind"], prefecture=prefecture, parent=prefecture)}

    def act(self, form: OrganizationForm) -> str:
        self.created = form.save()
        return f"{self.created}を追加しました。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = OrganizationKind(self.kwargs["kind"])
        return super().get_context_data(heading=f"{kind.label}の追加", **kwargs)

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), "組織の情報")

    def get_success_url(self) -> str:
        return reverse("organizations:detail", args=[self.created.pk])

    def get_back_url(self) -> str:
        return reverse("organizations:list")


class ProfileEdit(OrganizationForAdmin):
    """Figures of one organisation in one fiscal year; the row is made with the first save."""

    related = ("prefecture",)
    form_class = ProfileForm
    template_name = "organizations/profile.html"

    def enter(self) -> None:
        if self.kwargs["year"] not in YEARS:
            raise Http404
        super().enter()

    def get_form_kwargs(self) -> dict[str, Any]:
        year = self.kwargs["year"]
        stored = Profile.objects.filter(organization=self.organization, fiscal_year=year).first()
        profile = stored or Profile(fiscal_year=year)
        profile.organization = self.organization
        return {"instance": profile}

    @transaction.atomic
    def act(self, form: ProfileForm) -> str:
        # The first save makes the row: whoever saves at the same moment waits here, and changes the row of the other.
        Organization.objects.select_for_update(no_key=True).get(pk=self.organization.pk)
        year = self.kwargs["year"]
        stored = Profile.objects.filter(organization=self.organization, fiscal_year=year).values_list("pk", flat=True)
        form.instance.pk = stored.first()
        profile = form.save()
        return f"{self.organization}の{fiscal_label(profile.fiscal_year)}の基本情報を保存しました。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(heading=f"{self.organization}の基本情報", year=self.kwargs["year"], **kwargs)

    def crumbs(self) -> Crumbs:
        return crumbs(("組織", "organizations:list"), "基本情報")
