"""Storing a computed run: all of it in one transaction, so that a killed worker leaves the last complete run in force.

No pandas here: pages that read runs may import this module.
"""

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from assessments.domain.scores.scoring import QuestionScore, SectionScore, round1
from assessments.domain.tiers.rules import Priority
from assessments.enums import FROZEN_STEPS, ClassificationStep, RunState
from assessments.models import (
    Classification,
    ClassificationRun,
    ClassificationTransition,
    PriorityScheme,
    StoredScoreCard,
    Survey,
    TierAssignment,
    TierScheme,
)
from assessments.signals import tiers_changed
from dxportal.core.workflow.errors import NotPossible

ALGORITHM = "1"  # raised when the same input would give another result


LOCK_CLASS = 0x5C07E  # any number of our own: the first half of the advisory lock's key


LONGEST_WAIT = "60s"


KEPT_RUNS = 5


BUSY = "同じ調査の処理が続いています。しばらくしてから、もう一度実行してください。"
FROZEN = "支援分類が「案」または「決定・公表」のため、得点と分類を変えられません。先に段階を戻してください。"


COLUMNS = (
    "run_id", "organization_id", "total_numerator", "total_denominator", "total_rounded", "maximum", "tier",
    "priority", "supports", "sections", "questions", "answered", "unanswered",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardRow:
    """One municipality's result, ready to be stored."""

    organization: int
    total: Fraction
    maximum: int
    sections: Sequence[SectionScore]
    questions: Sequence[QuestionScore] = ()
    tier: int | None = None
    priority: Priority | None = None
    answered: int = 0
    unanswered: int = 0


@contextmanager
def survey_lock(survey_id: int) -> Iterator[None]:
    """One computation a survey at a time, over all processes; a second one waits for the first and then reads its
    result. A transaction of its own; the lock ends with it, whatever happens to the process. NotPossible ("busy") after a
    minute of waiting."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Local to the transaction (true): what comes later on this connection waits as it always does.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
        try:
            with transaction.atomic():
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, survey_id])
        except OperationalError as error:
            # Another process has been computing the same survey for longer than anybody should wait.
            raise NotPossible(BUSY, code="busy") from error
        yield


def changeable_classification(survey: Survey) -> Classification | None:
    """The survey's classification, its row locked so that no step is taken meanwhile; NotPossible ("frozen") when it is
    proposed or published: a new run would change it under the readers' eyes."""
    classification = Classification.objects.select_for_update().filter(survey=survey).first()
    if classification and classification.step in FROZEN_STEPS:
        raise NotPossible(FROZEN, code="frozen")
    return classification


def find_complete(survey: Survey, digest: str) -> ClassificationRun | None:
    """A complete run from the same input: its cards need not be computed again."""
    return survey.runs.filter(input_digest=digest, state=RunState.COMPLETE).first()


def store(survey: Survey, cards: Iterable[CardRow], **fields: Any) -> ClassificationRun:
    """Writes a complete run with its cards; ``fields`` are the run's own. It is not in force yet."""
    run = ClassificationRun.objects.create(
        survey=survey, state=RunState.COMPLETE, completed_at=timezone.now(), **fields
    )
    write = _Writer()
    # COPY takes a row as it is made, so that the cards of a large survey need not all be there at once.
    copy_in = f"COPY assessments_scorecard ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for card in cards:
            copy.write_row(write.row(run.pk, card))
    return run


def put_in_force(survey: Survey, run: ClassificationRun) -> None:
    """Makes ``run`` the one that pages read; tiers follow it, adjustments stay; news after the commit."""
    classification = changeable_classification(survey)
    # First out, then in: a constraint allows one run in force a survey.
    survey.runs.filter(in_force=True).exclude(pk=run.pk).update(in_force=False)
    run.in_force = True
    run.save(update_fields=["in_force"])
    follow_run(survey, run, classification)
    # An open survey is computed after every submission: beyond the latest few, only runs that a step of the
    # classification rests on are kept.
    kept = list(survey.runs.order_by("-completed_at", "-pk").values_list("pk", flat=True)[:KEPT_RUNS])
    based = ClassificationTransition.objects.filter(classification__survey=survey, run__isnull=False).values("run")
    needed = Q(in_force=True) | Q(pk__in=kept) | Q(pk__in=based)
    old = list(survey.runs.exclude(needed).values_list("pk", flat=True))
    # Nothing points at cards: deleting them without fetching them first costs one statement.
    StoredScoreCard.objects.filter(run__in=old)._raw_delete(using=connection.alias)
    ClassificationRun.objects.filter(pk__in=old).delete()
    transaction.on_commit(functools.partial(tiers_changed.send_robust, sender=ClassificationRun, survey_id=survey.pk))


class _Writer:
    """Cards as rows. The bulk path shares one object between all responses with the same result, so each is written
    as JSON once."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[object, str]] = {}

    def row(self, run: int, card: CardRow) -> tuple[Any, ...]:
        return (
            run,
            card.organization,
            card.total.numerator,
            card.total.denominator,
            round1(card.total),
            card.maximum,
            card.tier,
            card.priority.level if card.priority else "",
            json.dumps(card.priority.supports if card.priority else [], ensure_ascii=False),
            f"[{','.join(self._once(section, section_data) for section in card.sections)}]",
            f"{{{','.join(self._once(question, _question_pair) for question in card.questions)}}}",
            card.answered,
            card.unanswered,
        )

    def _once(self, value: Any, write: Any) -> str:
        # The object is kept with its text: an id is only unique while its object lives.
        if id(value) not in self._texts:
            self._texts[id(value)] = (value, write(value))
        return self._texts[id(value)][1]


def section_data(section: SectionScore) -> str:
    """A section's score as JSON (see ``StoredScoreCard.sections``)."""
    data = {
        "code": section.code,
        "kind": str(section.kind),
        "step": section.step,
        "title": section.title,
        "earned": section.earned,
        "possible": section.possible,
        "score": [section.score.numerator, section.score.denominator],
        "rounded": float(round1(section.score)),
        "worth": section.worth,
    }
    return json.dumps(data, ensure_ascii=False)


def _question_pair(question: QuestionScore) -> str:
    value = [question.earned, question.possible, question.state]
    return f"{json.dumps(question.code)}:{json.dumps(value)}"


def fingerprint(head: dict[str, Any], content: bytes = b"") -> str:
    """SHA-256 of plain data and bytes."""
    whole = {"algorithm": ALGORITHM, **head}
    digest = hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode())
    digest.update(content)
    return digest.hexdigest()


