from django.urls import URLPattern, path

from consultations.views.register import pages

urlpatterns: list[URLPattern] = [
    path("", pages.PastSessionImport.as_view(), name="register_import"),
    path("export.xlsx", pages.PastSessionExport.as_view(), name="register_export"),
    path("template.xlsx", pages.PastSessionTemplate.as_view(), name="register_template"),
]
