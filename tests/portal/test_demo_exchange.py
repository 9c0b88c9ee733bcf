"""The demo's products, questions and shelf: there, mixed, told to nobody by mail, and added to a demo of the version before."""

import pytest
from django.core import mail
from django.core.management import call_command

from consultations.models import AskedTown, ProductContract, ShelfItem, TownQuestion
from tests.support import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with worlds.inside("demo", django_db_blocker):
        yield


def counts():
    return [model.objects.count() for model in (ProductContract, TownQuestion, ShelfItem)]


def test_a_demo_of_the_version_before_gets_them_once_and_no_mail_goes_out():
    before = counts()
    assert before == [12, 4, 4]
    assert AskedTown.objects.exists()  # somebody does it by the demo's own answers
    ShelfItem.objects.all().delete()
    TownQuestion.objects.all().delete()
    ProductContract.objects.filter(task="RPA").delete()
    mail.outbox.clear()

    for _ in range(2):
        call_command("load_demo", verbosity=0)

    assert counts() == [11, *before[1:]]  # what is there already is left as it is
    assert set(ShelfItem.objects.values_list("state", flat=True)) == {"released", "agreeing", "draft"}
    assert mail.outbox == []
