"""The municipalities in a consultant's charge."""

from django import forms

from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.forms import PortalForm


class AssignmentForm(PortalForm):
    municipalities = forms.ModelMultipleChoiceField(
        label="担当団体", queryset=Organization.objects.none(), required=False
    )

    def __init__(self, *args, by: User, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        places = Organization.objects.editable_by(by).municipalities().select_related("parent")
        self.fields["municipalities"].queryset = places.order_by("parent__sort_order", "parent", "sort_order", "code")
        self.membership = membership

    @property
    def chosen_ids(self) -> set[int]:
        """Ticked as sent, else those in charge today."""
        if self.is_bound:
            return {int(pk) for pk in self.data.getlist("municipalities") if pk.isdecimal()}
        return set(self.membership.current_assignments().values_list("organization_id", flat=True))
