"""A person's own list of cases, with notes for the meeting."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from casestudies.domain.reading.detail import CaseOutline, outline
from casestudies.domain.reading.shelf import ShelfLabel, labels
from casestudies.enums import PlaceRole
from casestudies.models import Bookmark, Case

NOTE_LIMIT = 400
_MAIN = Q(case__places__role=PlaceRole.MAIN)
SORTS = {
    "newest": ("登録の新しい順", ("-created_at", "-pk")),
    "title": ("題名順", ("case__title", "pk")),
    "population": ("人口の少ない順", (F("population").asc(nulls_last=True), "case__title", "pk")),
    "step": ("ステップ順", (F("case__step").asc(nulls_last=True), "case__title", "pk")),
}


@dataclass(frozen=True, slots=True)
class Removed:
    """Enough to put a bookmark back as it was."""

    case_id: int
    note: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One line of the list. Read ``case`` only where ``label.readable``."""

    bookmark: Bookmark
    case: Case
    label: ShelfLabel

    @property
    def note_words(self) -> str:
        return "メモを直す" if self.bookmark.note else "メモを書く"

    @property
    def outline(self) -> CaseOutline:
        return outline(self.case)


def add(case: Case, *, user) -> Bookmark:
    """Keeps a case that the person may open; one that is kept already stays as it is. Raises Case.DoesNotExist."""
    with transaction.atomic():
        Case.objects.for_user(user).get(pk=case.pk)
        return Bookmark.objects.get_or_create(user=user, case=case)[0]


def remove(case: Case, *, user) -> Removed | None:
    """Takes it off the list; None if it was not there."""
    with transaction.atomic():
        # Locked: of two windows at once only one removes it, so that only one offers to put it back.
        kept = Bookmark.objects.for_user(user).select_for_update().filter(case=case.pk).first()
        if kept is None:
            return None
        kept.delete()
        return Removed(case.pk, kept.note, kept.created_at)


def put_back(removed: Removed, *, user) -> None:
    """Undoes a removal, the note and the date too; nothing where the case was deleted meanwhile."""
    with transaction.atomic():
        if not Case.objects.filter(pk=removed.case_id).exists():
            return
        values = {"note": removed.note}
        kept, created = Bookmark.objects.get_or_create(user=user, case_id=removed.case_id, defaults=values)
        if created:  # auto_now_add knows only now
            Bookmark.objects.filter(pk=kept.pk).update(created_at=removed.created_at)


def write_note(case: Case, note: str, *, user) -> None:
    """Raises Bookmark.DoesNotExist where the person does not keep the case."""
    with transaction.atomic():
        kept = Bookmark.objects.for_user(user).select_for_update().get(case=case.pk)
        kept.note = note
        kept.save(update_fields=["note"])


def bookmark_of(case: Case, user) -> Bookmark | None:
    return Bookmark.objects.for_user(user).filter(case=case.pk).first()


def kept_cases(user) -> QuerySet[Case]:
    """What the person's bookmarks point to, readable or not: for acts on the bookmark itself."""
    return Case.objects.filter(bookmarks__user=user)


def kept(user, sort: str = "newest") -> list[KeptCase]:
    """The list in one of ``SORTS``; population is that of the smallest organisation of a case."""
    _, order = SORTS.get(sort, SORTS["newest"])
    rows = Bookmark.objects.for_user(user).select_related("case__document", "case__field")
    rows = rows.prefetch_related("case__places", "case__figures")
    rows = rows.annotate(population=Min("case__places__population", filter=_MAIN)).order_by(*order)
    known = labels((bookmark.case for bookmark in rows), user)
    return [KeptCase(bookmark, bookmark.case, known[bookmark.case_id]) for bookmark in rows]
