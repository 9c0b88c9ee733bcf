"""Addresses of the consultations."""

from django.urls import include, path

from consultations.urls import actions

app_name = "consultations"
urlpatterns = [path("consultations/actions/", include(actions.urlpatterns))]
