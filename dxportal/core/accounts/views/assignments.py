"""Which municipalities a consultant has in charge: one page of check boxes by bureau."""

from itertools import groupby

from dxportal.core.accounts.domain import assignments
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.forms.assignments import AssignmentForm
from dxportal.core.accounts.views.acts import MembershipActView


class AssignmentEdit(MembershipActView):
    form_class, template_name = AssignmentForm, "accounts/assignment_edit.html"
    only = {"role": Role.CONSULTANT}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user, "membership": self.membership}

    def act(self, values: dict) -> str:
        chosen = [one.pk for one in values["municipalities"]]
        begun, ended = assignments.assign(self.membership.pk, chosen, by=self.request.user)
        return f"担当団体を保存しました（追加{begun}団体、終了{ended}団体）。"

    def get_context_data(self, **kwargs):
        form = kwargs.get("form") or self.get_form()
        places = form.fields["municipalities"].queryset
        held = form.chosen_ids
        groups = [
            (parent, [(one, one.pk in held) for one in found])
            for parent, found in groupby(places, key=lambda one: one.parent.name)
        ]
        return super().get_context_data(**(kwargs | {"form": form, "groups": groups}))
