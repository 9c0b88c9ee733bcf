"""Fields of forms: label, ※必須/※任意, help, control, ＊error; and the summary of errors above."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from dxportal.core.ui.tags.library import draw, register

CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def field(
    boundfield: BoundField, label: str = "", requirement: bool = True, inline: bool = False, unit: str = ""
) -> str:
    """One field of a form. ``requirement=False`` leaves out ※必須/※任意 (filters); ``inline`` puts choices in a row."""
    widget = boundfield.field.widget
    if boundfield.is_hidden:
        return SafeString(str(boundfield))
    many = isinstance(widget, CHOICE_WIDGETS)
    return draw(
        "field_group" if many else "field",
        field=boundfield,
        label=label or boundfield.label,
        requirement=requirement,
        inline=inline,
        unit=unit or getattr(boundfield.field, "unit", ""),
        note=_note(boundfield),
        single_check=isinstance(widget, forms.CheckboxInput),
        described_by=_described_by(boundfield),
    )


def _note(boundfield: BoundField) -> str:
    read = getattr(boundfield.field, "note_for", None)
    return read(boundfield.value()) if read and boundfield.form.is_bound and not boundfield.errors else ""


def _described_by(boundfield: BoundField) -> str:
    parts = [f"{boundfield.auto_id}_helptext"] if boundfield.help_text else []
    return " ".join(parts + ([f"{boundfield.auto_id}_error"] if boundfield.errors else []))


@register.simple_tag
def error_summary(form: Any) -> str:
    """The first thing in main after a refused form: a count and a link to each field. Nothing while all is well.

    ``form`` may be a form, a formset, or a list of either.
    """
    entries = [entry for one in _forms(form) for entry in _entries(one)]
    return draw("error_summary", entries=entries) if entries else ""


def _forms(form: Any) -> list[Any]:
    if isinstance(form, (list, tuple)):
        return [one for item in form for one in _forms(item)]
    if isinstance(form, forms.BaseFormSet):
        return [form, *form.forms]
    return [form]


def _entries(form: Any) -> list[tuple[str, str, str]]:
    """(anchor, label, message); whole-form errors have neither anchor nor label."""
    if isinstance(form, forms.BaseFormSet):
        return [("", "", message) for message in form.non_form_errors()]
    if not form.is_bound:
        return []
    general = [("", "", message) for message in form.non_field_errors()]
    return general + [(_anchor(bound), bound.label, message) for bound in form for message in bound.errors]


def _anchor(bound: BoundField) -> str:
    return bound.id_for_label or f"{bound.auto_id}_0"
