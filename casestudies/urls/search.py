from django.urls import URLPattern, path

from casestudies.views.search import export as searching_export
from casestudies.views.search import pages as searching
from casestudies.views.search import saved as searching_saved

urlpatterns: list[URLPattern] = [
    path("", searching.SearchPage.as_view(), name="search"),
    path("search.json", searching.SearchJson.as_view(), name="search_json"),
    path("export/", searching_export.SearchExport.as_view(), name="search_export"),
    path("saved/", searching_saved.SavedList.as_view(), name="saved"),
    path("saved/<int:pk>/rename/", searching_saved.SavedRename.as_view(), name="saved_rename"),
    path("saved/<int:pk>/delete/", searching_saved.SavedDelete.as_view(), name="saved_delete"),
]
