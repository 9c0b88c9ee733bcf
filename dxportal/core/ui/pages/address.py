"""What the address of a list asks for, read leniently: unknown or broken values count as not asked."""

import re
from collections.abc import Collection
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from dxportal.core.ui.forms import PortalFormMixin
from dxportal.core.unseen import UNSEEN

NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)  # what an integer column of the database holds
CONTROL = re.compile(rf"[\s\x85]|{UNSEEN.pattern}")
LAST_PAGE = 100_000


class AddressNumber(forms.Field):
    """A whole number of at most nine digits, such as a key; None otherwise."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise ValidationError("", code="invalid")
        return int(text)


class FlagInput(forms.CheckboxInput):
    """A checkbox that hands on what the address says."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)


class AddressFlag(forms.BooleanField):
    """True for "1", and for nothing else."""

    widget = FlagInput

    def to_python(self, value: Any) -> bool:
        return value is True or value == "1"


class AddressText(forms.CharField):
    """Typed words: control characters and runs of spaces are one space; what is longer than ``limit`` is cut."""

    def __init__(self, *, limit: int = 100, **kwargs: Any):
        self.limit = limit
        super().__init__(**kwargs)
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = CONTROL.sub(" ", value) if isinstance(value, str) else ""
        return " ".join(text.split())[: self.limit].strip()


class AddressChoices(forms.MultipleChoiceField):
    """Several of the choices, in their own order, each at most once; unknown values drop out."""

    def to_python(self, value: Any) -> list[str]:
        given = set(value) if isinstance(value, (list, tuple)) else set()
        return [key for key in self._keys() if key in given]

    def _keys(self) -> list[str]:
        """Groups of choices opened."""
        keys: list[str] = []
        for key, label in self.choices:  # type: ignore[misc,union-attr]
            keys += [str(inner) for inner, _ in label] if isinstance(label, (list, tuple)) else [str(key)]
        return keys


class AddressForm(PortalFormMixin, forms.Form):
    """The filter of a list by GET; also for a page's own parameters. Nothing in an address is an error.

    ::

        class ProgressFilter(AddressForm):
            state = forms.ChoiceField(label="状態", choices=[("", "すべて"), *ResponseState.choices])
            bureau = AddressNumber(label="振興局")
            overdue = AddressFlag(label="期限超過")
            sorts = ("name", "due")

        filters = ProgressFilter(request.GET).values        # filters.state: "" or a state; filters.bureau: None or int

    Any field of a form may be used; all are optional. ``tell``: fields in which a person types something that may be
    wrong (a day), and whose error the page shows; they count as not asked, too. ``beside``: parameters that say how to
    show rows, not which. ``sorts``: the columns that may be sorted by, "-name" downwards.
    """

    stores = False
    sorts: Collection[str] = ()
    default_sort: str = ""
    tell: Collection[str] = ()
    beside: Collection[str] = ()

    def __init__(self, data: Any, *args: Any, **kwargs: Any):
        super().__init__(data, *args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def full_clean(self) -> None:
        super().full_clean()
        for name in [name for name in self.errors if name not in self.tell]:
            del self.errors[name]

    @cached_property
    def values(self) -> SimpleNamespace:
        """Every field's value, the empty one where the address says nothing that it could mean."""
        read = self.cleaned_data if self.is_bound and self.errors is not None else {}
        given = {name: read[name] if name in read else field.clean(None) for name, field in self.fields.items()}
        return SimpleNamespace(**({"sort": self.sort} | given))

    @property
    def sort(self) -> str:
        wanted = self.data.get("sort", "")
        return wanted if wanted.removeprefix("-") in self.sorts else self.default_sort

    @property
    def page(self) -> int:
        text = self.data.get("page", "")
        return min(int(text), LAST_PAGE) if NUMBER.fullmatch(text) else 1

    @property
    def narrows(self) -> bool:
        """Whether fewer rows than all are asked for."""
        return any(
            bool(value) for name, value in vars(self.values).items() if name in self.fields and name not in self.beside
        )

    def query(self, **changes: Any) -> str:
        """The canonical "state=open&sort=-due": known parameters in their order, empty ones left out, ``changes`` put
        in place (None takes one out; ``page`` and ``format`` are only there when given)."""
        values = {name: getattr(self.values, name) for name in self.fields}
        values["sort"] = "" if self.sort == self.default_sort else self.sort
        values |= changes
        return urlencode([(name, text) for name, value in values.items() for text in _texts(value)])


def _texts(value: Any) -> list[str]:
    """A value as the address writes it."""
    if value is None or value is False or value == "":
        return []
    if value is True:
        return ["1"]
    if isinstance(value, models.Model):
        return [str(value.pk)]
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        return [text for part in value for text in _texts(part)]
    return [value.isoformat() if hasattr(value, "isoformat") else str(value)]
