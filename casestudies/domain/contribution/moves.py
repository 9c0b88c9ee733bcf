"""Moves of a case between its states (``enums.CASE_MOVES``). Every move leaves a CaseTransition row."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casestudies.domain.content import FieldDifference, as_json, differences, from_json, missing
from casestudies.domain.contribution.write import content_of
from casestudies.domain.search import index
from casestudies.enums import AUTHORS_MOVES, CASE_MOVES, Audience, CaseMove, CaseState
from casestudies.models import Case, CaseTransition
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import Workflow, moving

CASES = Workflow(
    model=Case,
    table=CASE_MOVES,
    subject="この事例",
    labels=dict(CaseMove.choices),
    log=CaseTransition,
    log_key="case",
)
NEEDS_CONTENT = frozenset({CaseMove.SUBMIT, CaseMove.PUBLISH})
COMMENT_LIMIT = 1000


def possible_moves(case: Case, user) -> frozenset[str]:
    """The moves that the person may make with the case as it stands."""
    if not Case.objects.of_user(user).filter(pk=case.pk).exists():
        return frozenset()
    possible = CASES.possible(case, user)
    if possible & AUTHORS_MOVES and not Case.objects.authored_by(user).filter(pk=case.pk).exists():
        possible -= AUTHORS_MOVES
    return possible


def movable(move: str, user) -> QuerySet[Case]:
    """The cases with which the person may ever make the move, whatever their state."""
    rows = Case.objects.authored_by(user) if move in AUTHORS_MOVES else Case.objects.of_user(user)
    return rows if user.role in CASE_MOVES.roles(move) else rows.none()


def make_move(
    case_id: int, move: str, *, user, comment: str = "", audience: str = "", revision: int | None = None
) -> Case:
    """Makes the move. PermissionDenied without the right; NotPossible when it is not possible now.

    ``audience`` is for publishing; publishing again changes who reads it. ``revision``: what the person looked at;
    another one by now is Overtaken.
    """
    with transaction.atomic():
        with moving(CASES, movable(move, user), case_id, move, user=user, reason=comment) as step:
            case = step.row
            # Asked behind the lock: nobody can change the case between this look and the move.
            if revision is not None and case.revision != revision:
                raise Overtaken("表示した後に内容が変わりました。変更点を確かめて、もう一度操作してください。", case)
            if len(comment.strip()) > COMMENT_LIMIT:
                raise NotPossible(f"コメントは{COMMENT_LIMIT}文字以内で入力してください。", code="comment_long")
            if move == CaseMove.PUBLISH:
                _publish(case, audience)
            gaps = missing(content_of(case)) if move in NEEDS_CONTENT else []
            if gaps:
                raise NotPossible(f"まだ入力されていない項目があります：{'、'.join(gaps)}", code="incomplete")
            step.log |= {
                "move": move,
                "audience": audience if move == CaseMove.PUBLISH else "",
                "content": snapshot(case),
            }
        # The search shows published cases only: its row belongs to the state just stored.
        index.write([case.pk])
    case.refresh_from_db()
    return case


def _publish(case: Case, audience: str) -> None:
    """Sets who reads the case; the day of the first publication stays when only the audience changes."""
    if audience not in Audience.values:
        raise NotPossible("公開範囲を選択してください。", code="audience_required")
    if case.state == CaseState.PUBLISHED and case.audience == audience:
        raise NotPossible(f"すでに「{Audience(audience).label}」に公開されています。", code="same_audience")
    case.audience = audience
    if case.state != CaseState.PUBLISHED:
        case.published_at = timezone.now()


def snapshot(case: Case) -> dict[str, Any]:
    """The content and the files, as kept with a move."""
    files = [[file.name, file.digest] for file in case.attachments.all()]
    return as_json(content_of(case)) | {"attachments": files}


def last_seen(case: Case) -> CaseTransition | None:
    """The move with which the prefecture last let the case go: what has changed since is new to it."""
    moves = case.transitions.filter(move__in=(CaseMove.SEND_BACK, CaseMove.PUBLISH, CaseMove.ARCHIVE))
    return moves.select_related("by").exclude(content={}).first()


def changes_since(case: Case, seen: CaseTransition, names: Mapping[str, str]) -> list[FieldDifference]:
    """What the case says otherwise now than at ``seen``; files too."""
    changes = differences(from_json(seen.content), content_of(case), names)
    before = seen.content.get("attachments", [])
    now = snapshot(case)["attachments"]
    if before != now:
        sides = ("\n".join(name for name, _ in files) for files in (before, now))
        changes.append(FieldDifference("attachments", "添付ファイル", *sides))
    return changes


def waiting(user) -> int:
    """How many cases wait for this person: for staff to be reviewed, for the others to be mended."""
    if user.acting is None:
        return 0
    if user.is_prefecture_staff:
        return Case.objects.editable_by(user).filter(state=CaseState.IN_REVIEW).count()
    return len(sent_back(user))


def sent_back(user) -> list[int]:
    """The drafts whose last move was the prefecture's 差戻し."""
    drafts = Case.objects.of_user(user).filter(state=CaseState.DRAFT)
    # DISTINCT ON keeps the newest move of each case, so that all drafts take one query.
    moves = CaseTransition.objects.filter(case__in=drafts).order_by("case_id", "-at", "-pk").distinct("case_id")
    return [move.case_id for move in moves if move.move == CaseMove.SEND_BACK]
