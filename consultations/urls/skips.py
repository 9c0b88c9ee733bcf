from django.urls import URLPattern, path

from consultations.views.skips import pages

urlpatterns: list[URLPattern] = [
    path("", pages.SkipPage.as_view(), name="skips"),
    path("<int:pk>/remove/", pages.SkipRemove.as_view(), name="skip_remove"),
]
