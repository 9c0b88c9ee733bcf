"""Addresses of portal."""

from django.urls import path

from dxportal.portal.views import audit, definitions, freshness, home, matrix, questions, recheck
from dxportal.portal.views.brief import page as brief
from dxportal.portal.views.dashboard import export as dashboard_export
from dxportal.portal.views.dashboard import page as dashboard
from dxportal.portal.views.karte import export as karte_export
from dxportal.portal.views.karte import page as karte
from dxportal.portal.views.knowledge import draft
from dxportal.portal.views.knowledge import page as knowledge
from dxportal.portal.views.plan import exchange, item, table
from dxportal.portal.views.report import page as report
from dxportal.portal.views.report import voices

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
    path("consultations/sessions/<int:pk>/brief/", brief.BriefPage.as_view(), name="brief"),
    path("consultations/sessions/<int:pk>/brief/make/", brief.BriefMake.as_view(), name="brief_make"),
    path("knowledge/", knowledge.KnowledgePage.as_view(), name="knowledge"),
    path("knowledge/alike.json", knowledge.KnowledgeAlike.as_view(), name="knowledge_alike"),
    path("knowledge/search.json", knowledge.KnowledgeJson.as_view(), name="knowledge_json"),
    path("consultations/sessions/<int:pk>/recheck/", recheck.RecheckRecord.as_view(), name="recheck"),
    path("consultations/rechecks/", recheck.RecheckProgress.as_view(), name="rechecks"),
    path("support/voices/", voices.VoiceList.as_view(), name="voices"),
    path("support/voices/write/", voices.VoiceWrite.as_view(), name="voice_write"),
    path("support/voices/ask/", voices.VoiceAsk.as_view(), name="voice_ask"),
    path("support/report/", report.ReportPage.as_view(), name="report"),
    path("support/report/add/", report.ResultAdd.as_view(), name="report_add"),
    path("support/report/<int:pk>/", report.ResultEdit.as_view(), name="report_edit"),
    path("support/report/<int:pk>/delete/", report.ResultDelete.as_view(), name="report_delete"),
    path("plan/", table.PlanPage.as_view(), name="plan"),
    path("plan/add/", item.ItemAdd.as_view(), name="plan_add"),
    path("plan/copy/", item.CopyYear.as_view(), name="plan_copy"),
    path("plan/exchange/", exchange.ExchangeList.as_view(), name="exchange"),
    path("plan/exchange/join/", exchange.ExchangeJoin.as_view(), name="exchange_join"),
    path("plan/exchange/<int:pk>/leave/", exchange.ExchangeLeave.as_view(), name="exchange_leave"),
    path("plan/<int:pk>/", item.Item.as_view(), name="plan_item"),
    path("plan/<int:pk>/correct/", item.ItemCorrect.as_view(), name="plan_correct"),
    path("plan/<int:pk>/delete/", item.ItemDelete.as_view(), name="plan_delete"),
    path("plan/<int:pk>/history/", item.ItemHistory.as_view(), name="plan_history"),
    path("plan/<int:pk>/up/", item.ItemMove.as_view(places=-1), name="plan_up"),
    path("plan/<int:pk>/down/", item.ItemMove.as_view(places=1), name="plan_down"),
    path("plan/<int:pk>/change/", item.ChangePlan.as_view(), name="plan_change"),
    path("plan/<int:pk>/change/<int:change>/", item.ChangeTakeBack.as_view(), name="plan_change_take_back"),
    path("plan/<int:pk>/count/", item.CountByHand.as_view(), name="plan_count"),
    path("topics/<int:pk>/case/", draft.TopicCase.as_view(), name="topic_case"),
    path("definitions/", definitions.definition_list, name="definition_list"),
    path("definitions/<slug:slug>/", definitions.definition, name="definition"),
]
