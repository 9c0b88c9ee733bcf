from decimal import Decimal

from casestudies.domain.content import Content, FigurePart
from casestudies.forms.contribution.case import CaseForms, Choices


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
