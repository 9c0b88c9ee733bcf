"""The way of the tiers to a decision (``enums.CLASSIFICATION_MOVES``): moves, adjustments by hand, publication."""

import datetime as dt
import functools

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.domain.tiers.scheduling import schedule_classification
from assessments.enums import CLASSIFICATION_MOVES, ClassificationMove, ClassificationStep, Tier
from assessments.models import Classification, ClassificationTransition, Survey, TierAssignment
from assessments.signals import tiers_changed
from dxportal.core.workflow.errors import NotPossible, Overtaken
from dxportal.core.workflow.moves import Workflow, locked, moving


def _announce(classification: Classification, before: str = "") -> None:
    tiers_changed.send_robust(sender=Survey, survey_id=classification.survey_id)


CLASSIFICATIONS = Workflow(
    model=Classification,
    table=CLASSIFICATION_MOVES,
    subject="この支援分類",
    labels=dict(ClassificationMove.choices),
    field="step",
    log=ClassificationTransition,
    log_key="classification",
    announce=_announce,
)


def make_move(
    classification_id: int,
    move: str,
    *,
    user,
    comment: str = "",
    names_hidden: bool = True,
    decided_on: dt.date | None = None,
) -> Classification:
    """One step forward or back; publishing takes ``names_hidden`` and the day of the decision (today)."""
    mine = Classification.objects.editable_by(user)
    # One transaction around the step and the run it asks for: a step back alone would leave outdated tiers standing.
    with transaction.atomic():
        with moving(
            CLASSIFICATIONS, mine, classification_id, move, user=user, reason=comment, related=("run",)
        ) as step:
            row = step.row
            # Behind the lock of the classification, for which every run waits before it changes a tier.
            flagged = (
                sum(tier.needs_review for tier in row.assignments.all()) if move == ClassificationMove.PROPOSE else 0
            )
            if flagged:
                raise NotPossible(
                    f"調整の後で算定が変わった団体が{flagged}あります。調整を見直してから案にしてください。"
                )
            row.published_at = None
            if move == ClassificationMove.PUBLISH:
                row.published_at = timezone.now()
                row.names_hidden = names_hidden
                row.decided_on = decided_on or timezone.localdate()
            # A run that a step names is never cleared away, so the decision can always be traced to its figures.
            step.log["run"] = row.run
        if move == ClassificationMove.HEAR_AGAIN:
            # Only now: while the stored step was 案, nothing could be asked for what had changed meanwhile.
            schedule_classification(row.survey_id)
    return row


def possible_moves(classification: Classification, user) -> frozenset[str]:
    """The moves that the person's role may make from where the classification stands."""
    return CLASSIFICATIONS.possible(classification, user)


def adjust(assignment_id: int, *, tier: int | None, reason: str, revision: int, user) -> TierAssignment:
    """A tier set by hand after a hearing, with its reason; ``tier`` None gives the computed one back.

    Raises Overtaken when ``revision`` is no longer the row's, NotPossible outside ヒアリング調整 or without a reason.
    """
    with transaction.atomic():
        row = TierAssignment.objects.editable_by(user).filter(pk=assignment_id).first()
        if row is None:
            raise PermissionDenied
        # Moves, adjustments and runs lock the classification, so they follow one another; the tier is read under it.
        classification = locked(Classification.objects.editable_by(user), row.classification_id)
        row = TierAssignment.objects.select_related("adjusted_by", "organization").get(pk=assignment_id)
        _check_adjustment(classification, row, tier, reason.strip(), revision)
        row.tier = row.computed_tier if tier is None else tier
        row.reason = "" if tier is None else reason.strip()
        row.adjusted_from = None if tier is None else row.computed_tier
        row.adjusted_by = user
        row.adjusted_at = timezone.now()
        row.revision += 1
        row.save()
        transaction.on_commit(functools.partial(_announce, classification))
    return row


def _check_adjustment(
    classification: Classification, row: TierAssignment, tier: int | None, reason: str, revision: int
) -> None:
    if classification.step != ClassificationStep.HEARING:
        raise NotPossible("分類を調整できるのは「ヒアリング調整」の段階だけです。")
    if row.revision != revision:
        who = row.adjusted_by.name if row.adjusted_by else "ほかの人"
        raise Overtaken(
            f"この団体の分類は{who}さんが先に変更しました。現在の内容を確かめてから、もう一度入力してください。", row
        )
    if tier is not None and tier not in Tier.values:
        raise NotPossible("分類を選択してください。")
    if tier is not None and not reason:
        raise NotPossible("調整の理由を入力してください。")
