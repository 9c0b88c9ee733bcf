from decimal import Decimal

import pytest

from casestudies.domain.content import Content, FigurePart
from casestudies.forms.contribution.case import CaseForms, Choices
from casestudies.forms.contribution.rows import OrganizationRowForm


def test_stored_numbers_stand_in_the_form_as_people_write_them():
    content = Content(
        title="題",
        year=2024,
        figures=(FigurePart(Decimal("12.5000"), "減少", "%"),),
        costs=(FigurePart(Decimal("1200000.0000"), "導入", "円"),),
    )

    forms = CaseForms(choices=Choices.load(), content=content)

    assert 'value="2024"' in str(forms.main["year"])
    assert 'value="12.5"' in str(forms.rows["figures"][0]["value_"])
    assert 'value="1,200,000"' in str(forms.rows["costs"][0]["value_"])


@pytest.mark.parametrize(
    ("name", "prefecture", "meant"),
    [
        ("海南市", "和歌山", ("海南市", "和歌山県")),
        ("海南市", "わかやま県", ("海南市", "わかやま県")),
        ("和歌山県海南市", "", ("海南市", "和歌山県")),
        ("和歌山県　海南市", "和歌山県", ("海南市", "和歌山県")),
        ("京都市", "京都", ("京都市", "京都府")),
        ("和歌山県立医科大学", "和歌山県", ("和歌山県立医科大学", "和歌山県")),
        ("和歌山県立医科大学", "", ("和歌山県立医科大学", "")),
        ("四日市市", "", ("四日市市", "")),
    ],
)
def test_a_prefecture_is_understood_beside_and_before_the_name(name, prefecture, meant):
    form = OrganizationRowForm({"name": name, "prefecture": prefecture})
    assert form.is_valid(), form.errors
    part = form.value()
    assert (part.name, part.prefecture) == meant
