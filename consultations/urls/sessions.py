from django.urls import URLPattern, path

from consultations.enums import MoveRequestAct
from consultations.views.sessions import detail, form, kinds, lists, log, moving, plan
from dxportal.core.occasions.enums import OccasionMove

MOVES = {
    "confirm": OccasionMove.CONFIRM,
    "cancel": OccasionMove.CANCEL,
    "reopen": OccasionMove.REOPEN,
    "revive": OccasionMove.REVIVE,
}
ANSWERS = {"take": MoveRequestAct.TAKE, "decline": MoveRequestAct.DECLINE, "withdraw": MoveRequestAct.WITHDRAW}

urlpatterns: list[URLPattern] = [
    path("", lists.SessionList.as_view(), name="sessions"),
    path("new/", form.SessionCreate.as_view(), name="session_create"),
    path("plan/", plan.YearPlanPage.as_view(), name="year_plan"),
    path("frequencies/", kinds.FrequencyPage.as_view(), name="frequencies"),
    path("kinds/", kinds.SessionKindList.as_view(), name="kinds"),
    path("kinds/<int:year>/", kinds.SessionKindList.as_view(), name="kinds_of_year"),
    path("kinds/<int:year>/<slug:code>/", kinds.SessionKindEdit.as_view(), name="kind_edit"),
    *(
        path(f"requests/<int:pk>/{word}/", moving.MoveRequestPage.as_view(deed=deed), name=f"request_{word}")
        for word, deed in ANSWERS.items()
    ),
    path("sessions/<int:pk>/", detail.SessionDetail.as_view(), name="session"),
    path("sessions/<int:pk>/log/", log.SessionLogPage.as_view(), name="session_log"),
    path("sessions/<int:pk>/texts/<slug:name>/", log.SessionTextSave.as_view(), name="session_text"),
    path("sessions/<int:pk>/memo/", detail.MemoVersions.as_view(), name="session_memo"),
    path("sessions/<int:pk>/shift/", moving.SessionShift.as_view(), name="session_shift"),
    path("sessions/<int:pk>/ask/", moving.MoveAsk.as_view(), name="session_ask"),
    path("sessions/<int:pk>/reply/", detail.ReplyPage.as_view(), name="session_reply"),
    *(
        path(f"sessions/<int:pk>/{word}/", detail.SessionMoved.as_view(move=move), name=f"session_{word}")
        for word, move in MOVES.items()
    ),
]
