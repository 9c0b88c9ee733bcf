"""What the pages of contributing share; the list of contributed cases."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case as When_
from django.db.models import Count, IntegerField, Max, Q, QuerySet, Value, When
from django.urls import reverse
from django.views.generic import ListView
from django.views.generic.detail import SingleObjectMixin

from casestudies.domain.contribution.moves import sent_back
from casestudies.enums import CONTRIBUTING_ROLES, CaseMove, CaseState
from casestudies.models import Case
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.views.mixins import RoleRequiredMixin, ScopedMixin

TONES = {"draft": "blue", "in_review": "orange", "published": "green", "archived": "gray"}
QUEUE_ORDER = (CaseState.IN_REVIEW, CaseState.DRAFT, CaseState.PUBLISHED, CaseState.ARCHIVED)
Crumbs = list[tuple[str, str | None]]


def crumbs(*items: tuple[str, str | None]) -> Crumbs:
    top = [("ホーム", "/"), ("事例", "/cases/")]
    if not items:
        return [*top, ("事例の登録・管理", None)]
    return [*top, ("事例の登録・管理", reverse("casestudies:manage")), *items]


class CaseMixin(ScopedMixin, SingleObjectMixin):
    """``self.object`` is the case; 404 for strangers, 403 for readers whose own it is not, or who may not change it."""

    model = Case
    scope = "for_user"
    slug_field = slug_url_kwarg = "source_id"
    pk_url_kwarg = None  # a "pk" in an address is a file's
    context_object_name = "case"
    editing = False

    def get_queryset(self) -> QuerySet[Case]:
        return super().get_queryset().select_related("organization", "prefecture", "author", "field")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()
        allowed = Case.objects.editable_by(request.user) if self.editing else Case.objects.of_user(request.user)
        if not allowed.filter(pk=self.object.pk).exists():
            raise PermissionDenied

    @cached_property
    def may_edit(self) -> bool:
        return Case.objects.editable_by(self.request.user).filter(pk=self.object.pk).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"tone": TONES[self.object.state], "may_edit": self.may_edit}
        return super().get_context_data(**kwargs) | context | kwargs

    def way(self, here: str) -> Crumbs:
        page = reverse("casestudies:detail", args=[self.object.source_id])
        return crumbs((self.object.title, page), (here, None))


class Manage(RoleRequiredMixin, ScopedMixin, ListView):
    """The cases of the person's organisation; for the prefecture's staff all of them, those to review first."""

    model, scope, roles = Case, "for_user", CONTRIBUTING_ROLES
    template_name = "casestudies/contribution/manage.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Case]:
        rows = self.own.filter(self._text())
        if self.state:
            rows = rows.filter(state=self.state)
        place = When_(
            *(When(state=one, then=Value(n)) for n, one in enumerate(QUEUE_ORDER)), output_field=IntegerField()
        )
        asked = Max("transitions__at", filter=Q(transitions__move=CaseMove.SUBMIT))
        rows = rows.select_related("organization", "prefecture", "author")
        return rows.annotate(place_=place, asked=asked).order_by("place_", "asked", "-updated_at", "pk")

    @cached_property
    def own(self) -> QuerySet[Case]:
        return super().get_queryset().of_user(self.request.user)

    @cached_property
    def state(self) -> str:
        wanted = self.request.GET.get("state", "")
        return wanted if wanted in CaseState.values else ""

    def _text(self) -> Q:
        found = Q()
        for word in self.text.split():
            found &= Q(title__icontains=word) | Q(source_id__icontains=word) | Q(organization__name__icontains=word)
        return found

    @cached_property
    def text(self) -> str:
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:100]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = {row["state"]: row["n"] for row in self.own.order_by().values("state").annotate(n=Count("pk"))}
        states = [(state, state.label, counts.get(state, 0)) for state in QUEUE_ORDER]
        context = {
            "states": states,
            "total": sum(counts.values()),
            "state": self.state,
            "text": self.text,
            "tones": TONES,
            "sent_back": sent_back(self.request.user),
            "waiting": counts.get(CaseState.IN_REVIEW, 0),
            "reviewing": self.request.user.is_prefecture_staff,
            "alone": self.request.user.role == Role.CONSULTANT,
            "crumbs": crumbs(),
        }
        return super().get_context_data(**kwargs) | context
