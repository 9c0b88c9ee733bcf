"""Choosing one organisation, ended ones included: for filters, where what they left is looked for."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone

from dxportal.core.organizations.domain.chains import ended_words, read_lives
from dxportal.core.organizations.domain.lives import Lives
from dxportal.core.organizations.models import Organization


class PlaceChoiceField(forms.ModelChoiceField):
    """The form says which (``queryset``). One that has ended says until when it was and what stands there now."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Organization.objects.none(), **kwargs)

    def label_from_instance(self, organization: Organization) -> str:
        today = timezone.localdate()
        if organization.last_day is None or organization.last_day >= today:
            return organization.name
        return f"{organization.name}（{ended_words(organization, self.lives, today)}）"

    @cached_property
    def lives(self) -> Lives:
        """Of those in the choice that have an end; read once a form, and only where one is shown."""
        rows: Any = self.queryset
        ended = rows.filter(last_day__isnull=False).order_by()
        return read_lives(ended.values_list("pk", flat=True))
