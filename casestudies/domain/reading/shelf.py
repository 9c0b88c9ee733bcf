"""How a case stands on a person's own shelf (bookmarks, taken up) after it was taken out of the library."""

from collections.abc import Iterable
from dataclasses import dataclass

from casestudies.enums import CaseState
from casestudies.models import Case

WITHDRAWN = "現在は閲覧できない事例"


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be said of a case: everything, its title alone (archived), or not even that (being rewritten)."""

    source_id: str
    title: str
    readable: bool
    word: str = ""

    @classmethod
    def of(cls, case: Case, *, readable: bool) -> "Standing":
        if readable:
            return cls(case.source_id, case.title, readable=True)
        if case.state == CaseState.ARCHIVED:
            return cls(case.source_id, case.title, readable=False, word=CaseState.ARCHIVED.label)
        return cls(case.source_id, WITHDRAWN, readable=False, word="非公開")


def standings(cases: Iterable[Case], user) -> dict[int, Standing]:
    """Case → what the person may be told of it; one query."""
    found = list(cases)
    open_ids = set(Case.objects.for_user(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return {one.pk: Standing.of(one, readable=one.pk in open_ids) for one in found}
