"""The municipalities' tiers in a classification: following a run, keeping what was decided by hand."""

from assessments.enums import ClassificationStep
from assessments.models import Classification, ClassificationRun, Survey, TierAssignment


def follow_run(survey: Survey, run: ClassificationRun, classification: Classification | None) -> None:
    """Tiers as the run computed them; an adjusted tier stays (``needs_review`` flags it when the computed one moved).

    A municipality that the run has no tier for loses its row unless it was adjusted. A run without tiers (a priority
    scheme alone) begins no classification.
    """
    computed = dict(run.cards.exclude(tier=None).values_list("organization", "tier"))
    if classification is None:
        if not computed:
            return
        classification = Classification.objects.create(survey=survey, run=run, step=ClassificationStep.COMPUTED)
    elif classification.run_id != run.pk:
        classification.run = run
        classification.save(update_fields=["run"])
    _follow(classification, computed)


def _follow(classification: Classification, computed: dict[int, int]) -> None:
    changed, gone = [], []
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
