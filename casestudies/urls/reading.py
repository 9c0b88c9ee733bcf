from django.urls import URLPattern, path

from casestudies.views.reading import bookmarks as reading_bookmarks
from casestudies.views.reading import detail as reading
from casestudies.views.reading import uptakes as reading_uptakes

urlpatterns: list[URLPattern] = [
    path("bookmarks/", reading_bookmarks.BookmarkList.as_view(), name="bookmarks"),
    path("bookmarks/print/", reading_bookmarks.BookmarkPaper.as_view(), name="bookmarks_print"),
    path("bookmarks.xlsx", reading_bookmarks.BookmarkExport.as_view(), name="bookmarks_export"),
    path("uptakes/", reading_uptakes.UptakeList.as_view(), name="uptakes"),
    path("uptakes.xlsx", reading_uptakes.UptakeExport.as_view(), name="uptakes_export"),
    path("uptakes/<int:pk>/", reading_uptakes.UptakeDetail.as_view(), name="uptake_detail"),
    path("uptakes/<int:pk>/delete/", reading_uptakes.UptakeDelete.as_view(), name="uptake_delete"),
    path("<slug:source_id>/", reading.CaseDetail.as_view(), name="detail"),
    path("<slug:source_id>/bookmark/", reading_bookmarks.BookmarkAct.as_view(), name="bookmark"),
    path("<slug:source_id>/uptake/", reading_uptakes.TakeUp.as_view(), name="uptake"),
]
