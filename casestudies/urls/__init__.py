"""Addresses of the case library; ``/cases/<source_id>/`` comes last, the fixed words before it."""

from django.urls import include, path

from casestudies.urls import contribution as contributing
from casestudies.urls import reading, search

app_name = "casestudies"
urlpatterns = [
    path("cases/", include(search.urlpatterns)),
    path("cases/", include(contributing.urlpatterns)),
    path("cases/", include(reading.urlpatterns)),
]
