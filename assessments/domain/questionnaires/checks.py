"""Checks across a questionnaire: codes that repeat, conditions that can't work, sections that can't be scored."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from assessments.domain.questionnaires.reachability import Reachability
from assessments.domain.questionnaires.spec import (
    CONDITION_KINDS,
    AllOf,
    Condition,
    ContradictionSpec,
    Leaf,
    QuestionKind,
    QuestionSpec,
    SectionSpec,
    leaves,
)
from dxportal.core.intake.yaml_file import Place, YamlFile

UNSCORED_KINDS = frozenset({"support", "profile"})


@dataclass
class Draft:
    """What was read of a file, each part beside its place in it.

    ``rough``: places of questions with mistakes; where one is among ``questions``, it has what conditions need and
    nothing else. ``unread``: codes of questions of which not even that could be read.
    """

    file: YamlFile
    sections: list[tuple[SectionSpec, Place]] = field(default_factory=list)
    questions: list[tuple[QuestionSpec, Place]] = field(default_factory=list)
    contradictions: list[tuple[ContradictionSpec, Place]] = field(default_factory=list)
    rough: set[Place] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)


def check_questionnaire(draft: Draft, areas: Collection[str] | None) -> None:
    """Notes every error at the place in the file that it belongs to."""
    file = draft.file
    whole = [(question, place) for question, place in draft.questions if place not in draft.rough]
    for what, codes in (
        ("区分コード", [(section.code, place) for section, place in draft.sections]),
        ("ステップ", [(section.step, place) for section, place in draft.sections if section.step is not None]),
        ("問番号", [(question.code, place) for question, place in draft.questions]),
        ("キー", [(question.key, place) for question, place in whole]),
        ("矛盾の規則のコード", [(rule.code, place) for rule, place in draft.contradictions]),
    ):
        first: dict[object, Place] = {}
        for code, place in codes:
            if first.setdefault(code, place) != place:
                file.fail(place, "duplicate", f"{what}「{code}」は{file.line(first[code])}行目にもあります。")
    for question, place in whole:
        _check_question(file, place, question, areas)
    for section, place in draft.sections:
        if (section.kind == "step") != (section.step is not None):
            file.fail(place, "bad_step", "step は kind が step の区分だけに、必ず書いてください。")
        full = sum(question.max_points for question, _ in draft.questions if question.section == section.code)
        if section.worth and section.kind in UNSCORED_KINDS:
            message = "県の支援と回答者情報の区分に配点（worth）は付けられません。"
            file.fail((*place, "worth"), "worth_unscored", message)
        elif section.worth and not draft.rough and not full:
            file.fail(place, "worth_without_points", "配点のある区分に、点の付く設問がありません。")
    if _check_leaves(draft) and not draft.rough:
        _check_reachable(draft)


def with_points(file: YamlFile, place: Place, question: QuestionSpec, section: SectionSpec) -> QuestionSpec:
    """The question with what its best answer earns; points belong everywhere in a scored section (but on texts) and
    nowhere in an unscored one, and what breaks this is noted."""
    worth = 0 if section.kind in UNSCORED_KINDS else section.worth
    if question.kind == QuestionKind.TEXT:
        return question
    given = [choice.points is not None for choice in question.choices]
    cap = file.at((*place, "max_points"))
    points = next(((*place, key, 0) for key in ("choices", "bands") if file.at((*place, key))), place)
    if worth and not (given and all(given)) and not question.bands:
        message = "配点のある区分の設問です。すべての選択肢（数値は bands）に点を書いてください。"
        file.fail(points, "points_missing", message)
    if not worth and (any(given) or question.bands or cap):
        file.fail(points, "points_unscored", "配点（worth）のない区分の設問に点は書けません。")
    if any(choice.points for choice in question.choices if choice.exclusive):
        file.fail(points, "points_on_exclusive", "単独でのみ選べる選択肢（exclusive）の点は0にしてください。")
    if not worth:
        return question
    full = full_points(question)
    if cap and cap > full:
        file.fail((*place, "max_points"), "cap_unreachable", f"点の合計は{full}で、上限{cap}に届きません。")
    return replace(question, max_points=min(cap or full, full))


def full_points(question: QuestionSpec) -> int:
    """What the best answer earns, no cap applied."""
    scores = sorted((choice.points or 0 for choice in question.choices), reverse=True)
    return {
        QuestionKind.SINGLE: max(scores, default=0),
        QuestionKind.MULTIPLE: sum(choice.points or 0 for choice in question.choices if not choice.exclusive),
        QuestionKind.MATRIX: len(question.rows) * max(scores, default=0),
        QuestionKind.RANKING: sum(weight * points for weight, points in zip(question.weights, scores, strict=False)),
        QuestionKind.NUMBER: max((band.points for band in question.bands), default=0),
        QuestionKind.TEXT: 0,
    }[question.kind]


def _check_question(file: YamlFile, place: Place, question: QuestionSpec, areas: Collection[str] | None) -> None:
    for what, codes in (
        ("選択肢のコード", [choice.code for choice in question.choices]),
        ("選択肢の文言", [choice.label for choice in question.choices]),
        ("行のコード", [row.code for row in question.rows]),
        ("行の名前", [row.label for row in question.rows]),
    ):
        for code, count in Counter(codes).items():
            if count > 1:
                file.fail(place, "duplicate", f"{what}「{code}」が{count}回あります。")
    if areas is not None and question.area and question.area not in areas:
        file.fail(place, "unknown_area", f"分野「{question.area}」は登録されていません。")
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MATRIX) and len(question.choices) == 1:
        file.fail(place, "too_few_choices", "選択肢を二つ以上書いてください。")
    if question.choices and all(choice.exclusive for choice in question.choices):
        file.fail(place, "all_exclusive", "すべての選択肢が exclusive です。一つだけ選ぶ設問は single にしてください。")
    if len(question.weights) > len(question.choices):
        file.fail(place, "too_many_weights", "重みの数が選択肢の数を超えています。")
    low = question.minimum
    high = question.maximum
    if low is not None and high is not None and low > high:
        file.fail(place, "bad_range", "minimum が maximum を超えています。")
    elif any(
        (high is not None and band.minimum > high) or (low is not None and band.minimum < low)
        for band in question.bands
    ):
        file.fail(place, "band_out_of_range", "点の区切りが minimum から maximum の外にあります。")


def _check_leaves(draft: Draft) -> bool:
    """Whether every leaf names an earlier question that has its choices."""
    known = {question.code: question for question, _ in draft.questions}
    order = {question.code: position for position, (question, _) in enumerate(draft.questions)}
    circles = {code for code in known if _leads_to(known, code, code)}
    good = True
    for owner, condition, at in (
        *((question.code, question.condition, (*place, "when")) for question, place in draft.questions),
        *(("", rule.when, (*place, "when")) for rule, place in draft.contradictions),
    ):
        for leaf, place in _leaf_places(condition, at):
            if leaf.question in draft.unread and leaf.question not in known:
                continue
            if error := _leaf_error(owner, leaf, known, order, circles):
                draft.file.fail(place, *error)
                good = False
    return good


def _leaf_places(condition: Condition | None, place: Place) -> Iterator[tuple[Leaf, Place]]:
    if isinstance(condition, Leaf):
        yield condition, place
    elif condition is not None:
        name = "all" if isinstance(condition, AllOf) else "any"
        for position, item in enumerate(condition.items):
            yield from _leaf_places(item, (*place, name, position))


def _leaf_error(
    owner: str, leaf: Leaf, known: dict[str, QuestionSpec], order: dict[str, int], circles: set[str]
) -> tuple[str, str] | None:
    """Code and message of what is wrong with a leaf in the condition of ``owner`` ("" for a contradiction)."""
    target = known.get(leaf.question)
    if target is None:
        return "unknown_target", f"設問「{leaf.question}」はありません。"
    if owner and {owner, target.code} <= circles and _leads_to(known, target.code, owner):
        return "cycle", f"条件が {owner} と {target.code} の間で輪になっています。"
    if owner and order[target.code] > order[owner]:
        return "not_earlier", f"設問「{target.code}」は後にあります。条件は前の設問だけを見られます。"
    if target.kind not in CONDITION_KINDS:
        return "target_without_choices", f"設問「{target.code}」（{target.kind}）は条件に使えません。"
    unknown = [code for code in leaf.any_of if target.choice(code) is None]
    if unknown:
        return "unknown_choice", f"設問「{target.code}」に選択肢「{'、'.join(unknown)}」はありません。"
    return None


def _targets(question: QuestionSpec | None) -> set[str]:
    return {leaf.question for leaf in leaves(question.condition)} if question and question.condition else set()


def _leads_to(known: dict[str, QuestionSpec], start: str, end: str) -> bool:
    """Whether the condition of ``start`` depends on ``end``, at once or through others."""
    seen: set[str] = set()
    waiting = _targets(known.get(start))
    while waiting:
        code = waiting.pop()
        if code == end:
            return True
        if code not in seen:
            seen.add(code)
            waiting |= _targets(known.get(code))
    return False


def _check_reachable(draft: Draft) -> None:
    reach = Reachability({question.code: question for question, _ in draft.questions})
    for question, place in draft.questions:
        if not reach.can_be_shown(question.code):
            draft.file.fail(place, "unreachable", f"設問「{question.code}」の条件は、どう答えても満たされません。")
    for rule, place in draft.contradictions:
        if not reach.can_hold(rule.when):
            draft.file.fail(place, "unreachable", f"規則「{rule.code}」の条件は、どう答えても満たされません。")
