"""What a person's own shelf says of a case (bookmarks, taken up) after it was taken out of the library."""

from collections.abc import Iterable
from dataclasses import dataclass

from casestudies.enums import CaseState
from casestudies.models import Case

WITHDRAWN = "現在は閲覧できない事例"


@dataclass(frozen=True, slots=True)
class ShelfLabel:
    """What may be said of a case: everything, its title alone (archived), or not even that (being rewritten)."""

    source_id: str
    title: str
    readable: bool
    word: str = ""

    @classmethod
    def of(cls, case: Case, *, readable: bool) -> "ShelfLabel":
        if readable:
            return cls(case.source_id, case.title, readable=True)
        if case.state == CaseState.ARCHIVED:
            return cls(case.source_id, case.title, readable=False, word=CaseState.ARCHIVED.label)
        return cls(case.source_id, WITHDRAWN, readable=False, word="非公開")


def labels(cases: Iterable[Case], user) -> dict[int, ShelfLabel]:
    """Case → what the person may be told of it; one query."""
    by_pk = {case.pk: case for case in cases}
    open_ids = set(Case.objects.for_user(user).filter(pk__in=by_pk).values_list("pk", flat=True))
    return {pk: ShelfLabel.of(case, readable=pk in open_ids) for pk, case in by_pk.items()}
