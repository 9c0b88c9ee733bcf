"""Whoever signs in, every kind of page that links lead to is whole, accessible and fits."""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from dxportal.core.accounts.enums import Role

HREFS = "nodes => nodes.map(node => node.href)"
FILES = ("export", "template", "download")
ALSO_FILES = ("casestudies:register", "casestudies:register_csv", "casestudies:attachment")


def kind_of(address):
    """The view and what distinguishes its pages; None for what is no page of ours."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    if found.view_name in ALSO_FILES or any(word in found.view_name for word in FILES) or "format=" in parts.query:
        return None
    return found.view_name


def links(page, address):
    found = page.locator("a[href]").evaluate_all(HREFS)
    return [href.split("#")[0] for href in dict.fromkeys(found) if href.startswith(address)]


@pytest.mark.parametrize("role", [Role.PREFECTURE_ADMIN, Role.CONSULTANT, Role.OFFICER])
def test_every_kind_of_page_is_fine(walker, house, role):
    someone = walker()
    page = someone.sign_in(role)
    waiting, seen, found = links(page, house.address), {"portal:home"}, []
    someone.fine(role, axe_at=(320,))
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        if answer.status != 200:
            found.append((address, answer.status))
            continue
        try:
            someone.fine(role, axe_at=(320,))
        except AssertionError as error:
            found.append((address, str(error).split("\n")[0][:600]))
            page.troubles.clear()
        waiting.extend(links(page, house.address))
    assert found == []
