"""Addresses of score cards."""

from django.urls import path

from assessments.views import scores

urlpatterns = [
    path("score-cards/<int:pk>/", scores.ScoreCardDetail.as_view(), name="score_card"),
]
