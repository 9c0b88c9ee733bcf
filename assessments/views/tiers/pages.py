"""支援分類: the board of a survey's tiers; a municipality sees its own tier, once published."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.generic import DetailView

from assessments.domain.tiers.listing import SORTS, TierListing, arrange, changed_since, listing_of
from assessments.domain.tiers.moves import possible_steps
from assessments.domain.tiers.scheduling import latest_job
from assessments.domain.tiers.stored_schemes import schemes_of
from assessments.enums import FROZEN_STEPS, ClassificationStep, SurveySource
from assessments.models import Survey, TierAssignment
from assessments.views.surveys.base import survey_crumbs
from dxportal.core.accounts.views.mixins import ScopedMixin

# What each step is for, in the words of the page.
STEP_NOTES = {
    ClassificationStep.COMPUTED: "得点から算定した分類です。市町村には見えません。",
    ClassificationStep.HEARING: "ヒアリングの結果で、団体ごとに分類を調整できます。市町村には見えません。",
    ClassificationStep.PROPOSED: "県内部の案です。算定と調整は止まっています。市町村には見えません。",
    ClassificationStep.PUBLISHED: "決定し、公表しています。市町村は自団体の分類を見られます。",
}
ACTS = {
    (ClassificationStep.COMPUTED, ClassificationStep.HEARING): "ヒアリング調整を始める",
    (ClassificationStep.HEARING, ClassificationStep.PROPOSED): "案にする",
    (ClassificationStep.PROPOSED, ClassificationStep.PUBLISHED): "決定して公表する",
    (ClassificationStep.HEARING, ClassificationStep.COMPUTED): "算定に戻す",
    (ClassificationStep.PROPOSED, ClassificationStep.HEARING): "ヒアリング調整に戻す",
    (ClassificationStep.PUBLISHED, ClassificationStep.PROPOSED): "公表を取り下げる",
}
FORWARD = frozenset(list(ACTS)[:3])


class TierBoard(ScopedMixin, DetailView):
    model = Survey
    scope = "for_user"

    def get_queryset(self):
        return super().get_queryset().select_related("prefecture", "questionnaire", "tier_scheme", "priority_scheme")

    def get_template_names(self):
        own = self.request.user.acting.organization.is_municipality
        return ["assessments/tiers/own.html" if own else "assessments/tiers/board.html"]

    def get_context_data(self, **kwargs):
        survey, user = self.object, self.request.user
        board = listing_of(survey, user)
        context = {"board": board, "crumbs": survey_crumbs(survey, ("支援分類", None))}
        if user.acting.organization.is_municipality:
            return super().get_context_data(**kwargs) | context | own_tier(board, user.acting.organization_id)
        context |= frame(board, user) | table(board, self.request.GET)
        return super().get_context_data(**kwargs) | context


def frame(board: TierListing, user) -> dict:
    """Steps, run and what the person may do."""
    survey, step = board.survey, board.classification.step if board.classification else None
    staff = user.is_prefecture_staff
    return {
        "steps": steps(step),
        "step_note": STEP_NOTES.get(step, ""),
        "columns": board.columns(),
        "scheme": board.run.tier_scheme if board.run else schemes_of(survey)[0],
        "staff": staff,
        "job": latest_job(survey) if staff else None,
        "acts": acts(board, user) if board.classification else [],
        "may_run": staff and step not in FROZEN_STEPS and survey.source == SurveySource.ANSWERS,
        "may_import": staff and step not in FROZEN_STEPS and survey.source == SurveySource.IMPORTED,
        "may_adjust": staff and step == ClassificationStep.HEARING,
        "changed": changed_since(survey, board.run) if board.run and staff else 0,
        "moves": board.classification.transitions.all() if board.classification else [],
    }


def steps(now: str | None) -> list[tuple[str, str]]:
    """For the list of steps: done, current, to do."""
    order = list(ClassificationStep)
    place = order.index(ClassificationStep(now)) if now else -1
    states = ["done" if at < place else "current" if at == place else "todo" for at in range(len(order))]
    return [(step.label, state) for step, state in zip(order, states, strict=True)]


def acts(board: TierListing, user) -> list[tuple[str, str, bool]]:
    """(label, address, forward) of the steps that the person may take."""
    now, possible = board.classification.step, possible_steps(board.classification, user)
    return [
        (label, reverse("assessments:tiers_step", args=[board.survey.pk, to]), (now, to) in FORWARD)
        for (before, to), label in ACTS.items()
        if before == now and to in possible
    ]


def table(board: TierListing, query) -> dict:
    """The rows as filtered and sorted by the address; what it cannot mean is left out."""
    bureau, tier, sort = (query.get(name, "") for name in ("bureau", "tier", "sort"))
    bureau = int(bureau) if bureau.isascii() and bureau.isdecimal() else None
    tier = tier if tier in ("1", "2", "3", "4", "none") else ""
    adjusted = query.get("adjusted") == "1"
    sort = sort if sort.removeprefix("-") in SORTS else ""
    bureaus = {row.organization.parent_id: row.organization.parent for row in board.rows}
    return {
        "rows": arrange(board.rows, bureau=bureau, tier=tier, adjusted=adjusted, sort=sort),
        "bureaus": sorted(bureaus.values(), key=lambda one: (one.sort_order, one.name)),
        "chosen": {"bureau": bureau, "tier": tier, "adjusted": adjusted, "any": bool(bureau or tier or adjusted)},
        "sort": sort,
        "query": query.urlencode(),
    }


def own_tier(board: TierListing, organization_id: int) -> dict:
    """A municipality's own row; of the others only counts, and names when the prefecture publishes them."""
    own = next((row for row in board.rows if row.organization.pk == organization_id), None)
    if not board.published:
        return {"own": None}
    everyone = TierAssignment.objects.filter(classification=board.classification)
    named = [] if board.classification.names_hidden else list(everyone.select_related("organization"))
    tiers = [one.tier for one in named] or list(everyone.values_list("tier", flat=True))
    counts = [(band, tiers.count(band.tier)) for band in board.bands]
    names = [(band, [one.organization for one in named if one.tier == band.tier]) for band in board.bands if named]
    return {"own": own, "counts": counts, "names": names, "total": len(tiers)}


class PriorityTable(ScopedMixin, DetailView):
    """支援優先度: scores of the four steps, deficits and what support follows, by the survey's priority scheme."""

    model = Survey
    scope = "for_user"
    template_name = "assessments/tiers/priority.html"

    def get_queryset(self):
        return super().get_queryset().select_related("priority_scheme")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.acting.organization.is_municipality:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        board = listing_of(self.object, self.request.user)
        context = {
            "board": board,
            "rows": arrange(board.rows, sort=self.request.GET.get("sort", "-priority")),
            "counts": [(level, sum(row.priority == level for row in board.rows)) for level in ("高", "中", "低")],
            "staff": self.request.user.is_prefecture_staff,
            "crumbs": survey_crumbs(self.object, ("支援優先度", None)),
        }
        return super().get_context_data(**kwargs) | context
