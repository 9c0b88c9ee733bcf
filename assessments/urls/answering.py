"""Addresses of answering."""

from django.urls import path

from assessments.views.answering import list, moves, paper, section
from assessments.views.answering.save import answer_save

urlpatterns = [
    path("responses/", list.ResponseList.as_view(), name="response_list"),
    path("responses/<int:pk>/", list.ResponseDetail.as_view(), name="response_detail"),
    path("responses/<int:pk>/sections/<slug:section>/", section.SectionPage.as_view(), name="section"),
    path("responses/<int:pk>/answers/<str:code>/", answer_save, name="answer_save"),
    path("responses/<int:pk>/confirm/", moves.ConfirmPage.as_view(), name="response_confirm"),
    path("responses/<int:pk>/begin/", moves.Begin.as_view(), name="response_begin"),
    path("responses/<int:pk>/review/", moves.RequestReview.as_view(), name="response_review"),
    path("responses/<int:pk>/withdraw/", moves.Withdraw.as_view(), name="response_withdraw"),
    path("responses/<int:pk>/send-back/", moves.SendBack.as_view(), name="response_send_back"),
    path("responses/<int:pk>/submit/", moves.Submit.as_view(), name="response_submit"),
    path("responses/<int:pk>/receipt/", moves.Receipt.as_view(), name="response_receipt"),
    path("responses/<int:pk>/print/", paper.PrintPage.as_view(), name="response_print"),
    path("responses/<int:pk>/export/", paper.ResponseExport.as_view(), name="response_export"),
]
