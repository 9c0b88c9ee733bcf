"""Forms of topics: what a topic says, one remark, and the filter of the list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet

from consultations.domain.topics import cases
from consultations.domain.topics.content import KINDS, LABELS, LIMIT, LIMITS, MOST_LINKS, TopicContent, TopicLinkPart
from consultations.domain.topics.write import content_of
from consultations.enums import RemarkKind, TopicAudience, TopicState
from consultations.models import Topic
from dxportal.core.organizations.forms.choices import PlaceChoiceField
from dxportal.core.organizations.models import Organization
from dxportal.core.taxonomy.models import Area
from dxportal.core.ui.fields import JpCharField, JpIntegerField
from dxportal.core.ui.forms import PortalForm, choose_from
from dxportal.core.ui.pages import AddressFlag, AddressForm, AddressNumber, AddressText

is_address = URLValidator(schemes=("http", "https"))


def text_field(name: str, rows: int = 2) -> JpCharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return JpCharField(label=LABELS[name], limit=LIMIT, required=False, widget=widget)


class TopicForm(PortalForm):
    """A topic. ``towns``: those to choose from; None where the topic has its town already. ``hidden``: links to cases
    that the person may not see, which stay."""

    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none())
    title = JpCharField(label="論点", limit=LIMITS["title"], help_text="何について話したかを一文で。")
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), required=False)
    raised_by = JpCharField(label=LABELS["raised_by"], limit=LIMITS["raised_by"], required=False)
    links = JpCharField(
        label="事例・関連アドレス",
        limit=LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="1行に一つ。アドレスの前に名称を書けます。このポータルの事例は、事例のページのアドレスを書きます。",
    )
    audience = forms.ChoiceField(
        label="公開の範囲",
        choices=TopicAudience.choices,
        widget=forms.RadioSelect,
        initial=TopicAudience.PREFECTURE,
        help_text="要約を県内の市町村に公開するときは、先に団体の確認を受けます。発言と結果は公開しません。",
    )
    contact = forms.BooleanField(label="ほかの団体から「話を聞きたい」と依頼を受けてよい", required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = ("organization", "title", "area", "raised_by", *KINDS, "outcome", "links", "audience", "contact")

    def __init__(
        self,
        *args: Any,
        user: Any,
        towns: QuerySet[Organization] | None,
        hidden: Sequence[TopicLinkPart] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.user = user
        self.hidden = hidden
        if towns is None:
            del self.fields["organization"]
        else:
            choose_from(self, "organization", towns)
        for name in (*KINDS, "outcome"):
            self.fields[name] = text_field(name)
        self.order_fields(self.field_order)

    def clean_links(self) -> tuple[TopicLinkPart, ...]:
        parts = [self.link_of(line.strip()) for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(parts) > MOST_LINKS:
            raise ValidationError(f"{MOST_LINKS}行以内で入力してください。", code="too_many")
        return tuple(dict.fromkeys(parts))

    def link_of(self, line: str) -> TopicLinkPart:
        *name, address = line.split()
        case = cases.find(self.user, address)
        if case is not None:
            return TopicLinkPart(case=case)
        try:
            is_address(address)
        except ValidationError:
            raise ValidationError(
                f"「{line[:50]}」に、http:// か https:// で始まるアドレスがありません。", code="no_address"
            ) from None
        return TopicLinkPart(title=" ".join(name)[:200], url=address[:500])

    def content(self) -> TopicContent:
        cleaned = self.cleaned_data
        names = ("title", "raised_by", "outcome", "audience", "contact")
        return TopicContent(
            **{name: cleaned[name] for name in names},
            area=cleaned["area"].pk if cleaned["area"] else None,
            remarks={kind: cleaned[kind] for kind in KINDS},
            links=(*cleaned["links"], *self.hidden),
        )


def initial_of(topic: Topic, user: Any) -> dict[str, Any]:
    content = content_of(topic)
    names = ("title", "area", "raised_by", "outcome", "audience", "contact")
    known = cases.titles(user, [link.case for link in content.links if link.case is not None])
    lines = [
        f"{link.title} {link.url}".strip() if link.case is None else known[link.case].url
        for link in content.links
        if link.case is None or link.case in known
    ]
    plain = {name: getattr(content, name) for name in names}
    return {**plain, **content.remarks, "links": "\n".join(lines), "revision": topic.revision}


def hidden_links(topic: Topic, user: Any) -> tuple[TopicLinkPart, ...]:
    """Cases that the person may not see: whoever saves the rest doesn't take them away."""
    parts = [TopicLinkPart(case=link.case) for link in topic.links.all() if link.case is not None]
    known = cases.titles(user, [part.case for part in parts if part.case is not None])
    return tuple(part for part in parts if part.case not in known)


