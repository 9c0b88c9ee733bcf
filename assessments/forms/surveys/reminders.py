"""The form of a reminder: to whom, and the text with placeholders."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.domain.surveys.reminders import BODY, PLACEHOLDERS, SUBJECT, unknown_placeholders
from assessments.domain.surveys.standing import Standing
from assessments.forms.surveys.surveys import DomainErrors
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm

MARKS = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)


class ReminderForm(DomainErrors, PortalForm):
    """``batch`` is this form's token: sent twice, it reminds nobody twice."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    responses = forms.MultipleChoiceField(label="送る団体", widget=forms.CheckboxSelectMultiple)
    subject = JpCharField(label="件名", limit=150)
    body = JpCharField(
        label="本文",
        widget=forms.Textarea(attrs={"rows": 16}),
        limit=4000,
        help_text=f"次の語は、団体ごとの内容に置き換わります：{MARKS}",
    )

    def __init__(self, *args: Any, standings: list[Standing], reachable: dict[int, tuple[str, ...]], **kwargs: Any):
        fresh = {"batch": uuid.uuid4(), "subject": SUBJECT, "body": BODY}
        able = [one for one in standings if one.response.organization_id in reachable]
        fresh["responses"] = [str(one.response.pk) for one in able]
        super().__init__(*args, initial=fresh | kwargs.pop("initial", {}), **kwargs)
        self.fields["responses"].choices = [(str(one.response.pk), _words(one, reachable)) for one in able]

    def clean_subject(self) -> str:
        return _known(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        return _known(self.cleaned_data["body"])


def _known(text: str) -> str:
    if unknown := unknown_placeholders(text):
        names = "、".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"{names}は置き換えられません。使える語は、{MARKS}です。")
    return text


def _words(one: Standing, reachable: dict[int, tuple[str, ...]]) -> str:
    count = len(reachable[one.response.organization_id])
    late = "、期限超過" if one.overdue else ""
    return f"{one.response.organization.name}（{one.response.get_state_display()}{late}、宛先{count}人）"
