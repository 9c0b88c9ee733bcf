"""Addresses of questionnaires."""

from django.urls import path

from assessments.views import questionnaires

urlpatterns = [
    path("questionnaires/", questionnaires.QuestionnaireList.as_view(), name="questionnaire_list"),
    path("questionnaires/<int:pk>/", questionnaires.QuestionnaireDetail.as_view(), name="questionnaire_detail"),
    path(
        "questionnaires/<int:pk>/changes/", questionnaires.QuestionnaireChanges.as_view(), name="questionnaire_changes"
    ),
]