def scheme_key(scheme: TierScheme | PriorityScheme | None) -> list[Any] | None:
    """What of a scheme the result depends on."""
    return [scheme.code, scheme.version, scheme.data] if scheme else None


def follow_run(survey: Survey, run: ClassificationRun, classification: Classification | None) -> None:
    """Tiers as the run computed them; an adjusted tier stays (``needs_review`` flags it when the computed one moved).

    A municipality that the run has no tier for loses its row unless it was adjusted. A run without tiers (a priority
    scheme alone) begins no classification.
    """
    tiers = run.cards.values_list("organization", "tier")
    computed = {organization: tier for organization, tier in tiers if tier is not None}
    if classification is None:
        if not computed:
            return
        classification = Classification.objects.create(survey=survey, run=run, step=ClassificationStep.COMPUTED)
    elif classification.run_id != run.pk:
        classification.run = run
        classification.save(update_fields=["run"])
    _follow(classification, computed)


def _follow(classification: Classification, computed: dict[int, int]) -> None:
    changed = []
    gone = []
    for row in classification.assignments.all():
        tier = computed.pop(row.organization_id, None)
        if tier is None:
            gone += [] if row.is_adjusted else [row.pk]
        elif tier != row.computed_tier:
            row.computed_tier = tier
            row.tier = row.tier if row.is_adjusted else tier
            changed.append(row)
    classification.assignments.filter(pk__in=gone).delete()
    TierAssignment.objects.bulk_update(changed, ["computed_tier", "tier"], batch_size=500)
    TierAssignment.objects.bulk_create(
        TierAssignment(classification=classification, organization_id=organization, computed_tier=tier, tier=tier)
        for organization, tier in computed.items()
    )
