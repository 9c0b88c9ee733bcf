"""The list of contributed cases."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Case as When_
from django.db.models import Count, IntegerField, Max, Q, QuerySet, Value, When

from casestudies.domain.contribution.moves import sent_back
from casestudies.enums import CONTRIBUTING_ROLES, CaseMove, CaseState
from casestudies.models import Case
from casestudies.views.contribution.base import MANAGE, TOP
from dxportal.core.accounts.enums import Role
from dxportal.core.kana import even_width
from dxportal.core.ui.folded import called
from dxportal.core.ui.pages import AddressForm, AddressText, Crumbs, ListPage, crumbs

QUEUE_ORDER = (CaseState.IN_REVIEW, CaseState.DRAFT, CaseState.PUBLISHED, CaseState.ARCHIVED)


class ManageAddress(AddressForm):
    state = forms.ChoiceField(choices=[("", "すべて"), *CaseState.choices])
    q = AddressText()


class Manage(ListPage):
    """The cases of the person's organisation; for the prefecture's staff all of them, those to review first."""

    model = Case
    scope = "for_user"
    roles = CONTRIBUTING_ROLES
    related = ("organization", "prefecture", "author")
    address_class = ManageAddress
    heading = MANAGE
    template_name = "casestudies/contribution/manage.html"

    @cached_property
    def own(self) -> QuerySet[Case]:
        return self.all_rows()

    def queryset(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        return rows.of_user(self.user)

    def filtered(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        if self.filters.state:
            rows = rows.filter(state=self.filters.state)
        for word in self.filters.q.split():
            rows = rows.filter(called(word, "title", "organization__name") | Q(source_id__icontains=even_width(word)))
        return rows

    def ordered(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        places = (When(state=state, then=Value(place)) for place, state in enumerate(QUEUE_ORDER))
        place = When_(*places, output_field=IntegerField())
        # The last submission and not the first: a case that was sent back queues anew, behind those that waited longer.
        submitted = Max("transitions__at", filter=Q(transitions__move=CaseMove.SUBMIT))
        return rows.annotate(place_=place, asked=submitted).order_by("place_", "asked", "-updated_at", "pk")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, MANAGE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Of everything in reach, whatever the address asks for: each tab counts what it would show. One query for all.
        by_state = self.own.order_by().values("state").annotate(number=Count("pk"))
        counts = {row["state"]: row["number"] for row in by_state}
        context = {
            "states": [(state, state.label, counts.get(state, 0)) for state in QUEUE_ORDER],
            "total": sum(counts.values()),
            "sent_back": sent_back(self.user),
            "waiting": counts.get(CaseState.IN_REVIEW, 0),
            "reviewing": self.user.is_prefecture_staff,
            "alone": self.user.role == Role.CONSULTANT,
        }
        return super().get_context_data(**(context | kwargs))
