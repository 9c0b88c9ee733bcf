"""Names are compared in the database as in ``core/names.py``."""

import pytest
from django.db import connection
from django.db.models import F, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxportal.core.accounts.models import User
from dxportal.core.names import LETTERS, name_key
from dxportal.core.organizations.models import Organization
from dxportal.core.ui.folded import Folded, called
from tests.support import factories as make

pytestmark = pytest.mark.django_db


def folded(text: str) -> str:
    compiled, params = Folded(Value(text)).as_sql(
        connection.ops.compiler("SQLCompiler")(None, connection, None), connection
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {compiled}", params)
        return cursor.fetchone()[0]


def test_every_letter_of_the_table_becomes_the_same_as_in_python():
    text = "山".join(map(chr, LETTERS))
    assert folded(text) == name_key(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text("葛\U000e0100城鎌ケヶがガｶﾞ谷之ノのの渡邉邊辺齋藤佐々箇 \u3000・ＡaｱｯっゐＢ𠮷吉髙々", max_size=12))
def test_the_database_folds_as_python_does(text):
    assert folded(text) == name_key(text)


@pytest.mark.parametrize(
    "typed", ["渡辺花子", "渡邊", "渡邉\U000e0101 花子", "ワタナベハナコ", "わたなべ　はなこ", "ﾜﾀﾅﾍﾞ"]
)
def test_a_person_is_found_however_the_name_is_written(typed):
    person = User.objects.create_user("a@example.jp", name="渡邉\U000e0100　花子", kana="ワタナベ ハナコ")
    User.objects.create_user("b@example.jp", name="渡部 花", kana="ワタベ ハナ")
    assert list(User.objects.filter(called(typed, "name", "kana"))) == [person]


def test_signs_of_patterns_stand_for_themselves():
    prefecture = make.make_prefecture()
    make.make_municipality(prefecture, "百％町")
    other = make.make_municipality(prefecture, "二_町")
    towns = Organization.objects.municipalities()
    assert [town.name for town in towns.filter(called("%", "name"))] == ["百％町"]
    assert list(towns.filter(called("＿", "name"))) == [other]


def test_what_nobody_can_see_asks_for_nothing():
    assert not called(" \u3000\u200b", "name")
    assert Organization.objects.filter(called("", "name")).count() == Organization.objects.count()


def test_it_can_be_sorted_by_too():
    prefecture = make.make_prefecture()
    make.make_municipality(prefecture, "鎌ケ谷市")
    assert Organization.objects.filter(name__folded="鎌ヶ谷市").order_by(F("name__folded")).count() == 1
