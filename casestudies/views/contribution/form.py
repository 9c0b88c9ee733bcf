"""Writing a case: new, changed, and what happens when two people save at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from casestudies.domain.content import PARTS, Content, differences
from casestudies.domain.contribution import write
from casestudies.domain.contribution.history import of_case
from casestudies.domain.contribution.prefill import homes
from casestudies.enums import CONTRIBUTING_ROLES
from casestudies.forms.contribution.case import CaseForms, Choices
from casestudies.forms.contribution.rows import ROWS
from casestudies.models import Case
from casestudies.views.contribution.pages import CaseMixin, crumbs
from dxportal.core.accounts.views.mixins import RoleRequiredMixin
from dxportal.core.workflow.errors import Overtaken


class FormPage(View):
    """A form by POST: 「行を追加」 shows one more row and saves nothing; saved, it goes on to the case's page."""

    object: Case | None = None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        choices = Choices.load()
        if (add := request.POST.get("add", "")) in PARTS:
            return self.page(CaseForms.typed(request.POST, choices=choices, add=add), added=add)
        forms = CaseForms(request.POST, choices=choices)
        if not forms.is_valid():
            return self.page(forms)
        try:
            case = self.save(forms.content())
        except Overtaken as error:
            case = error.current
            return self.page(forms, stale=error, revision=case.revision, conflict=_conflict(case, forms))
        messages.success(request, "保存しました。読者に見える形で表示しています。")
        return redirect("casestudies:detail", case.source_id)

    def save(self, content: Content) -> Case:
        raise NotImplementedError

    def page(self, forms: CaseForms, **extra: Any) -> HttpResponse:
        context = {"forms": forms, "form": forms, "case": self.object, "titles": TITLES, **self.context(), **extra}
        return render(
            self.request, "casestudies/contribution/form.html", context, status=409 if "stale" in extra else 200
        )

    def context(self) -> dict[str, Any]:
        raise NotImplementedError


TITLES = {name: rows.title for name, rows in ROWS.items()}


class CaseCreate(RoleRequiredMixin, FormPage):
    roles = CONTRIBUTING_ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        known = homes(request.user)
        first = (known[0].place,) if len(known) == 1 else ()
        if chosen := [one for one in known if str(one.pk) == request.GET.get("organization")]:
            first = (chosen[0].place,)
        content = Content(title="", organizations=first)
        return self.page(CaseForms(choices=Choices.load(), content=content), homes=() if first else known)

    def save(self, content: Content) -> Case:
        return write.create(content, user=self.request.user)

    def context(self) -> dict[str, Any]:
        return {"heading": "事例を登録する", "crumbs": crumbs(("新しい事例", None)), "revision": 0}


class CaseEdit(CaseMixin, FormPage):
    """``revision`` in the form says what the person saw; another one by now shows both values and saves nothing."""

    editing = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        content = write.content_of(self.object)
        return self.page(CaseForms(choices=Choices.load(), content=content))

    def save(self, content: Content) -> Case:
        return write.change(self.object.pk, content, user=self.request.user, revision=self.seen)

    @property
    def seen(self) -> int:
        """What the form says; 0, which is never right, for nonsense."""
        text = self.request.POST.get("revision", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def context(self) -> dict[str, Any]:
        shown = self.seen if self.request.method == "POST" else self.object.revision
        return {
            "heading": f"編集：{self.object.title}",
            "crumbs": self.way("編集"),
            "revision": shown,
            "newest": of_case(self.object)[0:1],
            "published": self.object.state == "published",
        }


def _conflict(case: Case, forms: CaseForms) -> list:
    """What is stored now beside what was typed."""
    stored = write.content_of(case)
    return differences(stored, write.in_order(forms.content(), stored), forms.choices.names)
