"""A plan against the national list with its questions answered. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dxportal.core.code_list.domain.changes import (
    ABOLISHED,
    KEPT,
    ListChange,
    ListedOrganization,
    Plan,
    StoredTown,
    Vanished,
    kind_of,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """A town that ends; ``successor`` is a code of the list, "" where nobody is known to follow."""

    stored: StoredTown
    successor: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A plan with its questions answered. A change of kind "founded" is a new town, made of those that end into it."""

    changes: tuple[ListChange, ...]
    endings: tuple[Ending, ...]
    kept: tuple[StoredTown, ...]
    undecided: tuple[Vanished, ...]
    waiting: tuple[ListedOrganization, ...]


def wrong_decisions(plan: Plan, decisions: Mapping[str, str], elsewhere: Collection[str] = ()) -> list[str]:
    """Sentences on decisions about towns that nobody asks about, or for successors that the list does not have.

    ``elsewhere``: codes of other prefectures' towns in the list. None is ever proposed, but a person may name one.
    """
    open_ones = {question.stored.code: question for question in plan.questions}
    sentences = [
        f"{code}は、一覧から消えた団体ではありません。承継団体を指定できるのは：{'、'.join(sorted(open_ones)) or 'なし'}"
        for code in decisions
        if code not in open_ones
    ]
    for code, question in open_ones.items():
        answer = decisions.get(code, "")
        if answer not in (ABOLISHED, KEPT, "", *(row.code for row in question.candidates), *elsewhere):
            sentences.append(f"{question.stored.label}の承継団体「{answer}」は、同じ都道府県の一覧にありません。")
    return sentences


def cautious(plan: Plan) -> dict[str, str]:
    """The decisions of somebody who did not confirm: nothing ends."""
    return {question.stored.code: KEPT for question in plan.questions}


def settle(plan: Plan, decisions: Mapping[str, str]) -> Settled:
    """What is to be done. A question without a decision is answered by its proposal; without one it stays open.

    A new town that a single vanished one is said to be goes on as its row; several end into it.
    """
    answers = [(question, decisions.get(question.stored.code) or question.proposal) for question in plan.questions]
    undecided = tuple(question for question, answer in answers if not answer)
    changes = list(plan.changes)
    continued: set[str] = set()
    waiting = []
    for row in plan.newcomers:
        before = [question.stored for question, answer in answers if answer == row.code]
        # Across the border of a prefecture a town ends: its row, and all that hangs on it, stays where it was.
        if len(before) == 1 and not before[0].ended and before[0].part == row.code[:2]:
            changes.append(ListChange(kind_of(row, before[0]), row, before[0]))
            continued.add(before[0].code)
        elif before:
            changes.append(ListChange("founded", row))
        elif any(question.stored.part == row.code[:2] for question in undecided):
            waiting.append(row)
        else:
            changes.append(ListChange("new", row))
    endings = tuple(
        Ending(question.stored, "" if answer == ABOLISHED else answer)
        for question, answer in answers
        if answer not in ("", KEPT) and question.stored.code not in continued
    )
    kept = tuple(question.stored for question, answer in answers if answer == KEPT and not question.stored.ended)
    return Settled(tuple(changes), endings, kept, undecided, tuple(waiting))
