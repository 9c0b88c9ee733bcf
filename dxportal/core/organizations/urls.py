"""Addresses of organizations."""

from django.urls import path

from dxportal.core.organizations.enums import OrganizationKind
from dxportal.core.organizations.views import groups, life, organizations

app_name = "organizations"
urlpatterns = [
    path("organizations/", organizations.OrganizationList.as_view(), name="list"),
    path(
        "organizations/new-bureau/",
        organizations.OrganizationCreate.as_view(),
        {"kind": OrganizationKind.BUREAU},
        name="bureau_create",
    ),
    path(
        "organizations/new-municipality/",
        organizations.OrganizationCreate.as_view(),
        {"kind": OrganizationKind.MUNICIPALITY},
        name="municipality_create",
    ),
    path("organizations/<int:pk>/", organizations.OrganizationDetail.as_view(), name="detail"),
    path("organizations/<int:pk>/edit/", organizations.OrganizationEdit.as_view(), name="edit"),
    path("organizations/<int:pk>/life/change/", life.LifeChange.as_view(), name="life_change"),
    path("organizations/<int:pk>/life/end/", life.LifeEnd.as_view(), name="life_end"),
    path("organizations/<int:pk>/life/take-back/", life.LifeTakeBack.as_view(), name="life_take_back"),
    path("organizations/<int:pk>/delete/", life.OrganizationDelete.as_view(), name="delete"),
    path("organizations/<int:pk>/profiles/<int:year>/", organizations.ProfileEdit.as_view(), name="profile_edit"),
    path("groups/", groups.GroupList.as_view(), name="group_list"),
    path("groups/new/", groups.GroupCreate.as_view(), name="group_create"),
    path("groups/<int:pk>/edit/", groups.GroupEdit.as_view(), name="group_edit"),
    path("groups/<int:pk>/delete/", groups.GroupDelete.as_view(), name="group_delete"),
]
