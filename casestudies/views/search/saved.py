"""保存した検索: keep a search by name, open, rename and remove it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from casestudies.domain.search import saved
from casestudies.forms.search.address import SearchAddress
from casestudies.forms.search.saved import SavedSearchNameForm, SaveSearchForm
from casestudies.models import SavedSearch
from casestudies.views.search.inquiry import page_address
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs
from dxportal.core.workflow.errors import Overtaken


@dataclass(frozen=True, slots=True)
class SavedSearchLine:
    """A saved search as lists show it."""

    search: SavedSearch
    href: str
    words: str
    conditions: int


def line_of(search: SavedSearch) -> SavedSearchLine:
    address = SearchAddress.read(QueryDict(search.query))
    conditions = sum(len(values) for values in address.chosen.values()) + len(address.flags)
    return SavedSearchLine(search, f"{reverse('casestudies:search')}?{search.query}", address.text, conditions)


class SavedList(ListPage):
    """The list; a POST adds to it."""

    model = SavedSearch
    scope = "for_user"
    per_page = saved.MOST
    template_name = "casestudies/search/saved.html"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return SaveSearch.as_view()(request)

    def crumbs(self) -> Crumbs:
        return saved_crumbs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [line_of(search) for search in kwargs["rows"]]
        return super().get_context_data(lines=lines, most=saved.MOST, **kwargs)


class SaveSearch(ActPage):
    """Asks for the name once more where it is missing, too long, or another search's."""

    heading = "検索の保存"
    form_class = SaveSearchForm
    invalid_status = 422
    template_name = "casestudies/search/saved_new.html"

    def act(self, form: SaveSearchForm) -> HttpResponse:
        name, query = form.cleaned_data["name"], form.cleaned_data["query"]
        saved.keep(self.user, name, query, replace=form.cleaned_data["replace"])
        messages.success(self.request, f"検索「{name}」を保存しました。")
        return redirect(f"{reverse('casestudies:search')}?{query}")

    def overtaken(self, form: SaveSearchForm, refusal: Overtaken) -> HttpResponseBase:
        """A search of that name is there: no fault, but a question."""
        return self.ask(form, taken=line_of(refusal.current))

    def refused(self, form: SaveSearchForm, refusal: Any) -> HttpResponseBase:
        form.add_error(None, refusal)
        return self.ask(form, status=self.invalid_status)

    def crumbs(self) -> Crumbs:
        return saved_crumbs(self.heading)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = getattr(kwargs["form"], "cleaned_data", {})
        address = SearchAddress.read(QueryDict(data.get("query", "")))
        return super().get_context_data(address=address, **kwargs)

    def get_back_url(self) -> str:
        return page_address(SearchAddress())


class SavedPage(ScopedObject, ActPage):
    """An act on one of one's own."""

    model = SavedSearch
    scope = "editable_by"
    name = "search"

    def crumbs(self) -> Crumbs:
        return saved_crumbs(self.heading)

    def get_success_url(self) -> str:
        return reverse("casestudies:saved")


class SavedRename(SavedPage):
    heading = "名前の変更"
    button = "名前を変更する"
    form_class = SavedSearchNameForm
    template_name = "casestudies/search/saved_rename.html"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.search.name}

    def act(self, form: SavedSearchNameForm) -> str:
        saved.rename(self.search.pk, form.cleaned_data["name"], user=self.user)
        return "保存した検索の名前を変更しました。"


class SavedDelete(SavedPage):
    heading = "削除"
    button = "削除する"
    danger = True
    template_name = "casestudies/search/saved_delete.html"

    def act(self, form: None) -> str:
        name = saved.remove(self.search.pk, user=self.user)
        return f"保存した検索「{name}」を削除しました。"


def saved_crumbs(here: str = "") -> Crumbs:
    top = ("事例", "casestudies:search")
    return crumbs(top, ("保存した検索", "casestudies:saved"), here) if here else crumbs(top, "保存した検索")
