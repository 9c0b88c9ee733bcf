"""Which municipalities a consultant has in charge: one page of check boxes by bureau."""

from typing import Any

from django.db.models import QuerySet

from dxportal.core.accounts.domain import assignments
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.forms.assignments import AssignmentForm
from dxportal.core.accounts.views.members import MembershipAct


class AssignmentEdit(MembershipAct):
    heading = "担当団体の変更"
    button = "担当団体を保存する"
    form_class = AssignmentForm
    template_name = "accounts/assignments/edit.html"

    def queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(role=Role.CONSULTANT)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "membership": self.membership}

    def act(self, form: AssignmentForm) -> str:
        chosen = [town.pk for town in form.cleaned_data["municipalities"]]
        begun, ended = assignments.assign(self.membership.pk, chosen, user=self.user)
        return f"担当団体を保存しました（追加{begun}団体、終了{ended}団体）。"
