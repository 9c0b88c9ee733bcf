"""The year-end review: everybody whose membership runs out on 31 March, or never, on one page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from dxportal.core.accounts.domain import memberships
from dxportal.core.accounts.forms.members import YearEndForm
from dxportal.core.accounts.models import Membership
from dxportal.core.accounts.views.acts import ADMINS
from dxportal.core.accounts.views.mixins import RoleRequiredMixin


class YearEnd(RoleRequiredMixin, View):
    """First the list, then a page that names the count, then the act."""

    roles = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(YearEndForm(memberships=self.due()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = YearEndForm(request.POST, memberships=self.due())
        if not form.is_valid():
            return self.page(form)
        chosen, extending = form.chosen, form.extending
        if "confirmed" not in request.POST:
            values = {"chosen": chosen, "extending": extending, "form": form, "day": self.day(extending=extending)}
            return render(request, "accounts/year_end_confirm.html", values)
        return self.act(form, [one.pk for one in chosen], extending=extending)

    def act(self, form: YearEndForm, chosen: list[int], *, extending: bool) -> HttpResponse:
        change = memberships.extend_many if extending else memberships.end_many
        try:
            changed = change(chosen, self.day(extending=extending), by=self.request.user)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return self.page(form)
        word = "延長" if extending else "年度末で終了に"
        messages.success(self.request, f"{len(changed)}人の所属を{word}しました。")
        return redirect("accounts:year_end")

    def due(self) -> QuerySet:
        """In force now, ending on 31 March or without an end."""
        mine = Membership.objects.editable_by(self.request.user).current()
        ending = Q(last_day=memberships.year_end()) | Q(last_day__isnull=True)
        return mine.filter(ending).select_related("user", "organization")

    def day(self, *, extending: bool):
        this = memberships.year_end()
        return memberships.year_end(this + memberships.ONE_DAY) if extending else this

    def page(self, form: YearEndForm) -> HttpResponse:
        chosen = set(form.data.getlist("memberships")) if form.is_bound else set()
        values = {
            "form": form,
            "due": self.due(),
            "chosen": chosen,
            "this_end": self.day(extending=False),
            "next_end": self.day(extending=True),
        }
        return render(self.request, "accounts/year_end.html", values)
