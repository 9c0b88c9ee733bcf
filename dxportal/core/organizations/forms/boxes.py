"""Municipalities to be ticked, by bureau: the members of a group, the towns in a consultant's charge."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from dxportal.core.organizations.models import Organization
from dxportal.core.ui.forms import number_sent


def municipalities_for(user: Any, ticked: Iterable[int] = ()) -> QuerySet[Organization]:
    """Those that the person may put somewhere, in the order of the boxes: the living, and what is ``ticked`` already."""
    rows = Organization.objects.editable_by(user).municipalities().living(timezone.localdate(), besides=ticked)
    return rows.select_related("parent").order_by("parent__sort_order", "parent", "sort_order", "code")


class MunicipalityBoxes(forms.BaseForm):
    """Put before ``PortalForm``; ``boxes`` names the field whose choices ``municipalities_for`` gives."""

    boxes = ""

    def ticked_before(self) -> Iterable[int]:
        """The keys that are ticked when the form is first shown."""
        raise NotImplementedError

    @property
    def by_bureau(self) -> list[tuple[str, list[tuple[Organization, bool]]]]:
        """Name of the bureau → its municipalities, each with whether it is ticked: as sent, else as stored."""
        field: Any = self.fields[self.boxes]
        data: Any = self.data
        sent = data.getlist(self.boxes) if self.is_bound else ()
        ticked = {number_sent(pk) for pk in sent} if self.is_bound else set(self.ticked_before())
        return [
            (bureau, [(town, town.pk in ticked) for town in towns])
            for bureau, towns in groupby(field.queryset, key=lambda town: town.parent.name)
        ]
