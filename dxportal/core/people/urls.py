"""Addresses of supporters and contacts."""

from django.urls import path

from dxportal.core.people.views import capacities, contacts, imports, supporters

app_name = "people"
urlpatterns = [
    path("supporters/", supporters.SupporterList.as_view(), name="supporters"),
    path("supporters/new/", supporters.SupporterCreate.as_view(), name="supporter_create"),
    path("supporters/import/", imports.SupporterImport.as_view(), name="supporter_import"),
    path("supporters/import/template.xlsx", imports.SupporterTemplate.as_view(), name="supporter_template"),
    path("supporters/capacities/", capacities.CapacityList.as_view(), name="capacities"),
    path("supporters/capacities/new/", capacities.CapacityAdd.as_view(), name="capacity_add"),
    path("supporters/capacities/<int:pk>/", capacities.CapacityChange.as_view(), name="capacity_change"),
    path("supporters/<int:pk>/", supporters.SupporterDetail.as_view(), name="supporter"),
    path("supporters/<int:pk>/edit/", supporters.SupporterEdit.as_view(), name="supporter_edit"),
    path("supporters/<int:pk>/delete/", supporters.SupporterDelete.as_view(), name="supporter_delete"),
    path("supporters/<int:pk>/capacities/new/", supporters.CapacityCreate.as_view(), name="capacity_create"),
    path("supporters/<int:supporter>/capacities/<int:pk>/", supporters.CapacityEdit.as_view(), name="capacity_edit"),
    path("supporters/<int:supporter>/capacities/<int:pk>/end/", supporters.CapacityEnd.as_view(), name="capacity_end"),
    path(
        "supporters/<int:supporter>/capacities/<int:pk>/remove/",
        supporters.CapacityRemove.as_view(),
        name="capacity_remove",
    ),
    path("contacts/", contacts.ContactList.as_view(), name="contacts"),
    path("contacts/new/", contacts.ContactCreate.as_view(), name="contact_create"),
    path("contacts/<int:pk>/edit/", contacts.ContactEdit.as_view(), name="contact_edit"),
    path("contacts/<int:pk>/end/", contacts.ContactEnd.as_view(), name="contact_end"),
]
