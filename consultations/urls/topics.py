from django.urls import URLPattern, path

from consultations.enums import ContactMove, TopicMove
from consultations.views.topics import contact, detail, files, form, lists, release, released

MOVES = {
    "object": TopicMove.OBJECT,
    "hold": TopicMove.HOLD,
    "withdraw": TopicMove.WITHDRAW,
    "revise": TopicMove.REVISE,
}

urlpatterns: list[URLPattern] = [
    path("", lists.TopicList.as_view(), name="topics"),
    path("new/", form.TopicCreate.as_view(), name="topic_create"),
    path("propose/<int:session>/", form.TopicPropose.as_view(), name="topic_propose"),
    path("rules/", release.TopicRulesPage.as_view(), name="topic_rules"),
    path("released/", released.ReleasedList.as_view(), name="topics_released"),
    path("released/<int:pk>/", released.ReleasedTopic.as_view(), name="topic_released"),
    path("released/<int:pk>/ask/", contact.ContactAsk.as_view(), name="contact_ask"),
    path("digest/", contact.ReleaseDigestPage.as_view(), name="release_digest"),
    path("contacts/", contact.ContactRequestList.as_view(), name="contacts"),
    path("contacts/<int:pk>/", contact.ContactDetail.as_view(), name="contact"),
    path("contacts/<int:pk>/agree/", contact.ContactAnswer.as_view(move=ContactMove.AGREE), name="contact_agree"),
    path("contacts/<int:pk>/decline/", contact.ContactAnswer.as_view(move=ContactMove.DECLINE), name="contact_decline"),
    path("<int:pk>/", detail.TopicDetail.as_view(), name="topic"),
    path("<int:pk>/edit/", form.TopicEdit.as_view(), name="topic_edit"),
    path("<int:pk>/delete/", detail.TopicDelete.as_view(), name="topic_delete"),
    path("<int:pk>/remarks/", detail.TopicRemark.as_view(), name="topic_remark"),
    path("<int:pk>/show/", release.TopicShow.as_view(), name="topic_show"),
    path("<int:pk>/agree/", release.TopicAgree.as_view(), name="topic_agree"),
    *(
        path(f"<int:pk>/{word}/", release.TopicMoved.as_view(move=move), name=f"topic_{word}")
        for word, move in MOVES.items()
    ),
    path("<int:pk>/files/", files.TopicFiles.as_view(), name="topic_files"),
    path("<int:pk>/files/<int:file>/", files.TopicFile.as_view(), name="topic_file"),
    path("<int:pk>/files/<int:file>/delete/", files.TopicFileDelete.as_view(), name="topic_file_delete"),
]
