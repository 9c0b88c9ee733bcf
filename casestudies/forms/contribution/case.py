"""The form of a case: its own fields and its repeated rows as one."""

from dataclasses import dataclass
from typing import Any

from django import forms

from casestudies.domain.content import FIELDS, LABELS, PARTS, SECTIONS, TEXTS, CaseField, Content
from casestudies.enums import STEPS
from casestudies.forms.contribution import rows
from casestudies.forms.contribution.fields import FiscalYearField, WordsField
from dxportal.core.taxonomy.enums import Vocabulary
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm

TERM_FIELDS = {"terms": ("outcomes", "mindsets")}
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """The words to choose from, by code; other names are for files, not for screens."""

    areas: Pairs
    fields: Pairs
    outcomes: Pairs
    mindsets: Pairs
    other_areas: Pairs
    other_terms: Pairs

    @classmethod
    def load(cls) -> "Choices":
        terms: dict[str, Pairs] = {code: [] for code in Vocabulary.values}
        areas = list(Area.objects.all())
        rows = list(Term.objects.all())
        for term in rows:
            terms[term.vocabulary].append((term.code, term.name))
        return cls(
            areas=[(area.code, area.name) for area in areas],
            fields=terms[Vocabulary.FIELD] + terms[Vocabulary.LAYER],
            outcomes=terms[Vocabulary.OUTCOME],
            mindsets=terms[Vocabulary.MINDSET],
            other_areas=[(area.code, name) for area in areas for name in area.other_names],
            other_terms=[(term.code, name) for term in rows for name in term.other_names],
        )

    @property
    def names(self) -> dict[str, str]:
        """By item and code (「areas:ai」), as ``domain.content.text_of`` asks for them."""
        lists = {"field": self.fields, "areas": self.areas, "terms": self.outcomes + self.mindsets}
        return {f"{item}:{code}": name for item, pairs in lists.items() for code, name in pairs}


def _text(field: CaseField) -> JpCharField:
    widget = forms.Textarea(attrs={"rows": field.lines}) if field.lines > 1 else forms.TextInput()
    required = field.name == "title"
    return JpCharField(
        label=field.label, required=required, limit=field.limit, widget=widget, help_text=field.help_text
    )


def _several(label: str, help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class CaseForm(PortalForm):
    """The texts come from the table of fields. Only the title is needed for a draft; what a review needs besides,
    ``domain.content.missing`` tells."""

    # Errors are listed in the order of the page.
    field_order = tuple(name for row in FIELDS for name in TERM_FIELDS.get(row.name, (row.name,)))
    locals().update({text.name: _text(text) for text in TEXTS})  # as if each were written here
    field = forms.ChoiceField(label=LABELS["field"], required=False)
    step = forms.ChoiceField(
        label=LABELS["step"],
        required=False,
        choices=[("", "選択しない"), *((str(n), name) for n, name in STEPS.items())],
        error_messages={
            "invalid_choice": f"「%(value)s」というステップはありません。{'、'.join(STEPS.values())}のいずれかです。"
        },
    )
    areas = _several(LABELS["areas"], "あてはまるものを選んでください（1～4個が目安）。")
    tags = WordsField(
        label=LABELS["tags"],
        required=False,
        most=20,
        longest=40,
        help_text="「、」で区切ります。例：電子申請、窓口改革",
    )
    keywords = WordsField(
        label=LABELS["keywords"],
        required=False,
        most=100,
        longest=60,
        help_text="この事例を探す人が使いそうな、ほかの言いかた。「、」で区切ります。",
    )
    outcomes = _several("アウトカム")
    mindsets = _several("マインドセット")
    year = FiscalYearField(
        label=LABELS["year"], required=False, unit="年度", help_text="始めた年度。例：2024、令和6年度"
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "選択してください"), *choices.fields]
        for name in ("areas", "outcomes", "mindsets"):
            self.fields[name].choices = getattr(choices, name)

    @property
    def sections(self) -> list[tuple[forms.BoundField, str]]:
        """The texts that have a heading of their own on the case's page; with a label where a review needs them."""
        return [(self[text.name], f"{text.label} ※依頼までに必須" if text.needed else "") for text in SECTIONS]

    @property
    def opened(self) -> bool:
        """Whether something is ticked in the part that is closed otherwise."""
        return any(self[name].value() or self[name].errors for name in ("outcomes", "mindsets"))

    def clean_step(self) -> int | None:
        return int(self.cleaned_data["step"]) if self.cleaned_data["step"] else None

    def values(self) -> dict[str, Any]:
        """Keywords for ``Content``, the rows left out."""
        cleaned = dict(self.cleaned_data)
        cleaned["terms"] = tuple(cleaned.pop("outcomes") + cleaned.pop("mindsets"))
        return cleaned | {"areas": tuple(cleaned["areas"])}


class CaseForms:
    """The case's own form (``main``) and its rows by name, as one form with one content."""

    def __init__(self, data: Any = None, *, choices: Choices, content: Content | None = None):
        self.choices = choices
        if data is not None:
            self.main = CaseForm(data, choices=choices)
            self.rows = {name: rows.bound(name, data) for name in PARTS}
        else:
            self.main = CaseForm(choices=choices, initial=initial_of(content, choices) if content else {})
            self.rows = {
                name: rows.unbound(name, [rows.initial_of(part) for part in getattr(content, name, ())])
                for name in PARTS
            }

    @classmethod
    def typed(cls, data: Any, *, choices: Choices, add: str = "") -> "CaseForms":
        """What was typed, unchecked and unsaved, with one more empty row of ``add``."""
        typed = cls(choices=choices)
        typed.main.initial = {
            name: data.getlist(name) if isinstance(field, forms.MultipleChoiceField) else data.get(name, "")
            for name, field in typed.main.fields.items()
        }
        typed.rows = {name: rows.ROWS[name].typed(data, name, blank=int(name == add)) for name in PARTS}
        return typed

    @property
    def all(self) -> list[Any]:
        return [self.main, *self.rows.values()]

    @property
    def errors(self) -> bool:
        """For the page's title."""
        return self.main.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        verdicts = [form.is_valid() for form in self.all]  # every part is asked: all errors show at once
        for formset in self.rows.values():
            formset.name_errors()
        return all(verdicts)

    def content(self) -> Content:
        return Content(**self.main.values(), **{name: formset.values() for name, formset in self.rows.items()})


def initial_of(content: Content, choices: Choices) -> dict[str, Any]:
    values = {name: getattr(content, name) for name in Content.__slots__ if name not in PARTS}
    for name in ("outcomes", "mindsets"):
        known = {code for code, _ in getattr(choices, name)}
        values[name] = [code for code in content.terms if code in known]
    return values | {"step": "" if content.step is None else str(content.step)}
