"""What happened to an organisation, recorded by hand: another name, code or bureau; an end."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from dxportal.core.organizations.enums import LifeEvent, OrganizationKind
from dxportal.core.organizations.forms.organizations import OrganizationForm
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.fields import JpDateField
from dxportal.core.ui.forms import PortalForm, choose_from

CHANGES = (LifeEvent.CITY, LifeEvent.RENAMED, LifeEvent.DESIGNATED, LifeEvent.RECODED, LifeEvent.MOVED)
ENDS = (LifeEvent.MERGER, LifeEvent.SPLIT, LifeEvent.ABOLISHED)
OF_BUREAUS = (LifeEvent.RENAMED,)


def pairs(events: tuple[LifeEvent, ...]) -> list[tuple[str, str]]:
    return [(event.value, str(event.label)) for event in events]


class LifeChangeForm(OrganizationForm):
    """The values from the day on. The organisation itself is changed by the domain, which keeps what was before."""

    event = forms.ChoiceField(label="異動の種類", choices=pairs(CHANGES))
    day = JpDateField(label="施行日", help_text="新しい名称などになった最初の日。例：令和8年4月1日、2026/4/1")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.is_municipality:
            self.fields["event"] = forms.ChoiceField(label="異動の種類", choices=pairs(OF_BUREAUS))
        # When it began is no change in its life.
        self.fields.pop("first_day", None)
        self.order_fields(("event", "day", *self.field_order))

    def _post_clean(self) -> None:
        """The row keeps what it holds until the domain has written down what it was called."""

    def values(self) -> dict[str, Any]:
        """Field of the organisation → its value from the day on."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("event", "day")}
        if parent := values.pop("parent", None):
            values["parent_id"] = parent.pk
        return values


class LifeEndForm(PortalForm):
    """``successors``: several after a split, exactly one after a merger, none where it was abolished."""

    event = forms.ChoiceField(label="異動の種類", choices=pairs(ENDS))
    day = JpDateField(label="施行日", help_text="合併などの日。前の日が、この団体の最後の日になります。")
    successors = forms.ModelMultipleChoiceField(
        label="承継団体",
        queryset=Organization.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="合併・編入は一つ、分割は一つ以上。新しい団体は、先に「市町村を追加する」か一覧の取込みで登録してください。",
    )

    def __init__(self, *args: Any, successors: QuerySet[Organization], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "successors", successors)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        count = len(values.get("successors") or ())
        event = values.get("event")
        if event == LifeEvent.MERGER and count != 1:
            self.add_error(
                "successors", ValidationError("合併・編入では、承継団体を一つ選択してください。", code="one")
            )
        elif event == LifeEvent.SPLIT and not count:
            self.add_error("successors", ValidationError("承継団体を一つ以上選択してください。", code="some"))
        elif event == LifeEvent.ABOLISHED and count:
            self.add_error(
                "successors", ValidationError("承継団体があるときは、合併・編入か分割を選択してください。", code="none")
            )
        return values


class TakeBackForm(PortalForm):
    """Bound to what the page named, so that a second click does not take back the thing before it."""

    last = forms.CharField(widget=forms.HiddenInput)


def possible_successors(organization: Organization, rows: Any, day: dt.date) -> QuerySet[Organization]:
    """Those of its prefecture and kind that live on the day, out of ``rows``."""
    same = rows.filter(prefecture=organization.prefecture_id, kind=OrganizationKind(organization.kind))
    return same.living(day).exclude(pk=organization.pk).order_by("sort_order", "code", "pk")
