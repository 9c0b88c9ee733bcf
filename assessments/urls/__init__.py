"""All addresses of the assessments, in one namespace."""

from assessments.urls import answering, surveys, tiers

app_name = "assessments"
urlpatterns = [*surveys.urlpatterns, *answering.urlpatterns, *tiers.urlpatterns]
