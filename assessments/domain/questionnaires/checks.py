"""Checks across a questionnaire: codes that repeat, conditions that can't work, sections that can't be scored."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from assessments.domain.questionnaires.question_reader import LeafPlace
from assessments.domain.questionnaires.reachability import Reachability
from assessments.domain.questionnaires.spec import (
    CONDITION_KINDS,
    ContradictionSpec,
    Kind,
    QuestionSpec,
    SectionSpec,
    leaves,
)
from assessments.domain.questionnaires.yaml_nodes import Item


def check_questionnaire(
    sections: Sequence[tuple[SectionSpec, Item]],
    questions: Sequence[tuple[QuestionSpec, Item]],
    contradictions: Sequence[tuple[ContradictionSpec, Item]],
    places: Sequence[LeafPlace],
    areas: Collection[str] | None,
) -> None:
    """Notes every error at the place in the file that it belongs to."""
    _check_repeated(((section.code, item) for section, item in sections), "区分コード")
    _check_repeated(((section.step, item) for section, item in sections if section.step is not None), "ステップ")
    _check_repeated(((question.code, item) for question, item in questions), "問番号")
    _check_repeated(((question.key, item) for question, item in questions), "キー")
    _check_repeated(((rule.code, item) for rule, item in contradictions), "矛盾の規則のコード")
    for question, item in questions:
        _check_question(question, item, areas)
    for section, item in sections:
        total = sum(question.max_points for question, _ in questions if question.section == section.code)
        if section.worth and not total:
            item.fail("worth_without_points", "配点のある区分に、点の付く設問がありません。")
    if _check_leaves(questions, places):
        _check_reachable(questions, contradictions)


def _check_repeated(codes: Iterable[tuple[object, Item]], what: str) -> None:
    first: dict[object, Item] = {}
    for code, item in codes:
        if code not in first:
            first[code] = item
        elif code != "":
            item.fail("duplicate", f"{what}「{code}」は{first[code].line}行目にもあります。")


def _check_question(question: QuestionSpec, item: Item, areas: Collection[str] | None) -> None:
    for what, codes in (
        ("選択肢のコード", [choice.code for choice in question.choices]),
        ("選択肢の文言", [choice.label for choice in question.choices]),
        ("行のコード", [row.code for row in question.rows]),
        ("行の名前", [row.label for row in question.rows]),
    ):
        for code, count in Counter(codes).items():
            if count > 1 and code:
                item.fail("duplicate", f"{what}「{code}」が{count}回あります。")
    if areas is not None and question.area and question.area not in areas:
        item.fail("unknown_area", f"分野「{question.area}」は登録されていません。")
    if question.kind in (Kind.SINGLE, Kind.MATRIX) and len(question.choices) == 1:
        item.fail("too_few_choices", "選択肢を二つ以上書いてください。")
    if question.choices and all(choice.exclusive for choice in question.choices):
        item.fail("all_exclusive", "すべての選択肢が exclusive です。一つだけ選ぶ設問は single にしてください。")
    if len(question.weights) > len(question.choices):
        item.fail("too_many_weights", "重みの数が選択肢の数を超えています。")
    _check_range(question, item)


def _check_range(question: QuestionSpec, item: Item) -> None:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        item.fail("bad_range", "minimum が maximum を超えています。")
    elif any(
        (high is not None and band.minimum > high) or (low is not None and band.minimum < low)
        for band in question.bands
    ):
        item.fail("band_out_of_range", "点の区切りが minimum から maximum の外にあります。")


def _check_leaves(questions: Sequence[tuple[QuestionSpec, Item]], places: Sequence[LeafPlace]) -> bool:
    """Whether every leaf names an earlier question that has its choices."""
    known = {question.code: question for question, _ in questions}
    order = {question.code: position for position, (question, _) in enumerate(questions)}
    circles = _in_circles(known)
    good = True
    for place in places:
        code, message = _leaf_error(place, known, order, circles)
        if code:
            place.item.fail(code, message)
            good = False
    return good


def _leaf_error(
    place: LeafPlace, known: dict[str, QuestionSpec], order: dict[str, int], circles: set[str]
) -> tuple[str, str]:
    target = known.get(place.leaf.question)
    if target is None:
        return "unknown_target", f"設問「{place.leaf.question}」はありません。"
    if place.owner and {place.owner, target.code} <= circles and _leads_to(known, target.code, place.owner):
        return "cycle", f"条件が {place.owner} と {target.code} の間で輪になっています。"
    if place.owner and order[target.code] > order[place.owner]:
        return "not_earlier", f"設問「{target.code}」は後にあります。条件は前の設問だけを見られます。"
    if target.kind not in CONDITION_KINDS:
        return "target_without_choices", f"設問「{target.code}」（{target.kind}）は条件に使えません。"
    unknown = [code for code in place.leaf.any_of if target.choice(code) is None]
    if unknown:
        return "unknown_choice", f"設問「{target.code}」に選択肢「{'、'.join(unknown)}」はありません。"
    return "", ""


def _targets(question: QuestionSpec | None) -> set[str]:
    return {leaf.question for leaf in leaves(question.condition)} if question and question.condition else set()


def _in_circles(known: dict[str, QuestionSpec]) -> set[str]:
    return {code for code in known if _leads_to(known, code, code)}


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


def _check_reachable(
    questions: Sequence[tuple[QuestionSpec, Item]], contradictions: Sequence[tuple[ContradictionSpec, Item]]
) -> None:
    reach = Reachability({question.code: question for question, _ in questions})
    for question, item in questions:
        if not reach.can_be_shown(question.code):
            item.fail("unreachable", f"設問「{question.code}」の条件は、どう答えても満たされません。")
    for rule, item in contradictions:
        if not reach.can_hold(rule.when):
            item.fail("unreachable", f"規則「{rule.code}」の条件は、どう答えても満たされません。")
