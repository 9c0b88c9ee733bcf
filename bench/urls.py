"""All addresses of the portal, and the floors."""

from django.urls import path

from bench import floors
from dxportal.urls import *  # noqa: F403
from dxportal.urls import urlpatterns as portal

urlpatterns = [
    path("bench/empty/", floors.empty, name="bench_empty"),
    path("bench/update/<int:pk>/", floors.bare_update, name="bench_update"),
    *portal,
]
