"""Addresses of surveys: setting up, progress, returns, reminders, questionnaires, history."""

from django.urls import path

from assessments.views import history, questionnaires
from assessments.views.surveys import moves as survey_acts
from assessments.views.surveys import progress, reminders, returns, surveys

urlpatterns = [
    path("surveys/", surveys.SurveyList.as_view(), name="survey_list"),
    path("surveys/new/", surveys.SurveyCreate.as_view(), name="survey_create"),
    path("surveys/<int:pk>/", progress.SurveyDetail.as_view(), name="survey_detail"),
    path("surveys/<int:pk>/export/", progress.SurveyExport.as_view(), name="survey_export"),
    path("surveys/<int:pk>/edit/", surveys.SurveyEdit.as_view(), name="survey_edit"),
    path("surveys/<int:pk>/open/", survey_acts.SurveyOpen.as_view(), name="survey_open"),
    path("surveys/<int:pk>/close/", survey_acts.SurveyClose.as_view(), name="survey_close"),
    path("surveys/<int:pk>/reopen/", survey_acts.SurveyReopen.as_view(), name="survey_reopen"),
    path("surveys/<int:pk>/confirm/", returns.ConfirmAll.as_view(), name="survey_confirm_all"),
    path("surveys/<int:pk>/reminders/", reminders.ReminderLog.as_view(), name="reminder_log"),
    path("surveys/<int:pk>/reminders/new/", reminders.Remind.as_view(), name="remind"),
    path("surveys/<int:pk>/history/", history.SurveyHistory.as_view(), name="survey_history"),
    path("responses/<int:pk>/extend/", returns.ResponseExtend.as_view(), name="response_extend"),
    path("responses/<int:pk>/return/", returns.ResponseReturn.as_view(), name="response_return"),
    path("responses/<int:pk>/accept/", returns.ResponseAccept.as_view(), name="response_accept"),
    path("responses/<int:pk>/history/", history.ResponseHistory.as_view(), name="response_history"),
    path("tiers/<int:pk>/history/", history.TierHistory.as_view(), name="tier_history"),
    path("questionnaires/", questionnaires.QuestionnaireList.as_view(), name="questionnaire_list"),
    path("questionnaires/<int:pk>/", questionnaires.QuestionnaireDetail.as_view(), name="questionnaire_detail"),
    path(
        "questionnaires/<int:pk>/changes/", questionnaires.QuestionnaireChanges.as_view(), name="questionnaire_changes"
    ),
]
