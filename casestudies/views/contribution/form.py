"""Writing a case: new, changed, and what happens when two people save at once."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from casestudies.domain.content import PARTS, Content, differences
from casestudies.domain.contribution import write
from casestudies.domain.contribution.history import of_case
from casestudies.domain.contribution.prefill import homes
from casestudies.enums import CONTRIBUTING_ROLES
from casestudies.forms.contribution.case import CaseForms, Choices
from casestudies.forms.contribution.rows import ROWS
from casestudies.models import Case
from casestudies.views.contribution.base import MANAGE, TOP, ContributedCase
from dxportal.core.ui.forms import number_sent
from dxportal.core.ui.pages import ActPage, Crumbs, crumbs
from dxportal.core.ui.pages.acts import CONFLICT
from dxportal.core.workflow.errors import Overtaken


class CaseFormPage(ActPage):
    """A form by POST: 「行を追加」 shows one more row and saves nothing; saved, it goes on to the case's page."""

    template_name = "casestudies/contribution/form.html"
    form_name = "forms"
    saved: Case

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        added = request.POST.get("add", "")
        if added in PARTS:
            typed = CaseForms.typed(request.POST, choices=Choices.load(), add=added)
            return self.ask(typed, added=ROWS[added].title)
        return super().post(request, *args, **kwargs)

    def start(self) -> Content:
        """What the form holds before anybody typed."""
        raise NotImplementedError

    def save(self, content: Content) -> Case:
        raise NotImplementedError

    def get_form(self, data: Any = None, files: Any = None) -> CaseForms:
        choices = Choices.load()
        return CaseForms(choices=choices, content=self.start()) if data is None else CaseForms(data, choices=choices)

    def act(self, form: CaseForms) -> str:
        self.saved = self.save(form.content())
        return "保存しました。読者に見える形で表示しています。"

    def get_success_url(self) -> str:
        return reverse("casestudies:detail", args=[self.saved.source_id])

    def get_back_url(self) -> str:
        return reverse("casestudies:manage")


class CaseCreate(CaseFormPage):
    once = True
    roles = CONTRIBUTING_ROLES
    heading = "事例を登録する"

    def start(self) -> Content:
        """The own organisation; of several homes the one of the address, or the page asks for one."""
        known = homes(self.user)
        chosen = [home for home in known if str(home.pk) == self.request.GET.get("organization")]
        self.homes = known if len(known) > 1 and not chosen else []
        first = chosen or (known if len(known) == 1 else [])
        return Content(organizations=tuple(home.place for home in first[:1]))

    def save(self, content: Content) -> Case:
        return write.create(content, user=self.user)

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (MANAGE, "casestudies:manage"), "新しい事例")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"revision": 0, "homes": getattr(self, "homes", [])} | kwargs))


class CaseEdit(ContributedCase, CaseFormPage):
    """``revision`` in the form says what the person saw; another one by now shows both values and saves nothing."""

    scope = "editable_by"
    here = "編集"

    def start(self) -> Content:
        return write.content_of(self.case)

    def save(self, content: Content) -> Case:
        return write.change(self.case.pk, content, user=self.user, revision=self.seen)

    @property
    def seen(self) -> int:
        """What the form says; 0, which is never right, for nonsense."""
        return number_sent(self.request.POST.get("revision", ""))

    def overtaken(self, form: CaseForms, refusal: Overtaken) -> HttpResponseBase:
        """What is stored now beside what was typed, to be saved over it if the person still wants to."""
        stored = write.content_of(refusal.current)
        conflict = differences(stored, write.in_order(form.content(), stored), form.choices.names)
        return self.ask(form, status=CONFLICT, stale=refusal, revision=refusal.current.revision, conflict=conflict)

    def get_back_url(self) -> str:
        return reverse("casestudies:detail", args=[self.case.source_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "heading": f"編集：{self.case.title}",
            "revision": self.seen if self.request.method == "POST" else self.case.revision,
            "newest": of_case(self.case)[0:1],
            "published": self.case.state == "published",
        }
        return super().get_context_data(**(context | kwargs))
