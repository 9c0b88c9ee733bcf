"""Addresses of tiers."""

urlpatterns = []
