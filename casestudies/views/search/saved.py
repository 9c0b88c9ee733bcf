"""保存した検索: keep a search by name, open, rename and remove it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from casestudies.domain.search import saved
from casestudies.forms.search.query import Query
from casestudies.forms.search.saved import NameForm, SaveForm
from casestudies.models import SavedSearch


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search as lists show it."""

    search: SavedSearch
    href: str
    words: str
    conditions: int


def kept_for(user) -> list[Kept]:
    return [kept(one) for one in SavedSearch.objects.for_user(user)]


def kept(search: SavedSearch) -> Kept:
    query = Query.read(QueryDict(search.query))
    conditions = sum(len(values) for values in query.chosen.values()) + len(query.flags)
    return Kept(search, f"{reverse('casestudies:search')}?{search.query}", query.text, conditions)


class SavedList(View):
    """The list; a POST adds to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"kept": kept_for(request.user), "most": saved.MOST, "crumbs": crumbs()}
        return render(request, "casestudies/search/saved.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SaveForm(request.POST)
        if not form.is_valid():
            return ask_name(request, form)
        name, query = form.cleaned_data["name"], form.cleaned_data["query"]
        try:
            saved.keep(request.user, name, query, replace=form.cleaned_data["replace"])
        except saved.NameTakenError as error:
            return ask_name(request, form, taken=kept(error.taken))
        except ValidationError as error:
            form.add_error(None, error)
            return ask_name(request, form)
        messages.success(request, f"検索「{name}」を保存しました。")
        return redirect(f"{reverse('casestudies:search')}?{query}")


def ask_name(request: HttpRequest, form: SaveForm, *, taken: Kept | None = None) -> HttpResponse:
    """The name once more: it was missing, too long, or is another search's."""
    query = Query.read(QueryDict(form.cleaned_data.get("query", "")))
    context = {"form": form, "taken": taken, "crumbs": crumbs("検索の保存"), "back": query}
    return render(request, "casestudies/search/saved_new.html", context, status=200 if taken else 422)


class SavedRename(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        search = find(request, pk)
        return self.show(request, search, NameForm(initial={"name": search.name}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        search, form = find(request, pk), NameForm(request.POST)
        if not form.is_valid():
            return self.show(request, search, form)
        try:
            saved.rename(search.pk, form.cleaned_data["name"], user=request.user)
        except saved.NameTakenError as error:
            form.add_error("name", f"「{error.taken.name}」という名前の検索がすでにあります。別の名前にしてください。")
            return self.show(request, search, form)
        messages.success(request, "保存した検索の名前を変更しました。")
        return redirect("casestudies:saved")

    def show(self, request: HttpRequest, search: SavedSearch, form: NameForm) -> HttpResponse:
        context = {"form": form, "search": search, "crumbs": crumbs("名前の変更")}
        return render(request, "casestudies/search/saved_rename.html", context)


class SavedDelete(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"one": kept(find(request, pk)), "crumbs": crumbs("削除")}
        return render(request, "casestudies/search/saved_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = saved.remove(find(request, pk).pk, user=request.user)
        messages.success(request, f"保存した検索「{name}」を削除しました。")
        return redirect("casestudies:saved")


def find(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.editable_by(request.user), pk=pk)


def crumbs(here: str = "") -> list[tuple[str, Any]]:
    top = [("ホーム", "/"), ("事例", reverse("casestudies:search"))]
    if not here:
        return [*top, ("保存した検索", None)]
    return [*top, ("保存した検索", reverse("casestudies:saved")), (here, None)]
