"""Addresses of ui."""

from django.urls import path

from dxportal.core.ui import views

app_name = "ui"
urlpatterns = [
    path("management/", views.management, name="management"),
    path("ui/", views.sample_page, name="samples"),
    path("ui/keep-alive/", views.keep_alive, name="keep_alive"),
    path("ui/who/", views.who_is_there, name="who"),
    path("ui/date/", views.read_date, name="read_date"),
]
