"""Whoever signs in, every kind of page that links lead to is whole, accessible and fits."""

from collections import deque
from urllib.parse import urlsplit

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


def test_every_kind_of_page_is_fine(walker, house):
    """For each role; axe looks at each kind once, as the first who reaches it sees it."""
    looked_at, faults = set(), []
    for role in (Role.PREFECTURE_ADMIN, Role.CONSULTANT, Role.OFFICER):
        faults += walk(walker(), house, role, looked_at)
    assert faults == []


def walk(someone, house, role, looked_at):
    """From the home page along every link to a kind of page not yet seen; adds to the kinds that axe looked at."""
    page = someone.sign_in(role)
    seen, faults, waiting = set(), [], deque([page.url, *links(page, house.address)])
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        if answer.status != 200:
            faults.append((role, address, answer.status))
            continue
        try:
            someone.fine(role, axe_at=() if kind in looked_at else (320,))
        except AssertionError as error:
            faults.append((role, address, str(error).split("\n")[0][:600]))
            page.troubles.clear()
        looked_at.add(kind)
        waiting.extend(links(page, house.address))
    return faults
