"""All addresses of the portal."""

from django.urls import include, path

from dxportal.core.code_list import urls as code_list
from dxportal.core.organizations import urls as organizations
from dxportal.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("account/", include("dxportal.core.accounts.urls.sign_in")),
    path("", include("dxportal.core.ui.urls")),
    path("", include("dxportal.core.accounts.urls")),
    # The room of the national list stands above that of the organisations; its page is one of theirs all the same.
    path("", include(([*organizations.urlpatterns, *code_list.urlpatterns], organizations.app_name))),
    path("", include("dxportal.core.jobs.urls")),
    path("", include("dxportal.core.occasions.urls")),
    path("", include("dxportal.core.people.urls")),
    path("", include("assessments.urls")),
    path("", include("casestudies.urls")),
    path("", include("consultations.urls")),
    path("", include("dxportal.portal.urls")),
]

handler400 = "dxportal.core.ui.frame.errors.bad_request"
handler500 = "dxportal.core.ui.frame.errors.server_error"
