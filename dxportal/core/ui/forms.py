"""The manner of every form: no HTML limits that cut input silently, Japanese sentences, errors with ＊."""

from typing import Any

from django import forms
from django.db import models
from django.forms.utils import ErrorList
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dxportal.core.ui.fields import REQUIRED, REQUIRED_CHOICE
from dxportal.core.unseen import unseen

# maxlength cuts pasted text without a word; the others bring the browser's own bubbles.
UNWANTED = ("maxlength", "minlength", "placeholder", "min", "max", "step", "required")


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
            sentences = (unseen(text) for text in texts if isinstance(text, str) and not hidden)
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
