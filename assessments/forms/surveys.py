"""Forms of prefecture staff: setting a survey up, acting on it and on its responses, reminding; filters of the lists."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.surveys.reminders import BODY, PLACEHOLDERS, SUBJECT, unknown_placeholders
from assessments.domain.surveys.submissions import SORT_KEYS, Submission
from assessments.domain.surveys.write import EDITABLE_WHILE
from assessments.enums import QuestionnaireStatus, ResponseState, SurveyRound, SurveySource, SurveyState, Visibility
from assessments.models import Questionnaire, Survey
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Group
from dxportal.core.ui.fields import JpCharField, JpDateField, JpTimeField, day_field, moment, moment_initial, time_field
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.japanese import fiscal_label
from dxportal.core.ui.pages import AddressChoices, AddressFlag, AddressForm, AddressNumber

MOMENTS = ("opens_at", "closes_at")
COPIED = ("title", "fiscal_year", "round", "previous", "questionnaire", "group", "auto_open", "contact", "visibility")
VISIBILITY_HELP = {
    Visibility.AGGREGATE: "集計のみ：ほかの市町村には、県全体の平均や分布だけを見せます（団体名は出ません）。",
    Visibility.NAMED: "団体名つきの回答：市町村どうしが、団体名のついた回答を見られます。",
}
ROUND_HELP = {
    SurveyRound.FIRST: "初回：空の回答票から始めます。",
    SurveyRound.REVIEW: "見直し：下で選ぶ初回の調査の回答を写して始めます。",
}
WHOLE = "whole"
NAMED = "named"
MARKS = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)


class SurveyFilter(AddressForm):
    """Of the list of surveys."""

    year = AddressNumber()


class ReviewOf(AddressForm):
    """The survey whose review round is to be set up."""

    review = AddressNumber()


class ProgressFilter(AddressForm):
    """Of the progress table; ``all``: on one page."""

    state = forms.ChoiceField(choices=[("", "すべて"), *ResponseState.choices])
    bureau = AddressNumber()
    overdue = AddressFlag()
    all = AddressFlag()
    sorts = SORT_KEYS
    beside = ("all",)


class QuestionFilter(AddressForm):
    """Of the changes of a response's answers."""

    question = forms.ChoiceField()

    def __init__(self, *args: Any, questions, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [("", "すべて"), *((item.code, item.short) for item in questions)]


class SurveyForm(PortalForm):
    """All that a survey holds; of an opened one only what may still change."""

    title = JpCharField(label="調査名", limit=200)
    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    round = forms.ChoiceField(label="回", choices=list(ROUND_HELP.items()), widget=forms.RadioSelect)
    previous = forms.ModelChoiceField(
        Survey.objects.none(),
        label="比較する調査（見直しでは、もとにする初回の調査）",
        required=False,
        help_text="回答画面で「前回の回答」として並べて見せます。",
    )
    questionnaire = forms.ModelChoiceField(
        Questionnaire.objects.none(), label="調査票", help_text="確定版だけを選べます。"
    )
    group = forms.ModelChoiceField(Group.objects.none(), label="対象", required=False, empty_label="県内の全市町村")
    opens_at_day = day_field("受付開始")
    opens_at_time = time_field("受付開始")
    auto_open = forms.BooleanField(
        label="この日時に自動で受付を開始する",
        required=False,
        help_text="チェックしない場合は、「受付を開始する」を押したときに始まります。",
    )
    closes_at_day = day_field("締切")
    closes_at_time = time_field("締切")
    contact = JpCharField(
        label="問合せ先",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        limit=500,
        help_text="回答画面と督促メールに載せます。課名・担当者・電話番号など。",
    )
    visibility = forms.ChoiceField(
        label="市町村どうしの公開範囲", choices=list(VISIBILITY_HELP.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user, survey: Survey | None = None, **kwargs: Any):
        self.survey = survey
        kwargs["initial"] = settings_of(survey) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        # Only what the person's prefecture has is offered.
        year = fiscal_year_of(timezone.localdate())
        years = {*range(year - 5, year + 2), self.initial["fiscal_year"]}
        self.fields["fiscal_year"].choices = [(value, fiscal_label(value)) for value in sorted(years, reverse=True)]
        published = Questionnaire.objects.filter(status=QuestionnaireStatus.PUBLISHED)
        self.fields["questionnaire"].queryset = published
        groups = Group.objects.for_user(user).filter(prefecture=user.acting.organization_id)
        self.fields["group"].queryset = groups
        self.fields["group"].empty_label = "県内の全市町村"
        earlier = Survey.objects.editable_by(user).exclude(pk=self.survey and self.survey.pk)
        self.fields["previous"].queryset = earlier.exclude(state=SurveyState.DRAFT)
        self.fields["previous"].empty_label = "なし"
        self.fields["previous"].label_from_instance = name_with_year
        if survey is not None:
            self.drop_fixed(survey)

    def drop_fixed(self, survey: Survey) -> None:
        """Takes out what may not change in the survey's state, and what imported scores don't have."""
        free = EDITABLE_WHILE[survey.state]
        if survey.source == SurveySource.IMPORTED:
            free = free - {"questionnaire", "previous"}
        for name in list(self.fields):
            if name.removesuffix("_day").removesuffix("_time") not in free:
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """The survey's fields, for the domain."""
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith(MOMENTS)}
        times = {name: moment(self.cleaned_data, name) for name in MOMENTS if f"{name}_day" in self.fields}
        return plain | times


class ReopenForm(PortalForm):
    """Until when a closed survey takes answers again."""

    closes_at_day = day_field("新しい締切")
    closes_at_time = time_field("新しい締切")

    def closes_at(self) -> dt.datetime:
        return moment(self.cleaned_data, "closes_at")


class ExtendForm(PortalForm):
    """One municipality's own term."""

    until_day = day_field("延長後の締切")
    until_time = time_field("延長後の締切")
    reason = JpCharField(
        label="延長の理由", widget=forms.Textarea(attrs={"rows": 3}), limit=1000, help_text="市町村にも見えます。"
    )

    def until(self) -> dt.datetime:
        return moment(self.cleaned_data, "until")


class ConfirmAllForm(PortalForm):
    """Which of the submitted responses are confirmed; one that isn't submitted any more drops out."""

    response = AddressChoices(label="確定する団体", required=False)

    def __init__(self, *args: Any, submitted, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.submitted = {str(response.pk): response for response in submitted}
        self.fields["response"].choices = [(pk, response.organization.name) for pk, response in self.submitted.items()]

    def chosen(self) -> list:
        return [self.submitted[pk] for pk in self.cleaned_data["response"]]


class ReturnForm(PortalForm):
    """One group of check boxes a section; only the ticked questions reopen when 「選んだ設問だけ」 is chosen."""

    comment = JpCharField(
        label="差戻しの理由",
        widget=forms.Textarea(attrs={"rows": 4}),
        limit=2000,
        help_text="市町村の担当者・承認者に見えます。何を直してほしいかを具体的に書いてください。",
    )
    scope = forms.ChoiceField(
        label="差戻しの範囲",
        choices=[(WHOLE, "全体（すべての設問を修正できる）"), (NAMED, "選んだ設問だけ（ほかの設問は修正できない）")],
        widget=forms.RadioSelect,
    )
    until_day = JpDateField(
        label="再提出の締切（日付）",
        required=False,
        help_text="空欄のとき、締切前ならもとの締切まで、締切後なら今日から7日後までです。例：令和8年4月1日",
    )
    until_time = JpTimeField(label="再提出の締切（時刻）", required=False)

    def __init__(self, *args: Any, spec: QuestionnaireSpec, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sections = [f"section-{section.code}" for section in spec.sections]
        for section in spec.sections:
            choices = [(item.code, f"{item.code} {item.short}") for item in spec.in_section(section.code)]
            self.fields[f"section-{section.code}"] = forms.MultipleChoiceField(
                label=section.title, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def section_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.sections]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("until_day")) != bool(cleaned.get("until_time")) and not self.errors:
            missing = "until_time" if cleaned.get("until_day") else "until_day"
            self.add_error(missing, "再提出の締切は、日付と時刻の両方を入力してください。")
        if cleaned.get("scope") == NAMED and not self.questions():
            self.add_error("scope", ValidationError("差し戻す設問を、下の一覧から一つ以上選んでください。"))
        if cleaned.get("scope") == WHOLE and self.questions():
            self.add_error("scope", "設問が選ばれています。「選んだ設問だけ」にするか、設問の選択を外してください。")
        return cleaned

    def questions(self) -> list[str]:
        return [code for name in self.sections for code in self.cleaned_data.get(name, ())]

    def until(self) -> dt.datetime | None:
        return moment(self.cleaned_data, "until")


class ReminderForm(PortalForm):
    """``batch`` is this form's token: sent twice, it reminds nobody twice."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    responses = forms.MultipleChoiceField(label="送る団体", widget=forms.CheckboxSelectMultiple)
    subject = JpCharField(label="件名", limit=150)
    body = JpCharField(
        label="本文",
        widget=forms.Textarea(attrs={"rows": 16}),
        limit=4000,
        help_text=f"次の語は、団体ごとの内容に置き換わります：{MARKS}",
    )

    def __init__(self, *args: Any, submissions: list[Submission], reachable: dict[int, tuple[str, ...]], **kwargs: Any):
        fresh = {"batch": uuid.uuid4(), "subject": SUBJECT, "body": BODY}
        choices = []
        for row in submissions:
            if people := reachable.get(row.response.organization_id):
                late = "、期限超過" if row.overdue else ""
                state = f"{row.response.get_state_display()}{late}"
                town = row.response.organization.name
                choices.append((str(row.response.pk), f"{town}（{state}、宛先{len(people)}人）"))
        fresh["responses"] = [pk for pk, _ in choices]
        super().__init__(*args, initial=fresh | kwargs.pop("initial", {}), **kwargs)
        self.fields["responses"].choices = choices

    def clean_subject(self) -> str:
        return _known(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        return _known(self.cleaned_data["body"])


def name_with_year(survey: Survey) -> str:
    return f"{fiscal_label(survey.fiscal_year)} {survey.name_with_round}"


def settings_of(survey: Survey | None) -> dict[str, Any]:
    """As the form shows them; of a new survey tomorrow morning for four weeks: a plausible start, to be changed."""
    if survey is not None:
        values = {name: getattr(survey, name) for name in COPIED}
        return values | moment_initial("opens_at", survey.opens_at) | moment_initial("closes_at", survey.closes_at)
    today = timezone.localdate()
    return {
        "opens_at_day": today + dt.timedelta(days=1),
        "opens_at_time": dt.time(9),
        "closes_at_day": today + dt.timedelta(days=29),
        "closes_at_time": dt.time(17),
        "fiscal_year": fiscal_year_of(today),
        "round": SurveyRound.FIRST,
        "visibility": Visibility.AGGREGATE,
    }


def _known(text: str) -> str:
    if unknown := unknown_placeholders(text):
        names = "、".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"{names}は置き換えられません。使える語は、{MARKS}です。")
    return text
