"""Small questionnaires for the rules' tests."""

from decimal import Decimal

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import (
    BandSpec,
    ChoiceSpec,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
    RowSpec,
    SectionSpec,
)

STEP = SectionSpec("step0", "step", "ステップ0", step=0, worth=30)
PROFILE = SectionSpec("profile", "profile", "回答者情報")


def choices(**points):
    """``choices(yes=10, no=0)``: the code is also the label."""
    return tuple(ChoiceSpec(code, code, value) for code, value in points.items())


def single(code, condition=None, *, section="step0", key=None, required=True, **points):
    points = points or {"done": 30, "planned": 20, "wanted": 10, "none": 0}
    best = max(value or 0 for value in points.values())
    return QuestionSpec(
        code,
        key or f"key{code}",
        QuestionKind.SINGLE,
        section,
        condition=condition,
        required=required,
        choices=choices(**points),
        max_points=best,
    )


def multiple(code, cap, *, exclusive=(), **points):
    marked = tuple(ChoiceSpec(name, name, value, name in exclusive) for name, value in points.items())
    return QuestionSpec(code, f"key{code}", QuestionKind.MULTIPLE, "step0", choices=marked, max_points=cap)


def text(code, condition=None, *, required=True):
    return QuestionSpec(code, f"key{code}", QuestionKind.TEXT, "step0", condition=condition, required=required)


def number(code, **fields):
    bands = (BandSpec(Decimal(1), 10), BandSpec(Decimal(10), 20))
    values = {"minimum": Decimal(0), "maximum": Decimal(100), "unit": "件", "bands": bands, "max_points": 20, **fields}
    return QuestionSpec(code, f"key{code}", QuestionKind.NUMBER, "step0", **values)


def matrix(code, rows=("a", "b", "c"), **points):
    points = points or {"done": 3, "working": 1, "none": 0}
    lines = tuple(RowSpec(row, f"{row}業務") for row in rows)
    full = len(rows) * max(points.values())
    return QuestionSpec(
        code, f"key{code}", QuestionKind.MATRIX, "step0", choices=choices(**points), rows=lines, max_points=full
    )


def ranking(code, weights=(3, 2, 1), **points):
    points = points or {"a": 4, "b": 3, "c": 0, "d": 1}
    best = sorted(points.values(), reverse=True)
    full = sum(weight * value for weight, value in zip(weights, best, strict=False))
    return QuestionSpec(
        code, f"key{code}", QuestionKind.RANKING, "step0", choices=choices(**points), weights=weights, max_points=full
    )


def questionnaire(*questions, sections=(STEP, PROFILE), **fields):
    return QuestionnaireSpec("small", "1", 2024, "小さな調査票", sections, questions, **fields)


def chose(*codes):
    return AnswerValue(choices=codes)


def counted(value):
    return AnswerValue(number=Decimal(value))
