"""Addresses of answering."""

from django.urls import path

from assessments.views.answering import moves as answering_moves
from assessments.views.answering import pages as answering
from assessments.views.answering import paper as answering_paper
from assessments.views.answering.save import answer_save

urlpatterns = [
    path("responses/", answering.ResponseList.as_view(), name="response_list"),
    path("responses/<int:pk>/", answering.ResponseDetail.as_view(), name="response_detail"),
    path("responses/<int:pk>/sections/<slug:section>/", answering.SectionPage.as_view(), name="section"),
    path("responses/<int:pk>/answers/<str:code>/", answer_save, name="answer_save"),
    path("responses/<int:pk>/confirm/", answering_moves.ConfirmPage.as_view(), name="response_confirm"),
    path("responses/<int:pk>/begin/", answering_moves.Begin.as_view(), name="response_begin"),
    path("responses/<int:pk>/review/", answering_moves.RequestReview.as_view(), name="response_review"),
    path("responses/<int:pk>/withdraw/", answering_moves.Withdraw.as_view(), name="response_withdraw"),
    path("responses/<int:pk>/send-back/", answering_moves.SendBack.as_view(), name="response_send_back"),
    path("responses/<int:pk>/submit/", answering_moves.Submit.as_view(), name="response_submit"),
    path("responses/<int:pk>/receipt/", answering_moves.Receipt.as_view(), name="response_receipt"),
    path("responses/<int:pk>/print/", answering_paper.PrintPage.as_view(), name="response_print"),
    path("responses/<int:pk>/export/", answering_paper.Export.as_view(), name="response_export"),
]
