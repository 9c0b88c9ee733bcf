"""All addresses of the portal."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("dxportal.core.accounts.urls")),
    path("", include("dxportal.core.organizations.urls")),
    path("", include("dxportal.core.jobs.urls")),
    path("", include("assessments.urls")),
    path("", include("dxportal.portal.urls")),
]
