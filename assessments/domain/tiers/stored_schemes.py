"""The schemes as rows: each version stored once, read as rules, and which of them a survey is classified by."""

from django.db import transaction

from assessments.domain.questionnaires.loading import CREATED, UNCHANGED
from assessments.domain.tiers.rules import PriorityRules, TierRules
from assessments.domain.tiers.scheme_file import priority_from_data, priority_to_data, tiers_from_data, tiers_to_data
from assessments.models import PriorityScheme, Survey, TierScheme
from dxportal.core.workflow.errors import NotPossible


@transaction.atomic
def load_scheme(scheme: TierRules | PriorityRules, *, default: bool = False) -> tuple[TierScheme | PriorityScheme, str]:
    """Store a scheme's version once; the same version with other data is NotPossible.

    A new version becomes the default when asked; loading it again leaves a later choice of default alone.
    """
    model: type[TierScheme] | type[PriorityScheme]
    if isinstance(scheme, TierRules):
        model = TierScheme
        data = tiers_to_data(scheme)
    else:
        model = PriorityScheme
        data = priority_to_data(scheme)
    row, created = model.objects.select_for_update().get_or_create(
        code=scheme.code, version=scheme.version, defaults={"title": scheme.title, "data": data}
    )
    if (row.title, row.data) != (scheme.title, data):
        raise NotPossible(
            f"基準 {scheme.code} の第{scheme.version}版は登録済みで、変えられません。version を上げてください。"
        )
    if default and created:
        # The old one out first: a constraint allows one default at a time.
        model.objects.filter(is_default=True).update(is_default=False)
        row.is_default = True
        row.save(update_fields=["is_default"])
    return row, CREATED if created else UNCHANGED


def tier_rules(row: TierScheme) -> TierRules:
    """A stored scheme as the pure rules."""
    return tiers_from_data(row.code, row.version, row.title, row.data)


def priority_rules(row: PriorityScheme) -> PriorityRules:
    return priority_from_data(row.code, row.version, row.title, row.data)


def schemes_of(survey: Survey) -> tuple[TierScheme | None, PriorityScheme | None]:
    """The survey's own schemes. One that names neither is classified by the default tiers; a priority is computed
    only where the survey asks for it, since its thresholds belong to their own questionnaire."""
    if survey.tier_scheme_id or survey.priority_scheme_id:
        return survey.tier_scheme, survey.priority_scheme
    return TierScheme.objects.filter(is_default=True).first(), None
