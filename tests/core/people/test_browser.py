"""The register and the form of a contact in a browser, wide and narrow."""

import datetime as dt

import pytest

from dxportal.core.people.domain import write
from dxportal.core.people.models import Capacity, Contact
from tests.support.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_office_looks_into_the_register_and_enters_a_contact(cast, open_as):
    write.load_capacities()
    supporter = write.create_supporter(
        {"name": "伴走 花子", "affiliation": "あゆみ社", "schemes": ["地域情報化アドバイザー"]}, user=cast.office
    )
    special = Capacity.objects.get(code="special_producer")
    write.store_capacity(
        supporter.pk, capacity=special, field="人づくり", first_day=dt.date(2024, 4, 1), user=cast.office
    )
    page = open_as(cast.office, "/supporters/", bypass_csp=True)
    assert faults(page) == []
    page.get_by_role("link", name="伴走 花子").click()
    assert faults(page) == []
    page.locator("a[href$='/end/']").click()
    assert faults(page) == []

    page.goto("/contacts/new/")
    page.get_by_role("button", name="登録する").click()
    assert faults(page) == []
    page.locator("#id_organization").select_option(label="あさひ町")
    page.locator("#id_name").fill("窓口 花子")
    page.locator("#id_section").fill("税務課")
    page.get_by_role("button", name="登録する").click()

    assert page.get_by_text("あさひ町の担当者「窓口 花子」さんを登録しました").is_visible()
    assert faults(page) == []
    assert page.troubles == []
    assert Contact.objects.get().organization == cast.town
