"""One occasion: its page, writing it, who attended, its history."""

import datetime as dt
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.generic import TemplateView

from dxportal.core.history.trail import HistoryList
from dxportal.core.occasions.domain import attendance, write
from dxportal.core.occasions.domain.bodies import recall_bodies, with_bodies
from dxportal.core.occasions.domain.days import read_month
from dxportal.core.occasions.domain.draft import OccasionDraft
from dxportal.core.occasions.domain.history import of_occasion
from dxportal.core.occasions.domain.planning import Wish, warnings_for
from dxportal.core.occasions.enums import WRITING_ROLES, OccasionMove, OccasionState
from dxportal.core.occasions.forms import attendance as guest_forms
from dxportal.core.occasions.forms.occasion import OccasionChoices, OccasionForms
from dxportal.core.occasions.models import Attendance, Occasion
from dxportal.core.occasions.views.base import TOP, OccasionPage
from dxportal.core.people.models import Capacity
from dxportal.core.ui.forms import number_sent
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, crumbs
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.workflow.errors import Overtaken

# In the order of the buttons.
MOVES = tuple(OccasionMove)


def wish_of(occasion: Occasion) -> Wish:
    """The stored meeting as a plan, with whoever is to come."""
    people = list(occasion.attendances.all())
    return Wish(
        write.draft_of(occasion),
        users=frozenset(row.user_id for row in people if row.user_id),
        supporters=frozenset(row.supporter_id for row in people if row.supporter_id),
        key=occasion.pk,
    )


class Detail(OccasionPage, TemplateView):
    template_name = "occasions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        occasion = self.occasion
        prefetch_related_objects([occasion], with_bodies())
        recall_bodies([occasion])
        bodies = {body.pk: body for body in occasion.bodies.all()}
        rows = list(occasion.attendances.select_related("user", "supporter"))
        for row in rows:
            row.body = bodies.get(row.body_id or 0)
        capacities = dict(Capacity.objects.of_prefecture(occasion.prefecture_id).values_list("code", "name"))
        # Only what the person may see of them: another meeting may have other bodies.
        near = Occasion.objects.for_user(self.user)
        context = {
            "heading": occasion.title,
            "crumbs": self.crumbs(),
            "bodies": occasion.bodies.all(),
            "counts": occasion.counts.select_related("kind"),
            "attendances": [(row, capacities.get(row.capacity, row.capacity)) for row in rows],
            "persons": sum(row.persons for row in rows),
            "transitions": occasion.transitions.all(),
            "successor": near.filter(pk=occasion.replaced_by_id).first() if occasion.replaced_by_id else None,
            "predecessors": near.filter(replaced_by=occasion),
            "moves": [(move, move.label) for move in MOVES if move in self.possible],
            "may_edit": self.may_edit and occasion.state in write.CHANGEABLE,
            "may_replace": self.may_edit and occasion.state == OccasionState.POSTPONED,
            "warnings": (),
        }
        if occasion.state == OccasionState.PLANNED and self.may_edit:
            context["warnings"] = warnings_for([wish_of(occasion)], user=self.user)[0]
        return super().get_context_data(**(context | kwargs))


class OccasionFormPage(ActPage):
    """A form by POST: 「行を追加」 shows more rows, 「重なりを確かめる」 tells the warnings; neither saves anything."""

    template_name = "occasions/form.html"
    form_name = "forms"
    saved: Occasion

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "add" in request.POST:
            return self.ask(OccasionForms.typed(request.POST, choices=self.choices()), added=True)
        if "check" in request.POST:
            forms = self.get_form(request.POST)
            warnings = warnings_for([self.wish(forms.draft())], user=self.user)[0] if forms.is_valid() else ()
            return self.ask(forms, warnings=warnings, checked=forms.is_valid())
        return super().post(request, *args, **kwargs)

    def choices(self) -> OccasionChoices:
        return OccasionChoices.load(self.user)

    def start(self) -> OccasionDraft | None:
        """What the form holds before anybody typed."""
        return None

    def wish(self, draft: OccasionDraft) -> Wish:
        return Wish(draft)

    def save(self, draft: OccasionDraft) -> Occasion:
        raise NotImplementedError

    def get_form(self, data: Any = None, files: Any = None) -> OccasionForms:
        choices = self.choices()
        if data is None:
            return OccasionForms(choices=choices, draft=self.start())
        return OccasionForms(data, choices=choices)

    def act(self, form: OccasionForms) -> str:
        self.saved = self.save(form.draft())
        return f"「{self.saved.title}」を保存しました。"

    def get_success_url(self) -> str:
        return reverse("occasions:detail", args=[self.saved.pk])


