"""Moves of an item (``enums.SHELF_MOVES``). Every move leaves a ShelfTransition row."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from consultations.domain.shelf.write import needs_agreement
from consultations.enums import SHELF_MOVES, ShelfMove, ShelfState
from consultations.models import ShelfItem, ShelfTransition
from dxportal.core.accounts.models import User
from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.moves import Workflow, locked, moving

SHELF = Workflow(
    model=ShelfItem,
    table=SHELF_MOVES,
    subject="この資料",
    labels=dict(ShelfMove.choices),
    log=ShelfTransition,
    log_key="item",
)


def possible_moves(item: ShelfItem, user: User) -> frozenset[str]:
    """What the person may do with the item as it stands."""
    if not ShelfItem.objects.movable_by(user).filter(pk=item.pk).exists():
        return frozenset()
    possible = SHELF.possible(item, user)
    possible -= {ShelfMove.RELEASE if needs_agreement(item) else ShelfMove.CIRCULATE}
    return possible if is_asked(item, user) else possible - {ShelfMove.OBJECT}


def is_asked(item: ShelfItem, user: User) -> bool:
    """Whether the person speaks for a body whose agreement is needed."""
    return user.is_answering and item.agreements.filter(organization=user.acting.organization_id).exists()


def may_agree(item: ShelfItem, user: User) -> bool:
    waiting = item.state == ShelfState.AGREEING and is_asked(item, user)
    return waiting and item.agreements.filter(organization=user.acting.organization_id, agreed_at__isnull=True).exists()


def make_move(item_id: int, move: str, *, user: User, reason: str = "", successor: int = 0) -> ShelfItem:
    """PermissionDenied, NotPossible. ``successor``: the released item that takes the place of a superseded one."""
    with moving(SHELF, ShelfItem.objects.movable_by(user), item_id, move, user=user, reason=reason) as step:
        item = step.row
        step.log["move"] = move
        if move == ShelfMove.OBJECT and not is_asked(item, user):
            raise PermissionDenied
        if move in (ShelfMove.RELEASE, ShelfMove.CIRCULATE):
            require_ready(item, move)
        if move == ShelfMove.CIRCULATE:
            # What was agreed to before the item was changed counts no more.
            item.agreements.update(agreed_at=None, by_name="")
        if step.transition.target == ShelfState.RELEASED:
            item.released_at = timezone.now()
        if move == ShelfMove.SUPERSEDE:
            item.successor = successor_of(item, successor, user)
    if move == ShelfMove.CIRCULATE:
        go_on(item)
    item.refresh_from_db()
    return item


def require_ready(item: ShelfItem, move: str) -> None:
    version = item.versions.first()
    if version is None or not version.attachments.exists():
        raise NotPossible("ファイルがありません。版を登録してから、もう一度操作してください。", code="no_file")
    if move == ShelfMove.RELEASE and needs_agreement(item):
        raise NotPossible(
            "この資料は、先に団体の合意と会の承認が要ります。「団体の合意を求める」を押してください。", code="agreement"
        )
    if move == ShelfMove.CIRCULATE and not needs_agreement(item):
        raise NotPossible("合意を求める団体も承認する会も決まっていません。そのまま公開できます。", code="nobody")


def successor_of(item: ShelfItem, successor: int, user: User) -> ShelfItem:
    chosen = (
        ShelfItem.objects.for_user(user).filter(pk=successor, state=ShelfState.RELEASED).exclude(pk=item.pk).first()
    )
    if chosen is None:
        raise NotPossible({"successor": "差し替える先の、公開中の資料を選んでください。"}, code="successor")
    return chosen


def agree(item_id: int, *, user: User) -> ShelfItem:
    """By a body that is named; the last one sends the item on to the group, or, where there is none, to all towns."""
    with transaction.atomic():
        # Locked, so that of two last agreements at once the second sees the first's.
        item = locked(ShelfItem.objects.movable_by(user), item_id)
        if not is_asked(item, user):
            raise PermissionDenied
        if item.state != ShelfState.AGREEING:
            raise NotPossible(
                f"この資料は現在「{item.get_state_display()}」です。画面を読み込み直してください。", code="not_waiting"
            )
        own = item.agreements.filter(organization=user.acting.organization_id, agreed_at__isnull=True)
        own.update(agreed_at=timezone.now(), by_name=user.name)
        go_on(item)
    item.refresh_from_db()
    return item


def go_on(item: ShelfItem) -> None:
    """To the group as soon as all bodies have agreed; an item without a group waits there for the office all the same."""
    if not item.agreements.filter(agreed_at__isnull=True).exists():
        with moving(SHELF, ShelfItem.objects.filter(pk=item.pk), item.pk, ShelfMove.FORWARD, user=None) as step:
            step.log["move"] = ShelfMove.FORWARD
