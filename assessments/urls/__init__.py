"""All addresses of the assessments, in one namespace."""

from assessments.urls import answering, questionnaires, scores, surveys, tiers

app_name = "assessments"
urlpatterns = [
    *questionnaires.urlpatterns,
    *surveys.urlpatterns,
    *answering.urlpatterns,
    *scores.urlpatterns,
    *tiers.urlpatterns,
]
