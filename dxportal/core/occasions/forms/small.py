"""The small forms: moves, another date, busy periods, feeds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from dxportal.core.occasions.enums import BusyKind, FeedScope
from dxportal.core.occasions.models import BusyPeriod, Occasion
from dxportal.core.ui.fields import JpCharField, JpDateField, JpTimeField, moment
from dxportal.core.ui.forms import PortalForm, PortalModelForm, choose_from
from dxportal.core.ui.pages import ReasonForm


class RevisionMixin(PortalForm):
    """What the person looked at goes along."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MoveForm(RevisionMixin, ReasonForm):
    """A move with its reason."""


class PlainMoveForm(RevisionMixin, PortalForm):
    """A move that needs no reason."""


class PostponeForm(MoveForm):
    """The reason, and where it is known already when the meeting is held instead."""

    new_day = JpDateField(
        label="振替の日付", required=False, help_text="決まっていれば入力します。新しい会合を作ります。"
    )
    new_time = JpTimeField(label="振替の開始時刻", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("new_day")) != bool(cleaned.get("new_time")) and not self.errors:
            missing = "new_time" if cleaned.get("new_day") else "new_day"
            self.add_error(missing, "振替の日付と時刻は、両方を入力してください。")
        cleaned["starts_at"] = moment(cleaned, "new")
        return cleaned


class ReplaceForm(PortalForm):
    successor = forms.ModelChoiceField(label="振替先の会合", queryset=Occasion.objects.none())

    def __init__(self, *args: Any, rows: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "successor", rows)
        field: Any = self.fields["successor"]
        field.label_from_instance = label_of


def label_of(occasion: Occasion) -> str:
    local = timezone.localtime(occasion.starts_at)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}時{local.minute:02d}分 {occasion.title}"


class BusyPeriodForm(PortalModelForm):
    first_day = JpDateField(label="開始日")
    last_day = JpDateField(label="終了日")
    kind = forms.ChoiceField(label="種類", choices=BusyKind.choices, widget=forms.RadioSelect)
    note = JpCharField(label="備考", limit=200, required=False, help_text="例：6月定例会")

    class Meta:
        model = BusyPeriod
        fields = ("organization", "first_day", "last_day", "kind", "note")

    def __init__(self, *args: Any, towns: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        if self.instance.pk:
            del self.fields["organization"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: Any = cleaned.get("first_day")
        last: Any = cleaned.get("last_day")
        if not (first and last):
            return cleaned
        if last < first:
            self.add_error("last_day", "終了日は開始日以後の日付にしてください。")
        organization = self.instance.organization_id if self.instance.pk else cleaned.get("organization")
        twice = BusyPeriod.objects.filter(first_day=first, last_day=last, kind=cleaned.get("kind", ""))
        if twice.filter(organization=organization).exclude(pk=self.instance.pk).exists():
            raise ValidationError("同じ団体・期間・種類の行がすでにあります。", code="twice")
        return cleaned


class FeedForm(PortalForm):
    scope = forms.ChoiceField(label="内容", choices=FeedScope.choices, widget=forms.RadioSelect)
