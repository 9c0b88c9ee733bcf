"""Addresses of surveys: setting up, progress, what is done with responses, reminders, history."""

from django.urls import path

from assessments.views.surveys import form, history, list, moves, progress, reminders, responses, takeover

urlpatterns = [
    path("surveys/", list.SurveyList.as_view(), name="survey_list"),
    path("surveys/new/", form.SurveyCreate.as_view(), name="survey_create"),
    path("surveys/<int:pk>/", progress.SurveyDetail.as_view(), name="survey_detail"),
    path("surveys/<int:pk>/export/", progress.SurveyExport.as_view(), name="survey_export"),
    path("surveys/<int:pk>/edit/", form.SurveyEdit.as_view(), name="survey_edit"),
    path("surveys/<int:pk>/open/", moves.SurveyOpen.as_view(), name="survey_open"),
    path("surveys/<int:pk>/close/", moves.SurveyClose.as_view(), name="survey_close"),
    path("surveys/<int:pk>/reopen/", moves.SurveyReopen.as_view(), name="survey_reopen"),
    path("surveys/<int:pk>/confirm/", moves.ConfirmAll.as_view(), name="survey_confirm_all"),
    path("surveys/<int:pk>/reminders/", reminders.ReminderLog.as_view(), name="reminder_log"),
    path("surveys/<int:pk>/reminders/new/", reminders.Remind.as_view(), name="remind"),
    path("surveys/<int:pk>/takeover/", takeover.SurveyTakeover.as_view(), name="survey_takeover"),
    path("surveys/<int:pk>/history/", history.SurveyHistory.as_view(), name="survey_history"),
    path("responses/<int:pk>/extend/", responses.ResponseExtend.as_view(), name="response_extend"),
    path("responses/<int:pk>/return/", responses.ResponseReturn.as_view(), name="response_return"),
    path("responses/<int:pk>/accept/", responses.ResponseAccept.as_view(), name="response_accept"),
    path("responses/<int:pk>/history/", history.ResponseHistory.as_view(), name="response_history"),
]
