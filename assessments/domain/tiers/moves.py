"""The way of the tiers to a decision: steps, adjustments, publication. Every step goes through ``move``."""

import datetime as dt
import functools

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.domain.tiers.scheduling import schedule_classification
from assessments.enums import CLASSIFICATION_REASON_REQUIRED, CLASSIFICATION_TRANSITIONS, ClassificationStep, Tier
from assessments.models import Classification, ClassificationTransition, Survey, TierAssignment
from assessments.signals import tiers_changed

_C = ClassificationStep


class StepError(ValidationError):
    """The step or change is not possible now; the message says why, for the person."""


class StaleError(StepError):
    """Somebody changed the tier since the page was drawn; ``current`` is the row as it stands."""

    def __init__(self, current: TierAssignment):
        self.current = current
        who = current.adjusted_by.name if current.adjusted_by else "ほかの人"
        super().__init__(
            f"この団体の分類は{who}さんが先に変更しました。現在の内容を確かめてから、もう一度入力してください。"
        )


def move(
    classification_id: int,
    to_step: str,
    *,
    user,
    from_step: str | None = None,
    comment: str = "",
    names_hidden: bool = True,
    decided_on: dt.date | None = None,
) -> Classification:
    """One step forward or back; publishing takes ``names_hidden`` and the day of the decision.

    ``from_step``: where the person saw it; StepError when it has moved since.
    """
    with transaction.atomic():
        row = _locked(classification_id, user)
        _check_step(row, to_step, user, from_step, comment.strip())
        before, row.step = row.step, to_step
        row.published_at = timezone.now() if to_step == _C.PUBLISHED else None
        if to_step == _C.PUBLISHED:
            row.names_hidden, row.decided_on = names_hidden, decided_on or timezone.localdate()
        row.save()
        ClassificationTransition.objects.create(
            classification=row, run=row.run, from_state=before, to_state=to_step, by=user, by_name=user.name,
            comment=comment.strip(),
        )  # fmt: skip
        if (before, to_step) == (_C.PROPOSED, _C.HEARING):
            schedule_classification(row.survey_id)  # what changed while the tiers were fixed
        _tell_after_commit(row)
    return row


def possible_steps(classification: Classification, user) -> frozenset[str]:
    """The steps that the person may take from where it stands."""
    return frozenset(
        to
        for (now, to), roles in CLASSIFICATION_TRANSITIONS.items()
        if now == classification.step and user.role in roles
    )


def adjust(assignment_id: int, *, tier: int | None, reason: str, revision: int, user) -> TierAssignment:
    """A tier set by hand after a hearing, with its reason; ``tier`` None gives the computed one back.

    Raises StaleError when ``revision`` is no longer the row's, StepError outside ヒアリング調整 or without a reason.
    """
    with transaction.atomic():
        row = TierAssignment.objects.editable_by(user).filter(pk=assignment_id).first()
        if row is None:
            raise PermissionDenied
        classification = _locked(row.classification_id, user)
        row = TierAssignment.objects.select_related("adjusted_by", "organization").get(pk=assignment_id)
        _check_adjustment(classification, row, tier, reason.strip(), revision)
        row.tier, row.reason = (row.computed_tier, "") if tier is None else (tier, reason.strip())
        row.adjusted_from = None if tier is None else row.computed_tier
        row.adjusted_by, row.adjusted_at = user, timezone.now()
        row.revision += 1
        row.save()
        _tell_after_commit(classification)
    return row


def _locked(classification_id: int, user) -> Classification:
    """The row, locked: steps, adjustments and runs follow one another."""
    mine = Classification.objects.editable_by(user).filter(pk=classification_id)
    row = mine.select_related("run").select_for_update(of=("self",)).first()
    if row is None:
        raise PermissionDenied
    return row


def _check_step(row: Classification, to_step: str, user, from_step: str | None, comment: str) -> None:
    roles = CLASSIFICATION_TRANSITIONS.get((row.step, to_step))
    if roles is None or from_step not in (None, row.step):
        raise StepError(
            f"この支援分類は現在「{row.get_step_display()}」の段階です。画面を読み込み直して確かめてください。"
        )
    if user.role not in roles:
        raise PermissionDenied
    if (row.step, to_step) in CLASSIFICATION_REASON_REQUIRED and not comment:
        raise StepError("公表を取り下げる理由を入力してください。")
    flagged = sum(one.needs_review for one in row.assignments.all()) if to_step == _C.PROPOSED else 0
    if flagged and row.step == _C.HEARING:
        raise StepError(f"調整の後で算定が変わった団体が{flagged}あります。調整を見直してから案にしてください。")


def _check_adjustment(
    classification: Classification, row: TierAssignment, tier: int | None, reason: str, revision: int
) -> None:
    if classification.step != _C.HEARING:
        raise StepError("分類を調整できるのは「ヒアリング調整」の段階だけです。")
    if row.revision != revision:
        raise StaleError(row)
    if tier is not None and tier not in Tier.values:
        raise StepError("分類を選択してください。")
    if tier is not None and not reason:
        raise StepError("調整の理由を入力してください。")


def _tell_after_commit(row: Classification) -> None:
    transaction.on_commit(functools.partial(tiers_changed.send_robust, sender=Survey, survey_id=row.survey_id))
