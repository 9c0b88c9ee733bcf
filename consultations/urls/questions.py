from django.urls import URLPattern, path

from consultations.enums import QuestionMove
from consultations.views.questions import ask, detail, lists

MOVES = {"withdraw": QuestionMove.WITHDRAW, "reopen": QuestionMove.REOPEN}

urlpatterns: list[URLPattern] = [
    path("", lists.TownQuestionList.as_view(), name="questions"),
    path("new/", ask.QuestionAsk.as_view(), name="question_ask"),
    path("log/", ask.QuestionLog.as_view(), name="question_log"),
    path("consent/", ask.AskingConsentPage.as_view(), name="question_consent"),
    path("<int:pk>/", detail.TownQuestionDetail.as_view(), name="question"),
    path("<int:pk>/answers/", detail.QuestionAnswer.as_view(), name="question_answer"),
    path("<int:pk>/accept/", detail.QuestionAccept.as_view(), name="question_accept"),
    path("<int:pk>/files/<int:file>/", detail.QuestionFile.as_view(), name="question_file"),
    *(
        path(f"<int:pk>/{word}/", detail.QuestionMoved.as_view(move=move), name=f"question_{word}")
        for word, move in MOVES.items()
    ),
]
