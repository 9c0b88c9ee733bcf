"""Generated questionnaires with conditions and all kinds, and answer sheets for them, right and wrong ones."""

from decimal import Decimal

from hypothesis import strategies as st

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.spec import (
    CONDITION_KINDS,
    AllOf,
    AnyOf,
    BandSpec,
    ChoiceSpec,
    Leaf,
    QuestionKind,
    QuestionnaireSpec,
    QuestionSpec,
    RowSpec,
    SectionSpec,
    leaves,
)

SECTIONS = (
    SectionSpec("step0", "step", "ステップ0", step=0, worth=30),
    SectionSpec("step1", "step", "ステップ1", step=1, worth=30),
    SectionSpec("people", "focus", "重点", worth=30),
    SectionSpec("profile", "profile", "回答者情報"),
)
CODES = ("a", "b", "c", "d", "e")
POINTS = st.integers(0, 12)


@st.composite
def conditions(draw, earlier):
    leaf = st.sampled_from(earlier).flatmap(
        lambda target: st.sets(st.sampled_from([choice.code for choice in target.choices]), min_size=1).map(
            lambda codes: Leaf(target.code, tuple(sorted(codes)))
        )
    )
    tree = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda items: AllOf(tuple(items))),
            st.lists(inner, min_size=1, max_size=3).map(lambda items: AnyOf(tuple(items))),
        ),
        max_leaves=4,
    )
    return draw(tree)


@st.composite
def questions(draw, code, earlier):
    kind = draw(st.sampled_from(QuestionKind))
    section = draw(st.sampled_from(SECTIONS))
    scored = section.worth > 0
    usable = [question for question in earlier if question.kind in CONDITION_KINDS]
    condition = draw(st.none() | conditions(usable)) if usable else None
    common = {
        "code": code,
        "key": f"key{code}",
        "kind": kind,
        "section": section.code,
        "condition": condition,
        "required": draw(st.booleans()),
    }
    if kind == QuestionKind.TEXT:
        return QuestionSpec(**common)
    if kind == QuestionKind.NUMBER:
        return QuestionSpec(**common, **draw(_number_fields(scored)))
    return QuestionSpec(**common, **draw(_choice_fields(kind, scored)))


@st.composite
def _number_fields(draw, scored):
    starts = sorted(draw(st.sets(st.integers(0, 50), min_size=1, max_size=4)))
    bands = tuple(BandSpec(Decimal(start), draw(POINTS)) for start in starts) if scored else ()
    return {"bands": bands, "unit": "件", "max_points": max((band.points for band in bands), default=0)}


@st.composite
def _choice_fields(draw, kind, scored):
    codes = CODES[: draw(st.integers(2, 5))]
    alone = codes[-1] if kind == QuestionKind.MULTIPLE and draw(st.booleans()) else None
    points = {code: (draw(POINTS) if code != alone else 0) if scored else None for code in codes}
    best = sorted((value or 0 for value in points.values()), reverse=True)
    weights = tuple(range(draw(st.integers(1, len(codes))), 0, -1)) if kind == QuestionKind.RANKING else ()
    rows = (
        tuple(RowSpec(f"r{n}", f"行{n}") for n in range(draw(st.integers(1, 3)))) if kind == QuestionKind.MATRIX else ()
    )
    full = {
        QuestionKind.SINGLE: best[0],
        QuestionKind.MULTIPLE: sum(best),
        QuestionKind.MATRIX: best[0] * len(rows),
        QuestionKind.RANKING: sum(weight * value for weight, value in zip(weights, best, strict=False)),
    }[kind]
    cap = draw(st.integers(1, full)) if kind == QuestionKind.MULTIPLE and full else full
    return {
        "choices": tuple(ChoiceSpec(code, code, points[code], code == alone) for code in codes),
        "weights": weights,
        "rows": rows,
        "max_points": cap,
    }


@st.composite
def questionnaires(draw, largest=9):
    created: list[QuestionSpec] = []
    for position in range(draw(st.integers(1, largest))):
        created.append(draw(questions(f"q{position}", tuple(created))))
    return QuestionnaireSpec("made", "1", 2024, "作った調査票", SECTIONS, tuple(created))


def values(question, *, wrong=True):
    """Answers to one question: fitting ones, and with ``wrong`` also such as a faulty import could leave."""
    codes = [choice.code for choice in question.choices]
    given = st.sampled_from([*codes, "gone"] if wrong else codes) if codes else st.nothing()
    if question.kind == QuestionKind.TEXT:
        return st.sampled_from(["", " ", "　", "本文", "a\nb"]).map(lambda text: AnswerValue(text=text))
    if question.kind == QuestionKind.NUMBER:
        bad = st.just(Decimal("NaN")) if wrong else st.nothing()
        numbers = st.none() | st.integers(-5, 60).map(Decimal) | bad
        return numbers.map(lambda number: AnswerValue(number=number))
    if question.kind == QuestionKind.MATRIX:
        rows = st.sampled_from([*(row.code for row in question.rows), *(["gone"] if wrong else [])])
        return st.dictionaries(rows, given).map(lambda marks: AnswerValue(rows=tuple(marks.items())))
    most = {QuestionKind.SINGLE: 1, QuestionKind.RANKING: len(question.weights)}.get(question.kind, 5)
    return st.lists(given, max_size=5 if wrong else most, unique=not wrong).map(
        lambda picked: AnswerValue(choices=tuple(picked))
    )


@st.composite
def sheets(draw, spec, *, wrong=True):
    """Answers by question code; some questions have none."""
    return {
        question.code: draw(values(question, wrong=wrong)) for question in spec.questions if draw(st.integers(0, 5)) > 0
    }


@st.composite
def filled(draw, *, wrong=True):
    """A questionnaire with one answer sheet."""
    spec = draw(questionnaires())
    return spec, draw(sheets(spec, wrong=wrong))


def targets(spec):
    """The codes of the questions that some condition looks at."""
    return {leaf.question for question in spec.questions if question.condition for leaf in leaves(question.condition)}
