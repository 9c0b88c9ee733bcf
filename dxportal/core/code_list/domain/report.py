"""A plan against the national list, and what was done of it, in sentences. Pure."""

from collections.abc import Iterator

from dxportal.core.code_list.domain.changes import (
    ABOLISHED,
    KEPT,
    ListChange,
    Plan,
    Vanished,
)
from dxportal.core.code_list.domain.decisions import Ending, Settled

LABELS = {
    "new": "追加",
    "founded": "新設",
    "corrected": "変更",
    "renamed": "変更",
    "recoded": "団体コードの変更",
    "designated": "政令指定都市への移行",
    "city": "市制・町制施行",
}


def sentence(change: ListChange) -> str:
    """「市制・町制施行：402311 那珂川市（403059→402311、…）」."""
    words = f"（{change.words}）" if change.words else ""
    return f"{LABELS[change.kind]}：{change.row.code} {change.row.name}{words}"


def answer_words(question: Vanished, answer: str) -> str:
    """What becomes of the town by this answer: 「221007 静岡市が承継」."""
    if answer in (ABOLISHED, KEPT, ""):
        return {ABOLISHED: "廃止、承継団体なし", KEPT: "そのまま残す", "": "判断が必要"}[answer]
    row = next(row for row in question.candidates if row.code == answer)
    return f"{row.code} {row.name}が承継"


def plan_lines(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        yield sentence(change)
    for row in plan.newcomers:
        yield f"新しい団体コード：{row.code} {row.name}"
    for question in plan.questions:
        if question.stored.ended:
            yield f"承継団体が未定：{question.stored.label}"
        else:
            yield f"一覧にない：{question.stored.label}（提案：{answer_words(question, question.proposal)}）"
    for refused in plan.refused:
        yield f"取り込めない行：{refused.row.place}：{refused.message}"


def doubts(plan: Plan) -> Iterator[str]:
    """What is to be confirmed before anything can be carried out, by row."""
    for change in plan.changes:
        if change.new_identity and change.stored is not None:
            yield (
                f"{change.row.place}：{change.row.name}は別の団体コード（{change.stored.code}）で登録済みです。"
                f"同じ団体として取り込みます（{sentence(change)}）。"
                if change.row.name == change.stored.name
                else f"{change.row.place}：{change.stored.label}と同じ団体として取り込みます（{sentence(change)}）。"
            )
    for row in plan.newcomers:
        yield f"{row.place}：{row.code} {row.name}は、一覧から消えた団体の承継団体かもしれません。"
    for question in plan.questions:
        if not question.stored.ended:
            yield f"一覧にない：{question.stored.label}（提案：{answer_words(question, question.proposal)}）"


def outcome_lines(settled: Settled, plan: Plan, *, skipped: int) -> Iterator[str]:
    for change in settled.changes:
        if change not in plan.changes:
            yield sentence(change)
    for ending in settled.endings:
        yield f"廃止：{ending.stored.label}{successor_words(ending)}"
    for question in settled.undecided:
        yield (
            f"判断が必要：{question.stored.label}。--successor {question.stored.code}=承継団体のコード、"
            f"--abolish {question.stored.code}、--keep {question.stored.code} のいずれかを付けて実行してください。"
        )
    for row in settled.waiting:
        yield f"保留：{row.code} {row.name}（消えた団体の判断のあとに取り込みます）"
    yield summary(settled, plan, skipped)


def successor_words(ending: Ending) -> str:
    return f"（承継団体：{ending.successor}）" if ending.successor else "（承継団体なし）"


def summary(settled: Settled, plan: Plan, skipped: int) -> str:
    added = sum(change.stored is None for change in settled.changes)
    counts = {
        "廃止": len(settled.endings),
        "そのまま残した": len(settled.kept),
        "判断が必要": len(settled.undecided),
        "取り込めない": len(plan.refused),
        "対象外": skipped,
    }
    words = [f"追加{added}", f"変更{len(settled.changes) - added}", f"変更なし{plan.unchanged}"]
    words += [f"{word}{count}" for word, count in counts.items() if count]
    return "、".join(words)
