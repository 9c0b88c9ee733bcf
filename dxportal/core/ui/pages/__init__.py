"""The forms of page that every room is made of: fetch in scope, ask and act, list. See the README of ui."""

from dxportal.core.ui.pages.acts import ActPage, ReasonForm, take
from dxportal.core.ui.pages.address import AddressChoices, AddressFlag, AddressForm, AddressNumber, AddressText
from dxportal.core.ui.pages.crumbs import Crumbs, crumbs
from dxportal.core.ui.pages.lists import ListPage
from dxportal.core.ui.pages.scope import ForRoles, ObjectPart, ScopedObject, fetch, scoped

__all__ = [
    "ActPage",
    "AddressChoices",
    "AddressFlag",
    "AddressForm",
    "AddressNumber",
    "AddressText",
    "Crumbs",
    "ForRoles",
    "ListPage",
    "ObjectPart",
    "ReasonForm",
    "ScopedObject",
    "crumbs",
    "fetch",
    "scoped",
    "take",
]
