"""All addresses of the portal."""

from django.urls import include, path

from dxportal.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("account/", include("dxportal.core.accounts.urls.sign_in")),
    path("", include("dxportal.core.ui.urls")),
    path("", include("dxportal.core.accounts.urls")),
    path("", include("dxportal.core.organizations.urls")),
    path("", include("dxportal.core.jobs.urls")),
    path("", include("assessments.urls")),
    path("", include("casestudies.urls")),
    path("", include("consultations.urls")),
    path("", include("dxportal.portal.urls")),
]

handler400 = "dxportal.core.ui.frame.errors.bad_request"
handler500 = "dxportal.core.ui.frame.errors.server_error"
