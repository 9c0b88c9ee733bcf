"""引き継がなかった回答: what a survey does not take over from the one before, by reason and by town."""

from collections import defaultdict
from functools import cached_property

from django.utils import timezone

from assessments.domain.surveys.carryover import EarlierAnswer, earlier_answers
from assessments.models import Response
from assessments.views.surveys.base import SurveyStaffPage
from dxportal.core.intake.export import Sheet
from dxportal.core.organizations.domain.chains import recall
from dxportal.core.ui.pages import ListPage

HEADER = (
    "団体コード",
    "団体",
    "問番号",
    "設問",
    "前の問番号",
    "前の回答",
    "前の回答メモ",
    "扱い",
    "理由の区分",
    "理由",
)


class SurveyTakeover(SurveyStaffPage, ListPage):
    """One row an answer that stays behind or needs a look, the towns in their order."""

    template_name = "assessments/surveys/takeover.html"
    heading = "引き継がなかった回答"
    per_page = 100

    def all_rows(self):
        answers = noteworthy(self.survey, Response.objects.for_user(self.user))
        return [(self.responses[answer.organization], answer) for answer in answers]

    @cached_property
    def responses(self):
        rows = Response.objects.for_user(self.user).filter(survey=self.survey).select_related("organization")
        recall((row.organization, self.survey.day) for row in rows)
        return {row.organization_id: row for row in rows}

    def ordered(self, rows):
        return sorted(rows, key=lambda row: (row[0].organization.sort_order, row[0].organization.code or ""))

    def file_name(self):
        return f"{self.survey.fiscal_year}_{self.survey.title}_引き継がなかった回答_{timezone.localtime():%Y%m%d}"

    def sheets(self, rows):
        return [Sheet("引き継がなかった回答", HEADER, (sheet_row(*row) for row in rows))]

    def get_context_data(self, **kwargs):
        answers = [answer for _, answer in kwargs["page"].paginator.object_list]
        return super().get_context_data(reasons=by_reason(answers), **kwargs)


def noteworthy(survey, responses) -> list[EarlierAnswer]:
    """Of the towns' earlier answers those that are not taken over, or only to be looked at."""
    return [answer for answer in earlier_answers(survey, responses) if answer.takeover.reason]


def by_reason(answers) -> list[tuple[str, int, int]]:
    """(reason, towns, answers), the most frequent first."""
    towns = defaultdict(list)
    for answer in answers:
        towns[answer.takeover.reason.label].append(answer.organization)
    return sorted(((label, len(set(keys)), len(keys)) for label, keys in towns.items()), key=lambda row: -row[2])


def left_count(survey, responses) -> dict[str, int]:
    """How many answers of how many towns and questions a round left behind."""
    left = [answer for answer in noteworthy(survey, responses) if answer.takeover.value is None]
    return {
        "answers": len(left),
        "towns": len({answer.organization for answer in left}),
        "questions": len({answer.pair.old.code for answer in left}),
    }


def sheet_row(response, answer) -> list:
    question = answer.pair.question
    return [
        response.organization.place.code or None,
        response.organization.place.name,
        question and question.code,
        (question or answer.pair.old).short,
        answer.pair.old.code,
        "\n".join(answer.lines),
        answer.note,
        "引き継がない" if answer.takeover.value is None else "要確認",
        answer.takeover.reason.label,
        answer.takeover.why,
    ]
