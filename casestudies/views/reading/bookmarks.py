"""A person's bookmarks: keeping and dropping a case, the list, the list on paper and as a workbook."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View

from casestudies.domain.reading import bookmarks
from casestudies.domain.reading.shelf import labels
from casestudies.forms.reading import BookmarkNoteForm
from casestudies.models import Bookmark, Case
from casestudies.views.reading import undo
from casestudies.views.reading.detail import back_query, case_crumbs
from casestudies.views.reading.files import bookmark_sheets
from dxportal.core.intake.export import Sheet
from dxportal.core.ui.pages import AddressForm, Crumbs, ListPage, fetch

PAPERS = {"blocks": "要約つき", "lines": "一覧表"}
LIST = "ブックマーク"


class BookmarkAct(View):
    """POST ``act``: add, note, remove, restore. A case out of reach is 404, unless the person keeps it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, source_id: str) -> HttpResponse:
        acts = {"add": self.add, "note": self.write, "remove": self.remove, "restore": self.restore}
        act = acts.get(request.POST.get("act", "add"))
        if act is None:
            raise Http404
        return act(source_id) or self.back(source_id)

    def add(self, source_id: str) -> None:
        case = fetch(Case, "for_user", self.request.user, {"source_id": source_id})
        bookmarks.add(case, user=self.request.user)
        messages.success(self.request, f"「{case.title}」をブックマークに登録しました。")

    def write(self, source_id: str) -> HttpResponse | None:
        case = self.kept_case(source_id)
        form = BookmarkNoteForm(self.request.POST, auto_id=f"id_{case.pk}_%s")
        if not form.is_valid():
            page = BookmarkList(refused={case.pk: form})
            page.setup(self.request)
            return page.get(self.request)
        bookmarks.write_note(case, form.cleaned_data["note"], user=self.request.user)
        messages.success(self.request, "メモを保存しました。")
        return None

    def remove(self, source_id: str) -> None:
        case = self.kept_case(source_id)
        removed = bookmarks.remove(case, user=self.request.user)
        if removed:
            undo.remember(self.request, labels([case], self.request.user)[case.pk], removed)

    def restore(self, source_id: str) -> None:
        removed = undo.take(self.request, source_id)
        if removed is None:
            raise Http404
        bookmarks.put_back(removed, user=self.request.user)
        messages.success(self.request, "ブックマークを元に戻しました。")

    def kept_case(self, source_id: str) -> Case:
        return get_object_or_404(bookmarks.kept_cases(self.request.user), source_id=source_id)

    def back(self, source_id: str) -> HttpResponse:
        if self.request.POST.get("to") == "list":
            return redirect(reverse("casestudies:bookmarks") + back_query(self.request))
        return redirect(reverse("casestudies:detail", args=[source_id]) + back_query(self.request))


class BookmarkAddress(AddressForm):
    form = forms.ChoiceField(choices=[("", ""), *PAPERS.items()])
    sorts = tuple(bookmarks.SORTS)
    default_sort = "newest"


class BookmarkList(ListPage):
    """All on one page. ``refused``: the forms of notes that could not be saved, by case."""

    model = Bookmark
    scope = "for_user"
    address_class = BookmarkAddress
    heading = LIST
    template_name = "casestudies/reading/bookmarks/list.html"
    refused: dict[int, BookmarkNoteForm] = {}

    def all_rows(self) -> Sequence[bookmarks.KeptCase]:
        return bookmarks.kept(self.user, self.sort)

    @property
    def sort(self) -> str:
        return self.filters.sort.removeprefix("-")

    def ordered(self, rows: Sequence[bookmarks.KeptCase]) -> Sequence[bookmarks.KeptCase]:
        return rows

    def page_size(self, rows: Sequence[bookmarks.KeptCase]) -> int:
        return max(len(rows), 1)

    def crumbs(self) -> Crumbs:
        return case_crumbs(LIST)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = kwargs["rows"]
        notes = [self.refused.get(line.case.pk) or note_form(line.bookmark) for line in kept]
        context = {
            "items": list(zip(kept, notes, strict=True)),
            "form": list(self.refused.values()),
            "sorts": [(label, f"?sort={code}", code == self.sort) for code, (label, _) in bookmarks.SORTS.items()],
            "sort": self.sort,
            "back": f"sort={self.sort}",
            "removed": undo.offered(self.request),
            "search_url": reverse("casestudies:search"),
        }
        return super().get_context_data(**(context | kwargs))


def note_form(bookmark: Bookmark) -> BookmarkNoteForm:
    return BookmarkNoteForm(initial={"note": bookmark.note}, auto_id=f"id_{bookmark.case_id}_%s")


class BookmarkPaper(BookmarkList):
    """The list as a handout: one block or one line a case."""

    template_name = "casestudies/reading/bookmarks/print.html"

    def crumbs(self) -> Crumbs:
        return case_crumbs((LIST, "casestudies:bookmarks"), "会議用の印刷")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paper = self.filters.form or "blocks"
        context = {
            "items": kwargs["rows"],
            "paper": paper,
            "tabs": [(label, f"?form={code}&sort={self.sort}", code == paper) for code, label in PAPERS.items()],
            "today": timezone.localdate(),
        }
        return super().get_context_data(**(kwargs | context))


class BookmarkExport(BookmarkList):
    file_only = True

    def file_name(self) -> str:
        return f"事例ブックマーク_{timezone.localdate():%Y%m%d}"

    def sheets(self, rows: Sequence[bookmarks.KeptCase]) -> Sequence[Sheet]:
        return bookmark_sheets(rows, self.request.build_absolute_uri)
