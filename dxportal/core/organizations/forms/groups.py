"""A group of municipalities across the tree."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from dxportal.core.organizations.forms.boxes import MunicipalityBoxes, municipalities_for
from dxportal.core.organizations.models import Group, Organization
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalModelForm, choose_from


class GroupForm(MunicipalityBoxes, PortalModelForm):
    """Members out of the admin's reach stay as they are."""

    boxes = "members"
    name = JpCharField(label="名称", limit=100)
    members = forms.ModelMultipleChoiceField(label="構成団体", queryset=Organization.objects.none())
    lead = forms.ModelChoiceField(
        label="幹事団体",
        queryset=Organization.objects.none(),
        required=False,
        help_text="構成団体の一つ。会議を招集します。",
    )

    class Meta:
        model = Group
        fields = ("name", "members", "lead")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # An ended member stays one until somebody unticks it: the group's earlier years are its own.
        in_reach = municipalities_for(user, self.ticked_before())
        choose_from(self, "members", in_reach)
        # One that is out of reach stays on offer as long as it leads.
        leads = Q(pk__in=in_reach.values("pk")) | Q(pk=self.instance.lead_id)
        choose_from(self, "lead", Organization.objects.filter(leads))
        self.fields["members"].error_messages["required"] = "一つ以上の団体を選択してください。"
        self.out_of_reach: list[Organization] = []
        if self.instance.pk:
            self.out_of_reach = list(self.instance.members.exclude(pk__in=in_reach.values("pk")))

    def ticked_before(self) -> Iterable[int]:
        return self.instance.members.values_list("pk", flat=True) if self.instance.pk else ()

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        of_that_name = Group.objects.filter(prefecture=self.instance.prefecture_id, name=name)
        if of_that_name.exclude(pk=self.instance.pk).exists():
            raise ValidationError("同じ名称の広域グループがあります。", code="twice")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lead = cleaned.get("lead")
        if lead and "members" in cleaned and lead not in cleaned["members"]:
            self.add_error("lead", "幹事団体は、構成団体の中から選んでください。")
        return cleaned

    def clean_members(self) -> list[Organization]:
        return [*self.cleaned_data["members"], *self.out_of_reach]
