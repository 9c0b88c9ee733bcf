from django.urls import URLPattern, path

from consultations.views.topics import detail, files, form, lists

urlpatterns: list[URLPattern] = [
    path("", lists.TopicList.as_view(), name="topics"),
    path("new/", form.TopicCreate.as_view(), name="topic_create"),
    path("<int:pk>/", detail.TopicDetail.as_view(), name="topic"),
    path("<int:pk>/edit/", form.TopicEdit.as_view(), name="topic_edit"),
    path("<int:pk>/delete/", detail.TopicDelete.as_view(), name="topic_delete"),
    path("<int:pk>/remarks/", detail.TopicRemark.as_view(), name="topic_remark"),
    path("<int:pk>/files/", files.TopicFiles.as_view(), name="topic_files"),
    path("<int:pk>/files/<int:file>/", files.TopicFile.as_view(), name="topic_file"),
    path("<int:pk>/files/<int:file>/delete/", files.TopicFileDelete.as_view(), name="topic_file_delete"),
]
