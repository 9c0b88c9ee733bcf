"""Addresses of tiers: the board, what is tried and decided on it, cards, priorities, imported scores."""

from django.urls import path

from assessments.views.surveys import history
from assessments.views.tiers import files as tiers_files
from assessments.views.tiers import moves as tiers_acts
from assessments.views.tiers import pages as tiers
from assessments.views.tiers import schemes as tiers_schemes
from assessments.views.tiers import step_scores as tiers_import
from assessments.views.tiers import trial as tiers_trial
from assessments.views.tiers import years as tiers_years

urlpatterns = [
    path("surveys/<int:pk>/tiers/", tiers.TierBoard.as_view(), name="tiers"),
    path("surveys/<int:pk>/tiers/export/", tiers_files.TierExport.as_view(), name="tiers_export"),
    path("surveys/<int:pk>/tiers/run/", tiers_acts.classification_run, name="classification_run"),
    path("surveys/<int:pk>/tiers/trial/", tiers_trial.TierTrial.as_view(), name="tiers_trial"),
    path("surveys/<int:pk>/tiers/thresholds/", tiers_trial.ThresholdSave.as_view(), name="tiers_thresholds"),
    path("surveys/<int:pk>/tiers/steps/<slug:step>/", tiers_acts.ClassificationMoveView.as_view(), name="tiers_step"),
    path("surveys/<int:pk>/tiers/movement/", tiers_years.TierMovement.as_view(), name="tiers_movement"),
    path("surveys/<int:pk>/tiers/schemes/", tiers_schemes.SurveySchemes.as_view(), name="tiers_schemes"),
    path("surveys/imported/new/", tiers_schemes.ImportedSurveyCreate.as_view(), name="imported_survey_create"),
    path("surveys/<int:pk>/priority/", tiers.PriorityTable.as_view(), name="priority"),
    path("surveys/<int:pk>/priority/export/", tiers_files.PriorityExport.as_view(), name="priority_export"),
    path("surveys/<int:pk>/step-scores/", tiers_import.StepScoreImport.as_view(), name="step_scores_import"),
    path(
        "surveys/<int:pk>/step-scores/template/", tiers_import.StepScoreTemplate.as_view(), name="step_scores_template"
    ),
    path("tiers/<int:pk>/adjust/", tiers_acts.TierAdjust.as_view(), name="tier_adjust"),
    path("tiers/<int:pk>/history/", history.TierHistory.as_view(), name="tier_history"),
    path("organizations/<int:pk>/tiers/", tiers_years.OrganizationTiers.as_view(), name="organization_tiers"),
]
