"""The one way in which a state changes: lock, check right and table, change, log, and queue what follows on commit."""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from dxportal.core.workflow.errors import NotPossible
from dxportal.core.workflow.models import MoveLog
from dxportal.core.workflow.table import Transition, TransitionTable

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Workflow(Generic[M]):
    """How one kind of thing moves.

    ``subject``: what the thing is called in a refusal (「この回答票」). ``moves``: the words for the moves. ``field``: the
    column that holds the state. ``log``: the model of the log with the name of its key to the thing; None where the
    database's own history is the log. ``announce``: called after the commit with the thing and the state it left.
    """

    model: type[M]
    table: TransitionTable
    subject: str
    labels: Mapping[str, str]
    field: str = "state"
    log: type[MoveLog] | None = None
    log_key: str = ""
    announce: Callable[[M, str], None] | None = None

    def __post_init__(self):
        WORKFLOWS.append(self)

    def state(self, row: M) -> str:
        return getattr(row, self.field)

    def possible(self, row: M, user: Any) -> frozenset[str]:
        """The moves that the person's role may make with the thing as it stands; none without a membership."""
        return self.table.possible(self.state(row), user.role) if user.acting else frozenset()

    def not_possible(self, row: M, move: str) -> NotPossible:
        now = getattr(row, f"get_{self.field}_display")()
        return NotPossible(
            f"{self.subject}は現在「{now}」のため、「{self.labels[move]}」操作はできません。"
            "画面を読み込み直して状態を確かめてください。",
            code="not_possible",
        )


WORKFLOWS: list[Workflow[Any]] = []


@dataclass
class Moving(Generic[M]):
    """A move under way: the locked row to change, and what the log keeps besides who, when and why."""

    row: M
    transition: Transition
    log: dict[str, Any] = field(default_factory=dict)


def locked(rows: models.QuerySet[M], pk: Any, *related: str) -> M:
    """The row out of ``rows`` (what the person may change), locked until the transaction ends, ``related`` read along.

    PermissionDenied when it is not among them: a stranger's row is refused in the same way as one that isn't there.
    Others wait here, so whoever comes second sees what the first one stored.
    """
    matching = rows.filter(pk=pk).select_related(*related) if related else rows.filter(pk=pk)
    # OF self: a row that is only read along must not make others wait.
    row = matching.select_for_update(of=("self",)).first()
    if row is None:
        raise PermissionDenied
    return row


@contextmanager
def moving(
    workflow: Workflow[M], rows: models.QuerySet[M], pk: Any, move: str, *, user: Any, reason: str = "", related=()
) -> Iterator[Moving[M]]:
    """Makes the move: the body changes the row's other fields or refuses; the end saves, logs and announces.

    ``rows``: what the person may change; ``user`` None: the clock. Raises PermissionDenied without the right,
    NotPossible where the table knows no such move from the state in which the row is now, or a needed reason is missing.
    Nothing is written when the body raises.
    """
    with transaction.atomic():
        # Locked before the table is asked: a state read without the lock may be another one by the time it changes.
        row = locked(rows, pk, *related)
        step = Moving(row, check(workflow, row, move, user=user, reason=reason))
        yield step
        finish(workflow, step, user=user, reason=reason)


def check(workflow: Workflow[M], row: M, move: str, *, user: Any, reason: str = "") -> Transition:
    """The table's row for the move from the state in which ``row`` is; PermissionDenied, NotPossible."""
    transition = workflow.table.find(move, workflow.state(row))
    if transition is None:
        # A role that may never make this move learns nothing of the state.
        if user is not None and user.role not in workflow.table.roles(move):
            raise PermissionDenied
        raise workflow.not_possible(row, move)
    if not (transition.by_clock if user is None else user.role in transition.roles):
        raise PermissionDenied
    if transition.reason and not reason.strip():
        raise NotPossible(transition.reason, code="reason_required")
    return transition


def finish(workflow: Workflow[M], step: Moving[M], *, user: Any, reason: str = "") -> None:
    """Saves the row in its new state, writes the log row, and announces after the commit. The row must be locked."""
    row = step.row
    before = step.transition.source
    setattr(row, workflow.field, step.transition.target)
    # All columns, since the body may have changed any of them. The lock keeps others from writing one in between.
    row.save()
    if workflow.log is not None:
        workflow.log._default_manager.create(
            **{workflow.log_key: row},
            from_state=before,
            to_state=step.transition.target,
            by=user,
            by_name=user.name if user else "",
            comment=reason.strip(),
            **step.log,
        )
    if workflow.announce is not None:
        # A move that is rolled back announces nothing, and whoever reads on from the announcement finds the new state.
        transaction.on_commit(functools.partial(workflow.announce, row, before))
