from django.urls import URLPattern, path

from casestudies.views.search import export, json, page, saved

urlpatterns: list[URLPattern] = [
    path("", page.SearchPage.as_view(), name="search"),
    path("search.json", json.SearchJson.as_view(), name="search_json"),
    path("export/", export.SearchExport.as_view(), name="search_export"),
    path("saved/", saved.SavedList.as_view(), name="saved"),
    path("saved/<int:pk>/rename/", saved.SavedRename.as_view(), name="saved_rename"),
    path("saved/<int:pk>/delete/", saved.SavedDelete.as_view(), name="saved_delete"),
]
