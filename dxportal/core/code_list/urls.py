"""The page's address stands among those of the organisations (``organizations:code_list``): dxportal/urls.py joins them."""

from django.urls import path

from dxportal.core.code_list.views import CodeListImport

urlpatterns = [path("organizations/code-list/", CodeListImport.as_view(), name="code_list")]
