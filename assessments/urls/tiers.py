"""Addresses of tiers: the list, what is tried and decided on it, priorities, imported scores."""

from django.urls import path

from assessments.views.tiers import history, list, moves, schemes, step_scores, trial, years

urlpatterns = [
    path("surveys/<int:pk>/tiers/", list.TierList.as_view(), name="tiers"),
    path("surveys/<int:pk>/tiers/export/", list.TierExport.as_view(), name="tiers_export"),
    path("surveys/<int:pk>/tiers/run/", moves.RequestRun.as_view(), name="classification_run"),
    path("surveys/<int:pk>/tiers/trial/", trial.TierTrial.as_view(), name="tiers_trial"),
    path("surveys/<int:pk>/tiers/thresholds/", trial.ThresholdSave.as_view(), name="tiers_thresholds"),
    path("surveys/<int:pk>/tiers/steps/<slug:step>/", moves.TakeStep.as_view(), name="tiers_step"),
    path("surveys/<int:pk>/tiers/movement/", years.TierMovement.as_view(), name="tiers_movement"),
    path("surveys/<int:pk>/tiers/schemes/", schemes.SurveySchemes.as_view(), name="tiers_schemes"),
    path("surveys/imported/new/", schemes.ImportedSurveyCreate.as_view(), name="imported_survey_create"),
    path("surveys/<int:pk>/priority/", list.PriorityList.as_view(), name="priority"),
    path("surveys/<int:pk>/priority/export/", list.PriorityExport.as_view(), name="priority_export"),
    path("surveys/<int:pk>/step-scores/", step_scores.StepScoreImport.as_view(), name="step_scores_import"),
    path(
        "surveys/<int:pk>/step-scores/template/", step_scores.StepScoreTemplate.as_view(), name="step_scores_template"
    ),
    path("tiers/<int:pk>/adjust/", moves.TierAdjust.as_view(), name="tier_adjust"),
    path("tiers/<int:pk>/history/", history.TierHistory.as_view(), name="tier_history"),
    path("organizations/<int:pk>/tiers/", years.OrganizationTiers.as_view(), name="organization_tiers"),
]
