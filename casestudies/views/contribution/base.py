"""What the pages about one contributed case share."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied

from casestudies.models import Case
from dxportal.core.ui.pages import Crumbs, ScopedObject, crumbs

TOP = ("事例", "casestudies:search")
MANAGE = "事例の登録・管理"


class ContributedCase(ScopedObject):
    """404 for strangers, 403 for readers whose own the case is not; under "editable_by", for whoever may not change it."""

    model = Case
    scope = "for_user"
    key = "source_id"
    name = "case"
    related = ("organization", "prefecture", "author", "field")
    here = ""  # the page's own crumb

    def enter(self) -> None:
        super().enter()
        if not self.may_edit and not Case.objects.of_user(self.user).filter(pk=self.case.pk).exists():
            raise PermissionDenied

    @cached_property
    def may_edit(self) -> bool:
        return self.scope == "editable_by" or Case.objects.editable_by(self.user).filter(pk=self.case.pk).exists()

    def crumbs(self) -> Crumbs:
        case = (self.case.title, "casestudies:detail", self.case.source_id)
        return crumbs(TOP, (MANAGE, "casestudies:manage"), case, self.here)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"may_edit": self.may_edit, "crumbs": self.crumbs()} | kwargs))
