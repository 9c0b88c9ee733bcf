"""The tree, one organisation, its master data and its figures of a year."""

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import CreateView, DetailView, ListView, UpdateView

from dxportal.core.accounts.enums import PREFECTURE_ROLES, Role
from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin
from dxportal.core.intake.export import Sheet, workbook_response
from dxportal.core.organizations.domain.tree import branches
from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.forms import OrganizationForm, ProfileForm
from dxportal.core.organizations.models import Organization, Profile
from dxportal.core.ui.japanese import fiscal_label

READERS = PREFECTURE_ROLES | {Role.BUREAU_STAFF}
ADMINS = frozenset({Role.PREFECTURE_ADMIN})
YEARS = range(2000, 2100)
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
)


class OrganizationList(RoleRequiredMixin, ScopedMixin, ListView):
    """The tree with the newest figures; also as a workbook."""

    model, scope, roles = Organization, "for_user", READERS
    template_name = "organizations/list.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.GET.get("format") == "xlsx":
            rows = [_row(one) for one in self.get_queryset().municipalities()]
            return workbook_response("organizations.xlsx", [Sheet("市町村", HEADER, rows)])
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        newest = Profile.objects.filter(organization=OuterRef("pk")).order_by("-fiscal_year")
        figures = ("population", "population_date", "staff", "fiscal_year")
        annotations = {f"newest_{name}": Subquery(newest.values(name)[:1]) for name in figures}
        return super().get_queryset().select_related("parent").annotate(**annotations)

    def get_context_data(self, **kwargs):
        places = list(self.object_list)
        return super().get_context_data(
            branches=branches(places),
            count=sum(one.is_municipality for one in places),
            may_edit=self.request.user.is_prefecture_admin,
            **kwargs,
        )


class OrganizationDetail(RoleRequiredMixin, ScopedMixin, DetailView):
    model, scope, roles = Organization, "for_user", READERS
    template_name = "organizations/detail.html"

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("parent", "prefecture")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            profiles=self.object.profiles.order_by("-fiscal_year"),
            groups=self.object.joined_groups.all(),
            children=self.object.children.all(),
            parent_in_reach=Organization.objects.for_user(self.request.user).filter(pk=self.object.parent_id).exists(),
            this_year=fiscal_year_of(timezone.localdate()),
            may_edit=self.request.user.is_prefecture_admin,
            **kwargs,
        )


class OrganizationEdit(RoleRequiredMixin, ScopedMixin, UpdateView):
    """Master data; a prefecture's own name and code come from the national list only."""

    model, scope, roles, form_class = Organization, "editable_by", ADMINS, OrganizationForm
    template_name = "organizations/edit.html"

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().exclude(kind=OrganizationKind.PREFECTURE)

    def get_success_url(self) -> str:
        messages.success(self.request, f"{self.object}の情報を保存しました。")
        return reverse("organizations:detail", args=[self.object.pk])


class OrganizationCreate(RoleRequiredMixin, CreateView):
    """A bureau, or a municipality that the national list does not have yet."""

    model, roles, form_class = Organization, ADMINS, OrganizationForm
    template_name = "organizations/edit.html"

    def get_form_kwargs(self):
        kind = self.kwargs["kind"]
        prefecture = self.request.user.acting.organization
        instance = Organization(kind=kind, prefecture=prefecture, parent=prefecture)
        return super().get_form_kwargs() | {"instance": instance}

    def get_success_url(self) -> str:
        messages.success(self.request, f"{self.object}を追加しました。")
        return reverse("organizations:detail", args=[self.object.pk])


class ProfileEdit(RoleRequiredMixin, ScopedMixin, UpdateView):
    """Figures of one organisation in one fiscal year; the row is made with the first save."""

    model, scope, roles, form_class = Organization, "editable_by", ADMINS, ProfileForm
    template_name = "organizations/profile.html"

    def get_object(self, queryset=None) -> Profile:
        if self.kwargs["year"] not in YEARS:
            raise Http404
        place = get_object_or_404(self.get_queryset().select_related("prefecture"), pk=self.kwargs["pk"])
        found = Profile.objects.filter(organization=place, fiscal_year=self.kwargs["year"]).first()
        profile = found or Profile(fiscal_year=self.kwargs["year"])
        profile.organization = place
        return profile

    def form_valid(self, form) -> HttpResponse:
        form.save()
        place, year = self.object.organization, fiscal_label(self.object.fiscal_year)
        messages.success(self.request, f"{place}の{year}の基本情報を保存しました。")
        return redirect("organizations:detail", place.pk)


def _row(one: Organization) -> tuple:
    bureau = one.parent.name if one.parent.kind == OrganizationKind.BUREAU else ""
    year = one.newest_fiscal_year
    figures = (one.newest_population, one.newest_population_date, one.newest_staff, fiscal_label(year) if year else "")
    return (one.code or "", one.name, one.kana, one.get_municipality_kind_display(), bureau, *figures)
