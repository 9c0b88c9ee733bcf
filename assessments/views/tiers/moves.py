"""Acts on a classification: computing, adjusting one municipality, taking a step."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from assessments.domain.tiers.listing import listing_of
from assessments.domain.tiers.moves import adjust, make_move, possible_moves
from assessments.domain.tiers.scheduling import request_classification
from assessments.domain.tiers.stored_schemes import tier_rules
from assessments.enums import CLASSIFICATION_MOVES, FROZEN_STEPS, ClassificationMove, ClassificationStep, SurveySource
from assessments.forms.tiers import AdjustForm, PublishForm, StepForm, WithdrawForm
from assessments.models import Classification, TierAssignment
from assessments.views.tiers.base import TierAct, tier_crumbs
from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.ui.pages import ActPage, ScopedObject, fetch
from dxportal.core.workflow.errors import NotPossible

MOVE_FORMS = {ClassificationMove.PUBLISH: PublishForm, ClassificationMove.WITHDRAW: WithdrawForm}


class RequestRun(TierAct):
    """Queues a run; while one is under way, that one is shown."""

    post_only = True

    def act(self, form):
        if self.survey.source != SurveySource.ANSWERS:
            raise NotPossible("得点を取り込む調査です。回答からは算定できません。")
        if Classification.objects.filter(survey=self.survey, step__in=FROZEN_STEPS).exists():
            raise NotPossible("「案」または「決定・公表」の段階では算定できません。先に段階を戻してください。")
        request_classification(self.survey, user=self.user)
        return "算定を受け付けました。終わるとこの画面に反映されます。"


class TierAdjust(ScopedObject, ActPage):
    """One municipality's tier set by hand, with the reason."""

    model = TierAssignment
    scope = "for_user"
    roles = PREFECTURE_ROLES
    name = "assignment"
    related = ("organization", "classification__survey", "classification__run__tier_scheme", "adjusted_by")
    form_class = AdjustForm
    template_name = "assessments/tiers/adjust.html"

    @property
    def heading(self):
        return f"{self.assignment.organization}の分類の調整"

    @property
    def bands(self):
        return {band.tier: band for band in tier_rules(self.assignment.classification.run.tier_scheme).bands}

    def not_now(self):
        if self.assignment.classification.step == ClassificationStep.HEARING:
            return ""
        return "分類を調整できるのは「ヒアリング調整」の段階だけです。"

    def get_initial(self):
        assignment = self.assignment
        chosen = str(assignment.tier) if assignment.is_adjusted else ""
        return {"tier": chosen, "reason": assignment.reason, "revision": assignment.revision}

    def get_form_kwargs(self):
        names = {tier: band.name for tier, band in self.bands.items()}
        return {"names": names, "computed": self.assignment.computed_tier}

    def act(self, form):
        values = {name: form.cleaned_data[name] for name in ("reason", "revision")}
        row = adjust(self.assignment.pk, tier=form.chosen(), user=self.user, **values)
        return f"{row.organization}の分類を「{self.bands[row.tier].name}」にしました。"

    def get_success_url(self):
        return reverse("assessments:tiers", args=[self.assignment.classification.survey_id])

    def crumbs(self):
        return tier_crumbs(self.assignment.classification.survey, self.heading)

    def get_context_data(self, **kwargs):
        bands = self.bands
        computed = bands[self.assignment.computed_tier]
        return super().get_context_data(band=bands[self.assignment.tier], computed=computed, **kwargs)


class TakeStep(TierAct):
    """Asks before a step, naming what follows from it, and takes it."""

    template_name = "assessments/tiers/step.html"
    revision_field = "from_step"

    def enter(self):
        if self.kwargs["step"] not in ClassificationStep.values:
            raise Http404
        super().enter()
        self.classification = self.fetch_classification()

    def fetch_classification(self) -> Classification:
        return fetch(Classification, "editable_by", self.user, {"survey": self.survey})

    @property
    def target(self) -> ClassificationStep:
        return ClassificationStep(self.kwargs["step"])

    def move_from(self, step: str) -> ClassificationMove | None:
        """The move that leads from ``step`` to the address's; None where there is none."""
        transition = CLASSIFICATION_MOVES.between(step, self.target)
        return ClassificationMove(transition.move) if transition else None

    @property
    def heading(self):
        move = self.move_from(self.classification.step)
        return move.label if move else self.target.label

    @property
    def form_class(self):
        return MOVE_FORMS.get(self.move_from(self.classification.step), StepForm)

    def get(self, request, *args, **kwargs):
        now = self.classification
        move = self.move_from(now.step)
        if move in possible_moves(now, self.user):
            return super().get(request, *args, **kwargs)
        if move:  # an admin's step
            raise PermissionDenied
        messages.error(request, f"この支援分類は現在「{now.get_step_display()}」の段階です。")
        return redirect(self.get_success_url())

    def get_initial(self):
        return {"from_step": self.classification.step, "names": "hidden"}

    def act(self, form):
        # From where the person saw it: a step taken meanwhile is never taken back or repeated unseen.
        move = self.move_from(form.cleaned_data["from_step"])
        if move is None:
            now = self.classification.get_step_display()
            raise NotPossible(f"この支援分類は現在「{now}」の段階です。画面を読み込み直して確かめてください。")
        values = {"comment": form.cleaned_data["comment"]}
        if "names" in form.cleaned_data:
            values["names_hidden"] = form.cleaned_data["names"] == "hidden"
            values["decided_on"] = form.cleaned_data["decided_on"]
        make_move(self.classification.pk, move, user=self.user, **values)
        return f"支援分類を「{self.target.label}」の段階にしました。"

    def renew(self):
        super().renew()
        self.classification = self.fetch_classification()

    def get_context_data(self, **kwargs):
        listing = listing_of(self.survey, self.user)
        context = {"listing": listing, "columns": listing.columns(), "step": self.target, "now": self.classification}
        return super().get_context_data(**context, **kwargs)
