"""Addresses of the calendar and the occasions."""

from django.urls import path

from dxportal.core.occasions.enums import OccasionMove
from dxportal.core.occasions.views import busy, calendar, feeds, kinds, moves, occasion

app_name = "occasions"
ONE = "occasions/<int:pk>"

urlpatterns = [
    path("calendar/", calendar.MonthPage.as_view(), name="calendar"),
    path("calendar/list/", calendar.DayListPage.as_view(), name="list"),
    path("calendar/feeds/", feeds.FeedList.as_view(), name="feed_list"),
    path("calendar/feeds/new/", feeds.FeedMake.as_view(), name="feed_make"),
    path("calendar/feeds/<int:pk>/renew/", feeds.FeedRenew.as_view(), name="feed_renew"),
    path("calendar/feeds/<int:pk>/end/", feeds.FeedEnd.as_view(), name="feed_end"),
    path("calendar/feed/<str:token>.ics", feeds.feed, name="feed"),
    path("busy-periods/", busy.BusyList.as_view(), name="busy_list"),
    path("busy-periods/new/", busy.BusyCreate.as_view(), name="busy_create"),
    path("busy-periods/<int:pk>/edit/", busy.BusyEdit.as_view(), name="busy_edit"),
    path("busy-periods/<int:pk>/delete/", busy.BusyDelete.as_view(), name="busy_delete"),
    path("occasion-kinds/", kinds.KindList.as_view(), name="kind_list"),
    path("occasion-kinds/new/", kinds.KindCreate.as_view(), name="kind_create"),
    path("occasion-kinds/<int:pk>/edit/", kinds.KindEdit.as_view(), name="kind_edit"),
    path("occasions/new/", occasion.Create.as_view(), name="create"),
    path(f"{ONE}/", occasion.Detail.as_view(), name="detail"),
    path(f"{ONE}/edit/", occasion.Edit.as_view(), name="edit"),
    path(f"{ONE}/attendance/", occasion.AttendancePage.as_view(), name="attendance"),
    path(f"{ONE}/history/", occasion.OccasionHistory.as_view(), name="history"),
    path(f"{ONE}/replace/", moves.Replace.as_view(), name="replace"),
    *(path(f"{ONE}/{move.value}/", moves.MoveOccasion.as_view(move=move), name=move.value) for move in OccasionMove),
]
