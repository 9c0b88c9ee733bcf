"""A person's bookmarks: keeping and dropping a case, the list, the list on paper and as a workbook."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from casestudies.domain.reading import bookmarks
from casestudies.domain.reading.shelf import labels
from casestudies.forms.reading import BookmarkNoteForm
from casestudies.models import Bookmark, Case
from casestudies.views.reading import undo
from casestudies.views.reading.files import bookmark_sheets
from casestudies.views.reading.pages import back_query, crumbs, search_url
from dxportal.core.intake.export import workbook_response

PAPERS = {"blocks": "要約つき", "lines": "一覧表"}


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
        case = get_object_or_404(Case.objects.for_user(self.request.user), source_id=source_id)
        bookmarks.add(case, user=self.request.user)
        messages.success(self.request, f"「{case.title}」をブックマークに登録しました。")

    def write(self, source_id: str) -> HttpResponse | None:
        case = self.kept_case(source_id)
        form = BookmarkNoteForm(self.request.POST, auto_id=f"id_{case.pk}_%s")
        if not form.is_valid():
            return listing(self.request, refused={case.pk: form})
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


class BookmarkList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return listing(request)


def listing(request: HttpRequest, refused: dict[int, BookmarkNoteForm] | None = None) -> HttpResponse:
    """The page; ``refused``: the forms of notes that could not be saved, by case."""
    sort = sort_of(request)
    items = bookmarks.kept(request.user, sort)
    refused = refused or {}
    forms = [refused.get(one.case.pk) or note_form(one.bookmark) for one in items]
    context = {
        "items": list(zip(items, forms, strict=True)),
        "form": list(refused.values()),
        "sorts": [(label, f"?sort={code}", code == sort) for code, (label, _) in bookmarks.SORTS.items()],
        "sort": sort,
        "back": f"sort={sort}",
        "removed": undo.offered(request),
        "search_url": search_url(),
        "crumbs": crumbs(("ブックマーク", None)),
    }
    return render(request, "casestudies/reading/bookmarks.html", context)


def note_form(bookmark: Bookmark) -> BookmarkNoteForm:
    return BookmarkNoteForm(initial={"note": bookmark.note}, auto_id=f"id_{bookmark.case_id}_%s")


def sort_of(request: HttpRequest) -> str:
    wanted = request.GET.get("sort", "")
    return wanted if wanted in bookmarks.SORTS else "newest"


class BookmarkPaper(TemplateView):
    """The list as a handout: one block or one line a case."""

    template_name = "casestudies/reading/bookmarks_print.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        sort, wanted = sort_of(self.request), self.request.GET.get("form", "")
        form = wanted if wanted in PAPERS else "blocks"
        context = {
            "items": bookmarks.kept(self.request.user, sort),
            "paper": form,
            "tabs": [(label, f"?form={code}&sort={sort}", code == form) for code, label in PAPERS.items()],
            "today": timezone.localdate(),
            "crumbs": crumbs(("ブックマーク", reverse("casestudies:bookmarks")), ("会議用の印刷", None)),
        }
        return super().get_context_data(**kwargs) | context


class BookmarkExport(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        kept = bookmarks.kept(request.user, sort_of(request))
        name = f"事例ブックマーク_{timezone.localdate():%Y%m%d}"
        return workbook_response(name, bookmark_sheets(kept, request.build_absolute_uri))
