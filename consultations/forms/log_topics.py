"""Rows of topics in the form of a session's log."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from consultations.domain.topics.content import KINDS, LABELS, LIMIT, LIMITS
from consultations.domain.topics.log import KEY, TYPED, TypedTopic, key_of, texts_of
from consultations.models import Topic
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import RowForm, RowFormSet, choose_from
from dxportal.core.workflow.texts import TypedText, mark

MOST_TOPICS = 20


class TopicRowForm(RowForm):
    """A topic of the session. ``kept``: keys of those that are stored; ``start``: how the key of a new row begins."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none(), required=False)
    title = JpCharField(label="論点", limit=LIMITS["title"], required=False)
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), required=False)
    raised_by = JpCharField(label=LABELS["raised_by"], limit=LIMITS["raised_by"], required=False)
    key = forms.CharField(required=False, widget=forms.HiddenInput, validators=[RegexValidator(rf"\A(?:{KEY})\Z")])

    def __init__(
        self,
        *args: Any,
        towns: QuerySet[Organization],
        areas: Sequence[tuple[int, str]] = (),
        kept: Collection[str] = (),
        start: str = "",
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        self.kept = kept
        self.only = towns[0] if len(towns) == 1 else None
        if self.only:
            del self.fields["organization"]
        # Read once for all rows.
        self.fields["area"].choices = [("", "選択してください"), *areas]
        for name in TYPED:
            self.fields[f"seen_{name}"].initial = mark("")
        *_, number = self.prefix.split("-")
        self.fields["key"].initial = f"{start}{number}"
        self.order_fields(["organization", "title", "area", "raised_by", *KINDS, "outcome"])

    def typed_in(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or "").strip()

    def has_changed(self) -> bool:
        """Rows in which nobody wrote are none; a stored topic is there, whatever is in its row."""
        return self.typed_in("key") in self.kept or any(self.typed_in(name) for name in TYPED)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", ValidationError("何について話したかを入力してください。", code="required"))
        if not self.only and not cleaned.get("organization") and cleaned.get("key") not in self.kept:
            self.add_error("organization", ValidationError("団体を選んでください。", code="required"))
        if not cleaned.get("key") and "key" not in self.errors:
            raise ValidationError("画面を読み込み直してください。", code="no_key")
        return cleaned

    def value(self) -> TypedTopic:
        return self.row(removed=False)

    def row(self, *, removed: bool) -> TypedTopic:
        cleaned = self.cleaned_data
        town = self.only or cleaned.get("organization")
        texts = {name: TypedText(cleaned.get(name, ""), cleaned.get(f"seen_{name}", "")) for name in TYPED}
        area = cleaned.get("area")
        return TypedTopic(cleaned["key"], texts, town.pk if town else 0, area.pk if area else None, removed)

    @property
    def texts(self) -> list[Any]:
        """(field, name in the address of its own saving, the hidden field that says what was seen)."""
        names = [name for name in self.fields if name in TYPED]
        return [(self[name], f"topic-{self['key'].value()}-{name}", self[f"seen_{name}"]) for name in names]

    @property
    def is_stored(self) -> bool:
        return self["key"].value() in self.kept


# As fields of the class, since a row that is shown again is read by their names.
for _name in (*KINDS, "outcome"):
    TopicRowForm.base_fields[_name] = JpCharField(
        label=LABELS[_name], limit=LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
for _name in TYPED:
    TopicRowForm.base_fields[f"seen_{_name}"] = forms.CharField(required=False, widget=forms.HiddenInput)


class TopicRowSet(RowFormSet):
    title = "論点"

    def rows(self) -> tuple[TypedTopic, ...]:
        """What is to be stored, and what is to go."""
        typed = []
        for form in self.forms:
            removed = bool(form.cleaned_data.get("remove")) if form.has_changed() else False
            if form.is_wanted:
                typed.append(form.value())
            elif removed and form.cleaned_data.get("key"):
                typed.append(form.row(removed=True))
        return tuple(typed)


TOPIC_ROWS: Any = forms.formset_factory(
    TopicRowForm, formset=TopicRowSet, extra=1, max_num=MOST_TOPICS, absolute_max=MOST_TOPICS + 1
)


def initial_row(topic: Topic) -> dict[str, Any]:
    texts = texts_of(topic)
    seen = {f"seen_{name}": mark(text) for name, text in texts.items()}
    return {**texts, **seen, "area": topic.area_id, "organization": topic.organization_id, "key": key_of(topic)}
