"""Keeping one's blocks of text."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from consultations.domain.materials import snippets
from consultations.enums import ACTING_ROLES
from consultations.forms.materials import SnippetForm
from consultations.models import Snippet
from consultations.views.sessions.base import TOP
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

LIST = ("定型文", "consultations:snippets")


class SnippetAct(ActPage):
    form_class = SnippetForm
    button = "保存する"
    roles = ACTING_ROLES
    user: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"may_share": snippets.may_share(self.user)}

    def get_success_url(self) -> str:
        return reverse("consultations:snippets")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, LIST, self.heading)


class SnippetList(ListPage):
    model = Snippet
    scope = "for_user"
    roles = ACTING_ROLES
    heading = LIST[0]
    template_name = "consultations/materials/snippets.html"
    per_page = None

    def queryset(self, rows: QuerySet[Snippet]) -> QuerySet[Snippet]:
        return rows.order_by("owner", "title", "pk")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, LIST[0])


class SnippetCreate(SnippetAct):
    heading = "定型文を作る"
    once = True

    def act(self, form: SnippetForm) -> str:
        return f"定型文「{snippets.create(form.content(), user=self.user).title}」を保存しました。"


class SnippetPage(ScopedObject):
    model = Snippet
    scope = "editable_by"
    name = "snippet"


class SnippetEdit(SnippetPage, SnippetAct):
    heading = "定型文を直す"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.snippet, name) for name in ("title", "text", "shared", "revision")}

    def act(self, form: SnippetForm) -> str:
        revision = form.cleaned_data["revision"] or 0
        snippet = snippets.change(self.snippet.pk, form.content(), revision=revision, user=self.user)
        return f"定型文「{snippet.title}」を保存しました。"


class SnippetDelete(SnippetPage, SnippetAct):
    form_class = None
    heading = button = "定型文を削除する"
    danger = True
    template_name = "consultations/materials/snippet_delete.html"

    def act(self, form: None) -> str:
        snippets.delete(self.snippet.pk, user=self.user)
        return f"定型文「{self.snippet.title}」を削除しました。"
