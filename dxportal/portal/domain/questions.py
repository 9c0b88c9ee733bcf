"""The result of each question as plain data, with the last survey's counts beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec, QuestionSpec
from assessments.domain.questionnaires.wording import plain_number
from assessments.domain.scores.results import Bin, Option, QuestionResult, all_results
from assessments.enums import QUESTION_KINDS
from dxportal.core.ui.numbers import plain, share
from dxportal.portal.domain.board import survey_head
from dxportal.portal.domain.facts import Facts, SurveyFacts

Data = dict[str, Any]


def results_of(one: SurveyFacts) -> tuple[QuestionResult, ...]:
    """Over the answer sheets handed in: the one path that pages and published figures share."""
    return all_results(one.spec, list(one.respondents.values())) if one.spec else ()


def question_rows(facts: Facts, one: SurveyFacts) -> tuple[Data, dict[str, Data]]:
    """The index of a survey's questions, and the data of each by code."""
    previous = facts.previous(one)
    earlier = {result.question.key: result for result in results_of(previous)} if previous else {}
    head = {"survey": survey_head(one), "members": len(one.members), "handed_in": len(one.respondents)}
    results = results_of(one)
    names = own_names(facts, one)
    pages = {}
    for at, result in enumerate(results):
        code = result.question.code
        neighbours = {
            "before": results[at - 1].question.code if at else "",
            "after": results[at + 1].question.code if at + 1 < len(results) else "",
        }
        before = earlier.get(result.question.key)
        pages[code] = {**head, **neighbours, **question_data(one.spec, result)}
        pages[code]["names"] = names
        pages[code]["previous"] = previous_data(previous, result, before) if previous and before else None
    return {**head, "sections": index_sections(one.spec, results)}, pages


def own_names(facts: Facts, one: SurveyFacts) -> dict[str, str]:
    """Who may be named at all: members of a group from another prefecture are only counted."""
    towns = [facts.towns[town] for town in sorted(one.respondents)]
    return {str(town.id): town.name for town in towns if town.prefecture_id == facts.prefecture.pk}


def question_data(spec: QuestionnaireSpec, result: QuestionResult) -> Data:
    question = result.question
    section = next(one for one in spec.sections if one.code == question.section)
    return {
        "code": question.code,
        "key": question.key,
        "short": question.short,
        "wording": question.wording,
        "help": question.help,
        "kind": str(question.kind),
        "kind_label": QUESTION_KINDS[question.kind],
        "section": section.title,
        "section_kind": section.kind,
        "unit": question.unit,
        "conditional": question.condition is not None,
        "max_points": question.max_points,
        "asked": result.asked,
        "answered": list(result.answered),
        "unanswered": list(result.unanswered),
        "hidden": list(result.hidden),
        "options": [option_row(option, len(result.answered), question) for option in result.by_count()],
        "rows": [matrix_row(row, question) for row in result.rows],
        "numbers": number_data(result),
        "texts": [[who, text] for who, text in result.texts],
    }


def option_row(option: Option, answered: int, question: QuestionSpec | None = None) -> Data:
    """``share`` is of those who answered."""
    row = {
        "code": option.code,
        "label": option.label,
        "count": option.count,
        "share": share(option.count, answered),
        "ids": list(option.organizations),
    }
    if option.by_rank:
        row |= {"ranks": [len(place) for place in option.by_rank], "points": option.points}
    choice = question.choice(option.code) if question and question.scored else None
    return row | {"worth": choice.points if choice else None}


def matrix_row(row: Any, question: QuestionSpec) -> Data:
    return {
        "code": row.code,
        "label": row.label,
        "answered": row.answered,
        "unanswered": list(row.unanswered),
        "options": [option_row(option, row.answered) for option in row.options],
    }


def number_data(result: QuestionResult) -> Data | None:
    numbers = result.numbers
    if numbers is None:
        return None
    return {
        "mean": plain(numbers.mean, 1),
        "median": plain(numbers.median, 1),
        "minimum": plain_number(numbers.minimum),
        "maximum": plain_number(numbers.maximum),
        "bins": [bin_row(one, result.question.unit) for one in numbers.bins],
        "values": [[who, plain_number(value)] for who, value in numbers.values],
    }


def bin_row(one: Bin, unit: str) -> Data:
    label = f"{plain_number(one.low)}以上{plain_number(one.high)}{unit}未満"
    return {"label": label, "count": len(one.organizations), "ids": list(one.organizations)}


def previous_data(previous: SurveyFacts, result: QuestionResult, before: QuestionResult) -> Data:
    """The same question last time. Choices meet by code, where that is new by label; others have no counterpart."""
    data = {
        "survey": survey_head(previous),
        "asked": before.asked,
        "answered": len(before.answered),
        "comparable": before.question.kind == result.question.kind,
        "counts": {},
        "numbers": number_data(before),
    }
    if data["comparable"]:
        data["counts"] = {option.code: counterpart(option, before.options) for option in result.options}
    return data


def counterpart(option: Option, before: Sequence[Option]) -> int | None:
    """The last count of the same choice; None where there was no such choice."""
    by_code: Mapping[str, int] = {one.code: one.count for one in before}
    if option.code in by_code:
        return by_code[option.code]
    return {one.label: one.count for one in before}.get(option.label)


def index_sections(spec: QuestionnaireSpec, results: Sequence[QuestionResult]) -> list[Data]:
    rows: dict[str, list[Data]] = {section.code: [] for section in spec.sections}
    for result in results:
        rows[result.question.section].append(index_row(result))
    return [
        {"code": one.code, "title": one.title, "kind": one.kind, "questions": rows[one.code]} for one in spec.sections
    ]


def index_row(result: QuestionResult) -> Data:
    question = result.question
    return {
        "code": question.code,
        "short": question.short,
        "kind": QUESTION_KINDS[question.kind],
        "asked": result.asked,
        "answered": len(result.answered),
        "headline": headline(result),
    }


def headline(result: QuestionResult) -> str:
    """The result in a few words: the most frequent choice, the median, the number of texts."""
    answered = len(result.answered)
    if not answered:
        return "回答なし"
    if result.numbers:
        return f"中央値 {plain(result.numbers.median, 1)}{result.question.unit}"
    if result.texts:
        return f"記述 {answered}件"
    if result.question.kind == QuestionKind.MATRIX:
        return f"{len(result.rows)}行の表"
    top = max(result.options, key=lambda option: option.count)
    return f"{top.label} {top.count}団体（{share(top.count, answered)}）"
