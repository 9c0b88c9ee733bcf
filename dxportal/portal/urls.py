"""Addresses of portal."""

from django.urls import path

from dxportal.portal.views import audit, definitions, freshness, home, matrix, questions
from dxportal.portal.views.dashboard import export as dashboard_export
from dxportal.portal.views.dashboard import page as dashboard
from dxportal.portal.views.karte import export as karte_export
from dxportal.portal.views.karte import page as karte

app_name = "portal"
urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("dashboard/", dashboard.DashboardPage.as_view(), name="dashboard"),
    path("dashboard/export/", dashboard_export.DashboardExport.as_view(), name="dashboard_export"),
    path("dashboard/questions/", questions.QuestionGo.as_view(), name="question_go"),
    path("dashboard/<int:survey>/questions/", questions.QuestionList.as_view(), name="question_list"),
    path("dashboard/<int:survey>/questions/<str:code>/", questions.QuestionPage.as_view(), name="question_result"),
    path(
        "dashboard/<int:survey>/questions/<str:code>/export/",
        questions.QuestionExport.as_view(),
        name="question_export",
    ),
    path("dashboard/<int:survey>/matrix/", matrix.MatrixPage.as_view(), name="matrix"),
    path("dashboard/<int:survey>/matrix/export/", matrix.MatrixExport.as_view(), name="matrix_export"),
    path("audit/", audit.Audit.as_view(), name="audit"),
    path("figures/fresh/", freshness.freshness, name="freshness"),
    path("figures/refresh/", freshness.refresh, name="refresh"),
    path("karte/", karte.KarteList.as_view(), name="karte_list"),
    path("karte/<int:pk>/", karte.KartePage.as_view(), name="karte"),
    path("karte/<int:pk>/areas/", karte.KarteAreas.as_view(), name="karte_areas"),
    path("karte/<int:pk>/history/", karte.KarteHistory.as_view(), name="karte_history"),
    path("karte/<int:pk>/answers/", karte.KarteAnswers.as_view(), name="karte_answers"),
    path("karte/<int:pk>/export/", karte_export.KarteExport.as_view(), name="karte_export"),
    path("definitions/", definitions.definition_list, name="definition_list"),
    path("definitions/<slug:slug>/", definitions.definition, name="definition"),
]
