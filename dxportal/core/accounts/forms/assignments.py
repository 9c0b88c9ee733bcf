"""The municipalities in a consultant's charge."""

from collections.abc import Iterable
from typing import Any

from django import forms

from dxportal.core.accounts.models import Membership, User
from dxportal.core.organizations.forms.boxes import MunicipalityBoxes, municipalities_for
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.forms import PortalForm, choose_from


class AssignmentForm(MunicipalityBoxes, PortalForm):
    boxes = "municipalities"
    municipalities = forms.ModelMultipleChoiceField(
        label="担当団体", queryset=Organization.objects.none(), required=False
    )

    def __init__(self, *args: Any, user: User, membership: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.membership = membership
        choose_from(self, "municipalities", municipalities_for(user, self.ticked_before()))

    def ticked_before(self) -> Iterable[int]:
        """Those in charge today."""
        return self.membership.current_assignments().values_list("organization_id", flat=True)
