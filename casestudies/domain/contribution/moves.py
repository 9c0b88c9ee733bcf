"""Moves of a case between its states. Every move goes through ``move`` and leaves a CaseTransition row."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from casestudies.domain.content import Difference, as_json, differences, from_json, missing
from casestudies.domain.contribution.cases import CaseError, content_of
from casestudies.domain.search import index
from casestudies.enums import TRANSITIONS, Audience, CaseState, Move
from casestudies.models import Case, CaseTransition
from casestudies.querysets import CONTRIBUTING_ROLES
from dxportal.core.accounts.enums import PREFECTURE_ROLES

# Who makes which move, among those whose case it is (``CaseQuerySet.of_user``).
ROLES: Mapping[str, frozenset[str]] = {
    Move.SUBMIT: CONTRIBUTING_ROLES,
    Move.WITHDRAW: CONTRIBUTING_ROLES,
    Move.SEND_BACK: PREFECTURE_ROLES,
    Move.PUBLISH: PREFECTURE_ROLES,
    Move.ARCHIVE: PREFECTURE_ROLES,
    Move.RESTORE: CONTRIBUTING_ROLES,
}
NEEDS_COMMENT = frozenset({Move.SEND_BACK})
NEEDS_CONTENT = frozenset({Move.SUBMIT, Move.PUBLISH})
COMMENT_LIMIT = 1000


def possible_moves(case: Case, user) -> frozenset[str]:
    """The moves that the person may make with the case as it stands."""
    if user.acting is None or not Case.objects.of_user(user).filter(pk=case.pk).exists():
        return frozenset()
    return frozenset(
        move for move, (states, _) in TRANSITIONS.items() if case.state in states and may(case, move, user)
    )


def may(case: Case, move: str, user) -> bool:
    """Whether the role makes this move; taking a request back is for the one who asked, not for the reviewer."""
    if user.role not in ROLES[move]:
        return False
    own = case.author_id == user.pk if case.organization_id is None else case.organization_id == _home(user)
    return own if move in (Move.SUBMIT, Move.WITHDRAW) else True


def _home(user) -> int:
    return user.acting.organization_id


def move(case_id: int, move: str, *, user, comment: str = "", audience: str = "", revision: int | None = None) -> Case:
    """Makes the move. PermissionDenied without the right; CaseError when it is not possible now.

    ``audience`` is for publishing; publishing again changes who reads it. ``revision``: what the person looked at;
    another one by now is refused.
    """
    comment = comment.strip()
    with transaction.atomic():
        case = _locked(case_id, user)
        if not may(case, move, user):
            raise PermissionDenied
        _require(case, move, comment, audience, revision)
        before = case.state
        _set(case, move, audience)
        case.save()
        index.write([case.pk])
        CaseTransition.objects.create(
            case=case,
            move=move,
            from_state=before,
            to_state=case.state,
            audience=audience if move == Move.PUBLISH else "",
            by=user,
            comment=comment,
            content=snapshot(case),
        )
    case.refresh_from_db()
    return case


def snapshot(case: Case) -> dict[str, Any]:
    """The content and the files, as kept with a move."""
    files = [[one.name, one.digest] for one in case.attachments.all()]
    return as_json(content_of(case)) | {"attachments": files}


def last_seen(case: Case) -> CaseTransition | None:
    """The move with which the prefecture last let the case go: what has changed since is new to it."""
    moves = case.transitions.filter(move__in=(Move.SEND_BACK, Move.PUBLISH, Move.ARCHIVE)).select_related("by")
    return moves.exclude(content={}).first()


def changes_since(case: Case, seen: CaseTransition, names: Mapping[str, str]) -> list[Difference]:
    """What the case says otherwise now than at ``seen``; files too."""
    found = differences(from_json(seen.content), content_of(case), names)
    old, new = seen.content.get("attachments", []), snapshot(case)["attachments"]
    if old != new:
        sides = ("\n".join(name for name, _ in files) for files in (old, new))
        found.append(Difference("attachments", "添付ファイル", *sides))
    return found


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
    moves = CaseTransition.objects.filter(case__in=drafts).order_by("case_id", "-at", "-pk").distinct("case_id")
    return [one.case_id for one in moves if one.move == Move.SEND_BACK]


def _locked(case_id: int, user) -> Case:
    own = Case.objects.of_user(user).filter(pk=case_id).select_for_update(of=("self",))
    case = own.first()
    if case is None:
        raise PermissionDenied
    return case


def _set(case: Case, move: str, audience: str) -> None:
    already = case.state == CaseState.PUBLISHED
    case.state = TRANSITIONS[move][1]
    if move == Move.PUBLISH:
        case.audience = audience
        case.published_at = case.published_at if already else timezone.now()


def _require(case: Case, move: str, comment: str, audience: str, revision: int | None) -> None:
    if case.state not in TRANSITIONS[move][0]:
        raise _not_possible(case, move)
    if revision is not None and case.revision != revision:
        raise CaseError("表示した後に内容が変わりました。変更点を確かめて、もう一度操作してください。", code="stale")
    if move in NEEDS_COMMENT and not comment:
        raise CaseError("差戻しの理由を入力してください。", code="comment_required")
    if len(comment) > COMMENT_LIMIT:
        raise CaseError(f"コメントは{COMMENT_LIMIT}文字以内で入力してください。", code="comment_long")
    if move == Move.PUBLISH:
        _require_audience(case, audience)
    gaps = missing(content_of(case)) if move in NEEDS_CONTENT else []
    if gaps:
        raise CaseError(f"まだ入力されていない項目があります：{'、'.join(gaps)}", code="incomplete")


def _require_audience(case: Case, audience: str) -> None:
    if audience not in Audience.values:
        raise CaseError("公開範囲を選択してください。", code="audience_required")
    if case.state == CaseState.PUBLISHED and case.audience == audience:
        raise CaseError(f"すでに「{Audience(audience).label}」に公開されています。", code="same_audience")


def _not_possible(case: Case, move: str) -> CaseError:
    wanted = Move(move).label
    return CaseError(
        f"この事例は現在「{case.get_state_display()}」のため、「{wanted}」操作はできません。画面を読み込み直してください。",
        code="not_possible",
    )
