"""Addresses of the consultations."""

from django.urls import include, path

from consultations.urls import (
    actions,
    materials,
    products,
    questions,
    register,
    sessions,
    shelf,
    skips,
    statistics,
    topics,
)

app_name = "consultations"
urlpatterns = [
    path("consultations/actions/", include(actions.urlpatterns)),
    path("consultations/shelf/", include(shelf.urlpatterns)),
    path("consultations/products/", include(products.urlpatterns)),
    path("consultations/topics/", include(topics.urlpatterns)),
    path("consultations/questions/", include(questions.urlpatterns)),
    path("consultations/register/", include(register.urlpatterns)),
    path("consultations/statistics/", include(statistics.urlpatterns)),
    path("consultations/skips/", include(skips.urlpatterns)),
    path("consultations/", include(materials.urlpatterns)),
    path("consultations/", include(sessions.urlpatterns)),
]
