"""What the pages about one occasion share."""

from functools import cached_property

from dxportal.core.occasions.domain import moves
from dxportal.core.occasions.models import Occasion
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

TOP = ("カレンダー", "occasions:calendar")


class OccasionPage(ScopedObject):
    """404 for whoever may not see it; 403 under "editable_by" for whoever may not change it."""

    model = Occasion
    scope = "for_user"
    name = "occasion"
    related: tuple[str, ...] = ("prefecture", "replaced_by")
    here = ""  # the page's own crumb
    occasion: Occasion

    @cached_property
    def possible(self) -> frozenset[str]:
        return moves.possible_moves(self.occasion, self.user)

    @cached_property
    def may_edit(self) -> bool:
        return Occasion.objects.editable_by(self.user).filter(pk=self.occasion.pk).exists()

    def crumbs(self) -> Crumbs:
        here = (self.here,) if self.here else ()
        title = (self.occasion.title, "occasions:detail", self.occasion.pk) if here else self.occasion.title
        return crumbs(TOP, title, *here)
