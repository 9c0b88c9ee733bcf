"""Addresses of answering."""

urlpatterns = []
