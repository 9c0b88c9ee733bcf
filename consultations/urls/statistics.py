from django.urls import URLPattern, path

from consultations.views.statistics import page

urlpatterns: list[URLPattern] = [path("", page.StatisticsPage.as_view(), name="statistics")]
