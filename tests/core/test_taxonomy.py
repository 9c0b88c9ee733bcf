import pytest
import yaml
from django.conf import settings

from dxportal.core.taxonomy.loading import load_areas, load_terms
from dxportal.core.taxonomy.models import Area, Term
from dxportal.core.taxonomy.spelling import codes_in, word_key

FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.mark.parametrize("name", ["areas.yaml", "terms.yaml"])
def test_no_two_rows_of_the_files_share_a_spelling(name):
    seen: dict[tuple[str, str], str] = {}
    for row in yaml.safe_load((FIXTURES / name).read_text(encoding="utf-8")):
        for text in (row["name"], *row.get("other_names", ())):
            key = (row.get("vocabulary", ""), word_key(text))
            assert seen.setdefault(key, row["code"]) == row["code"], text


@pytest.mark.django_db
def test_a_renamed_row_keeps_its_earlier_names_and_drops_what_it_is_called_again():
    load_areas("- {code: one, name: 一, other_names: [壱]}")
    load_areas("- {code: one, name: 二}")
    assert (Area.objects.get().name, Area.objects.get().other_names) == ("二", ["壱", "一"])
    load_areas("- {code: one, name: 一}")
    assert (Area.objects.get().name, Area.objects.get().other_names) == ("一", ["壱", "二"])

    load_terms("- {vocabulary: field, code: one, name: 一}")
    load_terms("- {vocabulary: field, code: one, name: 二}")
    assert Term.objects.get().other_names == ["一"]


def test_words_between_separators_are_read_as_long_as_they_can_be():
    known = {word_key(name): name for name in ("相手を知り、よく議論する", "相手", "継続する")}
    assert codes_in(["相手を知り", "よく議論する", "継続する"], known) == (["相手を知り、よく議論する", "継続する"], "")
    assert codes_in(["相手", "魔法", "継続する"], known) == (["相手"], "魔法")