class RemarkForm(PortalForm):
    kind = forms.ChoiceField(label="種類", choices=RemarkKind.choices, widget=forms.RadioSelect)
    text = JpCharField(label="発言", limit=LIMIT, widget=forms.Textarea(attrs={"rows": 4}))


class ProposalForm(PortalForm):
    """What a town wants to talk about."""

    title = JpCharField(label="論点", limit=LIMITS["title"], help_text="何について話したいかを一文で。")
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), required=False)
    raised_by = JpCharField(label="話したい人", limit=LIMITS["raised_by"], required=False)
    trouble = text_field("trouble", 4)

    def content(self) -> TopicContent:
        cleaned = self.cleaned_data
        area = cleaned["area"].pk if cleaned["area"] else None
        return TopicContent(cleaned["title"], area, cleaned["raised_by"], remarks={"trouble": cleaned["trouble"]})


class TopicAddress(AddressForm):
    """``kind``: with a remark of this kind; ``year``: the fiscal year in which it was talked about."""

    q = AddressText(label="論点・発言")
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), empty_label="すべて")
    kind = forms.ChoiceField(label="発言の種類", choices=[("", "すべて"), *RemarkKind.choices])
    organization = PlaceChoiceField(label="団体", empty_label="すべて")
    state = forms.ChoiceField(label="公開の状態", choices=[("", "すべて"), *TopicState.choices])
    year = AddressNumber(label="年度", widget=forms.Select)

    def __init__(self, *args: Any, towns: QuerySet[Organization], years: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        self.fields["year"].widget.choices = [("", "すべて"), *((str(year), f"{year}年度") for year in years)]


class SummaryForm(PortalForm):
    """What other towns read."""

    title = JpCharField(label="公開する題名", limit=200)
    summary = JpCharField(
        label="公開する要約",
        limit=LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="県内の市町村が読みます。個人の名前は書きません。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TopicRulesForm(PortalForm):
    days = JpIntegerField(
        label="異議を受け付ける日数",
        min_value=1,
        max_value=60,
        unit="日",
        help_text="要約を団体に示してから、異議がなければ自動で公開するまでの日数です。",
    )
    contact_days = JpIntegerField(
        label="「話を聞きたい」に回答する日数",
        min_value=1,
        max_value=60,
        unit="日",
        help_text="過ぎても回答がないときは、県のアクションになります。",
    )


class ReleasedAddress(AddressForm):
    q = AddressText(label="題名・要約")
    area = forms.ModelChoiceField(label="分野", queryset=Area.objects.all(), empty_label="すべて")
    organization = forms.ModelChoiceField(label="団体", queryset=Organization.objects.none(), empty_label="すべて")
    year = AddressNumber(label="年度", widget=forms.Select)
    know_how = AddressFlag(label="ノウハウがあるものだけ")

    def __init__(self, *args: Any, towns: QuerySet[Organization], years: Sequence[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "organization", towns)
        self.fields["year"].widget.choices = [("", "すべて"), *((str(year), f"{year}年度") for year in years)]


class ContactAskForm(PortalForm):
    message = JpCharField(label="聞きたいこと", limit=1000, widget=forms.Textarea(attrs={"rows": 4}))


class ContactAnswerForm(PortalForm):
    reply = JpCharField(label="回答", limit=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReleaseDigestForm(PortalForm):
    muted = forms.BooleanField(label="お知らせメールを受け取らない", required=False)
    areas = forms.ModelMultipleChoiceField(
        label="分野",
        queryset=Area.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばないときは、すべての分野をお知らせします。週に一度、新しく公開されたものがあるときだけ送ります。",
    )
