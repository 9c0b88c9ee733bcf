"""Forms of prefecture staff: setting a survey up, and acting on it."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.domain.surveys.surveys import EDITABLE_WHILE
from assessments.enums import QuestionnaireStatus, SurveyRound, SurveySource, SurveyState, Visibility
from assessments.forms.moments import day_field, moment, moment_initial, time_field
from assessments.models import Questionnaire, Survey
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.organizations.models import Group
from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.japanese import fiscal_label

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


class DomainErrors:
    """Puts a domain function's ValidationError on the fields that the person sees."""

    def take(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            shown = f"{name}_day" if f"{name}_day" in self.fields else name
            self.add_error(shown if shown in self.fields else None, errors)


class SurveyForm(DomainErrors, PortalForm):
    """All that a survey is told; of an opened one only what may still change."""

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
        kwargs["initial"] = _initial(survey) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._offer(user)
        for name in self._fixed():
            del self.fields[name]

    def _offer(self, user) -> None:
        """Only what the person's prefecture has."""
        year = fiscal_year_of(timezone.localdate())
        years = {*range(year - 5, year + 2), self.initial["fiscal_year"]}
        self.fields["fiscal_year"].choices = [(one, fiscal_label(one)) for one in sorted(years, reverse=True)]
        published = Questionnaire.objects.filter(status=QuestionnaireStatus.PUBLISHED)
        self.fields["questionnaire"].queryset = published
        groups = Group.objects.for_user(user).filter(prefecture=user.acting.organization_id)
        self.fields["group"].queryset = groups
        self.fields["group"].empty_label = "県内の全市町村"
        earlier = Survey.objects.editable_by(user).exclude(pk=self.survey and self.survey.pk)
        self.fields["previous"].queryset = earlier.exclude(state=SurveyState.DRAFT)
        self.fields["previous"].empty_label = "なし"
        self.fields["previous"].label_from_instance = name_with_year

    def _fixed(self) -> set[str]:
        if self.survey is None:
            return set()
        free = EDITABLE_WHILE[self.survey.state]
        fixed = {"questionnaire", "previous"} if self.survey.source == SurveySource.IMPORTED else set()
        return fixed | {name for name in self.fields if name.removesuffix("_day").removesuffix("_time") not in free}

    def values(self) -> dict[str, Any]:
        """The survey's fields, for the domain."""
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith(MOMENTS)}
        times = {name: moment(self.cleaned_data, name) for name in MOMENTS if f"{name}_day" in self.fields}
        return plain | times


class ReopenForm(DomainErrors, PortalForm):
    """Until when a closed survey takes answers again."""

    closes_at_day = day_field("新しい締切")
    closes_at_time = time_field("新しい締切")

    def closes_at(self) -> dt.datetime:
        return moment(self.cleaned_data, "closes_at")


class ExtendForm(DomainErrors, PortalForm):
    """One municipality's own term."""

    until_day = day_field("延長後の締切")
    until_time = time_field("延長後の締切")
    reason = JpCharField(
        label="延長の理由", widget=forms.Textarea(attrs={"rows": 3}), limit=1000, help_text="市町村にも見えます。"
    )

    def until(self) -> dt.datetime:
        return moment(self.cleaned_data, "until")


def name_with_year(survey: Survey) -> str:
    return f"{fiscal_label(survey.fiscal_year)} {survey.name_with_round}"


def _initial(survey: Survey | None) -> dict[str, Any]:
    if survey is None:
        return _fresh(timezone.localdate())
    values = {name: getattr(survey, name) for name in COPIED}
    return values | moment_initial("opens_at", survey.opens_at) | moment_initial("closes_at", survey.closes_at)


def _fresh(today: dt.date) -> dict[str, Any]:
    """Tomorrow morning for four weeks: a plausible start, to be changed."""
    year = fiscal_year_of(today)
    first, last = today + dt.timedelta(days=1), today + dt.timedelta(days=29)
    times = {"opens_at_day": first, "opens_at_time": dt.time(9), "closes_at_day": last, "closes_at_time": dt.time(17)}
    return times | {"fiscal_year": year, "round": SurveyRound.FIRST, "visibility": Visibility.AGGREGATE}
