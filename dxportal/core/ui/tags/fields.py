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
    errors = boundfield.errors
    described_by = [f"{boundfield.auto_id}_helptext"] if boundfield.help_text else []
    described_by += [f"{boundfield.auto_id}_error"] if errors else []
    note_for = getattr(boundfield.field, "note_for", None) if boundfield.form.is_bound and not errors else None
    return draw(
        "field_group" if isinstance(widget, CHOICE_WIDGETS) else "field",
        field=boundfield,
        label=label or boundfield.label,
        requirement=requirement,
        inline=inline,
        unit=unit or getattr(boundfield.field, "unit", ""),
        note=note_for(boundfield.value()) if note_for else "",
        single_check=isinstance(widget, forms.CheckboxInput),
        described_by=" ".join(described_by),
    )


@register.simple_tag
def error_summary(form: Any) -> str:
    """The first thing in main after a refused form: a count and a link to each field. Nothing while all is well.

    ``form`` may be a form, a formset, or a list of either.
    """
    entries = [entry for part in _forms(form) for entry in errors_of(part)]
    return draw("error_summary", entries=entries) if entries else ""


def _forms(form: Any) -> list[Any]:
    if isinstance(form, (list, tuple)):
        return [part for item in form for part in _forms(item)]
    if isinstance(form, forms.BaseFormSet):
        return [form, *form.forms]
    return [form]


def errors_of(form: Any) -> list[tuple[str, str, str]]:
    """(anchor, label, message); whole-form errors have neither anchor nor label."""
    if isinstance(form, forms.BaseFormSet):
        return [("", "", str(message)) for message in form.non_form_errors()]
    if not form.is_bound:
        return []
    entries = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        # A group of choices has no label of its own: its first choice takes the focus.
        anchor = bound.id_for_label or f"{bound.auto_id}_0"
        entries += [(anchor, str(bound.label), str(message)) for message in bound.errors]
    return entries
