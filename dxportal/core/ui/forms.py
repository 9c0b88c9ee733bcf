"""The manner of every form: no HTML limits that cut input silently, Japanese sentences, errors with ＊."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.forms.utils import ErrorList
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dxportal.core.ui.fields import REQUIRED, REQUIRED_CHOICE
from dxportal.core.unseen import line_end, unseen

# maxlength cuts pasted text without a word; the others bring the browser's own bubbles.
UNWANTED = ("maxlength", "minlength", "placeholder", "min", "max", "step", "required")


def number_sent(text: str) -> int:
    """The key or revision that a request says; 0, which is never right, for nonsense and for what no column holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class PortalErrorList(ErrorList):
    """Errors as ``<div class="error-text" id="id_x_error">`` with a leading ＊."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        if not self:
            return SafeString("")
        field_id = getattr(self, "field_id", None)
        anchor = format_html(' id="{}_error"', field_id) if field_id else ""
        lines = format_html_join("", "<p>＊{}</p>", ((error,) for error in self))
        return format_html('<div class="error-text"{}>{}</div>', anchor, lines)

    __str__ = __html__ = render


class PortalFormMixin(forms.BaseForm):
    """Put before ``forms.Form`` / ``forms.ModelForm``. Write ``novalidate`` on the form element."""

    use_required_attribute = False
    stores = True  # False: a filter, whose words are only compared

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("error_class", PortalErrorList)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            tidy(field)

    def full_clean(self) -> None:
        """After the form's own rules, whatever its fields are: no text holds what nobody sees. Passwords are anybody's."""
        super().full_clean()
        for name, value in list(getattr(self, "cleaned_data", {}).items()) if self.stores else ():
            hidden = name not in self.fields or isinstance(self.fields[name].widget, forms.PasswordInput)
            texts = value if isinstance(value, (list, tuple)) else [value]
            one_line = not hidden and isinstance(self.fields[name].widget, forms.TextInput)
            sentences = (
                unseen(text) or (line_end(text) if one_line else "")
                for text in texts
                if isinstance(text, str) and not hidden
            )
            if sentence := next(filter(None, sentences), ""):
                self.add_error(name, forms.ValidationError(sentence, code="unseen"))


def tidy(field: forms.Field) -> None:
    """Takes away what the browser would cut or judge by itself, and puts our sentences in place of Django's."""
    widget = field.widget
    for name in UNWANTED:
        widget.attrs.pop(name, None)
    if isinstance(widget, (forms.NumberInput, forms.EmailInput)):
        widget.attrs.setdefault("inputmode", "email" if isinstance(widget, forms.EmailInput) else "decimal")
        widget.input_type = "text"
    if isinstance(widget, forms.Textarea):
        widget.attrs.pop("cols", None)
        widget.attrs["rows"] = 4 if widget.attrs.get("rows") == "10" else widget.attrs.get("rows", 4)
    chosen = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))
    set_message(field, "required", forms.Field, REQUIRED_CHOICE if chosen else REQUIRED)
    set_message(field, "invalid_choice", type(field), REQUIRED_CHOICE)
    if isinstance(field, forms.ModelChoiceField) and field.empty_label:
        field.empty_label = "選択してください"


def set_message(field: forms.Field, code: str, origin: type[forms.Field], message: str) -> None:
    """Replaces Django's own sentence; one that the form's author wrote stays."""
    if field.error_messages.get(code) == origin.default_error_messages.get(code) and code in field.error_messages:
        field.error_messages[code] = message


def choose_from(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """What a model choice field of the form offers, where that hangs on who asks."""
    field: Any = form.fields[name]
    field.queryset = rows


class PortalForm(PortalFormMixin, forms.Form):
    """Base of plain forms."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """Base of model forms; use the fields of ``dxportal.core.ui.fields`` for numbers and dates."""


class RowForm(PortalForm):
    """A row of repeated ones; ``value()`` gives what it says, as the room keeps it."""

    remove = forms.BooleanField(label="この行を削除する", required=False)

    @property
    def is_wanted(self) -> bool:
        return bool(self.has_changed() and not self.cleaned_data.get("remove"))

    _errors: Any
    number: Any = None  # of the row as people count; the page's copy has a word to be replaced

    def full_clean(self) -> None:
        super().full_clean()
        # What is to go needs no mending first.
        if self.is_bound and self._errors and self.data.get(self.add_prefix("remove")):
            self._errors.clear()

    def value(self) -> Any:
        raise NotImplementedError


class RowFormSet(forms.BaseFormSet):
    """Rows as typed, plus empty ones. They never count as "initial": one that was emptied is dropped.

    ``title``: what a row is called, for its legend and the summary of errors.
    """

    title = ""

    @classmethod
    def holding(
        cls, initial: Sequence[dict[str, Any]], prefix: str, blank: int = 1, form_kwargs: dict[str, Any] | None = None
    ) -> "RowFormSet":
        """The rows with ``initial`` in them and ``blank`` empty ones after them."""
        formset = cls(initial=initial, prefix=prefix, error_class=PortalErrorList, form_kwargs=form_kwargs)
        formset.extra = min(len(initial) + blank, formset.max_num)
        return formset

    @classmethod
    def typed(cls, data: Any, prefix: str, blank: int = 0, form_kwargs: dict[str, Any] | None = None) -> "RowFormSet":
        """What was typed, unchecked, with ``blank`` empty rows more."""
        total = data.get(f"{prefix}-TOTAL_FORMS", "")
        is_count = total.isascii() and total.isdigit() and len(total) < 4  # an address may say anything
        count = min(int(total), cls.max_num) if is_count else 0
        lines = [{name: data.get(f"{prefix}-{n}-{name}", "") for name in cls.form.base_fields} for n in range(count)]
        return cls.holding(lines, prefix, blank, form_kwargs)

    def initial_form_count(self) -> int:
        return 0

    @property
    def with_blank(self) -> list[forms.Form]:
        """The rows, and one that the page copies for each row that is added."""
        return [*self.forms, self.empty_form]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.number = "__number__" if index is None else index + 1

    def clean(self) -> None:
        if sum(form.has_changed() for form in self.forms) > self.max_num:
            raise forms.ValidationError(f"{self.title}は{self.max_num}行以内で入力してください。", code="too_many")

    def values(self) -> tuple:
        return tuple(form.value() for form in self.forms if form.is_wanted)

    def name_errors(self) -> None:
        """The summary above says which row is meant."""
        for form in self.forms:
            for name in form.errors:
                if name in form.fields:
                    form[name].label = f"{self.title} {form.number}行目の{form.fields[name].label}"