class Create(OccasionFormPage):
    once = True
    roles = WRITING_ROLES
    heading = "会合の登録"

    def get_form(self, data: Any = None, files: Any = None) -> OccasionForms:
        forms = super().get_form(data, files)
        day = self.request.GET.get("day", "")
        if data is None and read_month(day[:7]):
            forms.main.initial["starts_at_day"] = day_of(day)
        return forms

    def save(self, draft: OccasionDraft) -> Occasion:
        return write.create(draft, user=self.user)

    def get_back_url(self) -> str:
        return reverse("occasions:calendar")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"revision": 0} | kwargs))


def day_of(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class Edit(OccasionPage, OccasionFormPage):
    """``revision`` in the form says what the person saw; another one by now shows both and saves nothing."""

    scope = "editable_by"
    heading = "会合の変更"
    here = "変更"

    def choices(self) -> OccasionChoices:
        stored = write.draft_of(self.occasion)
        return OccasionChoices.load(self.user, stored.bodies, stored.kinds)

    def not_now(self) -> str:
        if self.occasion.state in write.CHANGEABLE:
            return ""
        return f"この会合は現在「{self.occasion.get_state_display()}」のため、変更できません。"

    def start(self) -> OccasionDraft:
        return write.draft_of(self.occasion)

    def wish(self, draft: OccasionDraft) -> Wish:
        stored = wish_of(self.occasion)
        return Wish(draft, stored.users, stored.supporters, stored.key)

    def save(self, draft: OccasionDraft) -> Occasion:
        return write.change(self.occasion.pk, draft, user=self.user, revision=self.seen)

    @property
    def seen(self) -> int:
        return number_sent(self.request.POST.get("revision", ""))

    def overtaken(self, form: OccasionForms, refusal: Overtaken) -> HttpResponseBase:
        """What is stored now beside what was typed, to be saved over it if the person still wants to."""
        self.reload()
        return self.ask(form, status=CONFLICT, stale=refusal, revision=refusal.current.revision)

    def get_success_url(self) -> str:
        return reverse("occasions:detail", args=[self.occasion.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revision = self.seen if self.request.method == "POST" else self.occasion.revision
        return super().get_context_data(**({"revision": revision} | kwargs))


class AttendancePage(OccasionPage, ActPage):
    """All rows at once; what is empty is no row."""

    scope = "editable_by"
    heading = "出席"
    here = "出席"
    template_name = "occasions/attendance.html"
    form_name = "rows"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "add" in request.POST:
            return self.ask(guest_forms.typed(request.POST, **self.choices()), added=True)
        return super().post(request, *args, **kwargs)

    def not_now(self) -> str:
        if self.occasion.state in write.CHANGEABLE:
            return ""
        return f"この会合は現在「{self.occasion.get_state_display()}」のため、出席を変更できません。"

    def stored(self) -> list[Attendance]:
        return list(self.occasion.attendances.all())

    def choices(self) -> dict[str, Any]:
        guests = [attendance.guest_of(row) for row in self.stored()]
        return guest_forms.choices_for(self.occasion, guests)

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        if data is not None:
            return guest_forms.bound(data, **self.choices())
        guests = [attendance.guest_of(row) for row in self.stored()]
        return guest_forms.unbound(guests, **guest_forms.choices_for(self.occasion, guests))

    @property
    def seen(self) -> int:
        return number_sent(self.request.POST.get("revision", ""))

    def act(self, form: Any) -> str:
        attendance.record(self.occasion.pk, form.values(), user=self.user, revision=self.seen)
        return "出席を保存しました。"

    def overtaken(self, form: Any, refusal: Overtaken) -> HttpResponseBase:
        self.reload()
        return self.ask(form, status=CONFLICT, stale=refusal, revision=refusal.current.revision, now=self.stored())

    def refused(self, form: Any, refusal: Any) -> HttpResponseBase:
        return self.ask(form, problems=refusal.messages)

    def get_success_url(self) -> str:
        return reverse("occasions:detail", args=[self.occasion.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        revision = self.seen if self.request.method == "POST" else self.occasion.revision
        rows = kwargs.get("rows")
        if rows is not None and rows.is_bound:
            rows.name_errors()
        return super().get_context_data(**({"revision": revision} | kwargs))


class OccasionHistory(OccasionPage, ListPage):
    template_name = "occasions/history.html"
    heading = "会合の履歴"
    here = "履歴"

    def all_rows(self) -> HistoryList:
        return of_occasion(self.occasion)
