from django.urls import URLPattern, path

from consultations.enums import ActionMove
from consultations.views.actions import detail, digest, form, lists

MOVES = {"done": ActionMove.CARRY_OUT, "drop": ActionMove.DROP, "reopen": ActionMove.REOPEN}

urlpatterns: list[URLPattern] = [
    path("", lists.ActionBoard.as_view(), name="actions"),
    path("list/", lists.ActionList.as_view(), name="action_list"),
    path("print/", lists.ActionPaper.as_view(), name="action_paper"),
    path("new/", form.ActionCreate.as_view(), name="action_create"),
    path("digest/", digest.DigestPage.as_view(), name="digest"),
    path("<int:pk>/", detail.ActionDetail.as_view(), name="action"),
    path("<int:pk>/edit/", form.ActionEdit.as_view(), name="action_edit"),
    *(
        path(f"<int:pk>/{word}/", detail.ActionMoved.as_view(move=move), name=f"action_{word}")
        for word, move in MOVES.items()
    ),
]
