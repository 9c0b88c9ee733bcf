"""The yearly national list: the file, and what a person decides about the towns that it no longer has."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from dxportal.core.code_list.domain.changes import ABOLISHED, KEPT, Plan, Vanished
from dxportal.core.ui.fields import BOOK_ENDINGS, JpDateField, JpFileField
from dxportal.core.ui.forms import PortalForm


class CodeListFileForm(PortalForm):
    file = JpFileField(
        label="全国地方公共団体コードの一覧",
        help_text="総務省の「都道府県コード及び市区町村コード」のExcelブック（.xlsx）。CSV（.csv）でも読めます。",
        accept=BOOK_ENDINGS,
    )


class DecisionForm(PortalForm):
    """One question for each town that vanished. Its proposal is chosen already; where there is none, somebody must say."""

    day = JpDateField(
        label="施行日",
        help_text="一覧の変更が有効になった最初の日（例：令和8年4月1日）。今日より後の日は指定できません。",
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["day"].initial = timezone.localdate()
        for question in plan.questions:
            label = f"{question.stored.label}の承継団体"
            self.fields[name_of(question)] = forms.ChoiceField(
                label=label, choices=choices_of(question), initial=question.proposal, help_text=help_of(question)
            )

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("今日以前の日付を入力してください。", code="ahead")
        return day

    def decisions(self) -> dict[str, str]:
        """Code of the vanished town → code of its successor, ABOLISHED or KEPT."""
        return {question.stored.code: self.cleaned_data[name_of(question)] for question in self.plan.questions}


def name_of(question: Vanished) -> str:
    return f"decision_{question.stored.code}"


def help_of(question: Vanished) -> str:
    if question.stored.ended:
        return "廃止として登録済みで、承継団体が未定の団体です。"
    return "一覧にない団体です。" + ("提案を選んであります。違うときは直してください。" if question.proposal else "")


def choices_of(question: Vanished) -> list[tuple[str, str]]:
    followers = [(row.code, f"{row.code} {row.name}が承継") for row in question.candidates]
    if question.stored.ended:
        return [(KEPT, "未定のままにする"), *followers]
    none = [] if question.proposal else [("", "選択してください")]
    return [
        *none,
        *followers,
        (ABOLISHED, "廃止（承継団体なし・未定）"),
        (KEPT, "今のまま残す（一覧が一部だけのときなど）"),
    ]
