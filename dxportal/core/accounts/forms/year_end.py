"""The year-end review."""

from typing import Any

from django import forms

from dxportal.core.accounts.models import Membership
from dxportal.core.ui.forms import PortalForm, choose_from


class YearEndForm(PortalForm):
    """Which of the memberships up for review, and what becomes of them."""

    EXTEND = "extend"
    END = "end"
    memberships = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(), error_messages={"required": "一人以上を選択してください。"}
    )
    action = forms.ChoiceField(choices=[(EXTEND, "延長"), (END, "終了")])

    def __init__(self, *args: Any, memberships: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "memberships", memberships)

    @property
    def extending(self) -> bool:
        return self.cleaned_data["action"] == self.EXTEND

    @property
    def chosen(self) -> Any:
        """Those whom the act concerns: one without an end needs no extension."""
        chosen = self.cleaned_data["memberships"]
        return chosen.exclude(last_day=None) if self.extending else chosen

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not self.chosen.exists():
            self.add_error("memberships", "選んだ人には期限がないため、延長は要りません。")
        return values
