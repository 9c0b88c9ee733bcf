from django.urls import URLPattern, path

from consultations.views.register import pages

urlpatterns: list[URLPattern] = [
    path("", pages.RegisterImport.as_view(), name="register_import"),
    path("export.xlsx", pages.RegisterExport.as_view(), name="register_export"),
    path("template.xlsx", pages.RegisterTemplate.as_view(), name="register_template"),
]
