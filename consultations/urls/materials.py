from django.urls import URLPattern, path

from consultations.views.materials import attachments, preparation, snippets

ONE = "sessions/<int:pk>"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}/prepare/", preparation.PreparationPage.as_view(), name="session_prepare"),
    path(f"{ONE}/files/", attachments.SessionFiles.as_view(), name="session_files"),
    path(f"{ONE}/files/<int:file>/", attachments.SessionFile.as_view(), name="session_file"),
    path(f"{ONE}/files/<int:file>/delete/", attachments.SessionFileDelete.as_view(), name="session_file_delete"),
    path("snippets/", snippets.SnippetList.as_view(), name="snippets"),
    path("snippets/new/", snippets.SnippetCreate.as_view(), name="snippet_create"),
    path("snippets/<int:pk>/", snippets.SnippetEdit.as_view(), name="snippet_edit"),
    path("snippets/<int:pk>/delete/", snippets.SnippetDelete.as_view(), name="snippet_delete"),
]
