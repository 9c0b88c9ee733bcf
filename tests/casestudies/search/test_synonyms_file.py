from collections import Counter
from itertools import chain

import yaml
from django.conf import settings

GROUPS = yaml.safe_load((settings.BASE_DIR / "fixtures" / "synonyms.yaml").read_text(encoding="utf-8"))
SAME = [group for group in GROUPS if group["kind"] == "same"]
RELATED = [group for group in GROUPS if group["kind"] == "related"]


def test_there_are_groups_for_the_whole_field():
    assert len(SAME) >= 300
    assert len(SAME) + len(RELATED) == len(GROUPS)


def test_every_group_holds_words_only():
    assert {frozenset(group) for group in SAME} == {frozenset({"words", "kind"})}
    assert {frozenset(group) for group in RELATED} == {frozenset({"from", "to", "kind"})}
    words = chain.from_iterable(
        group[side] for group in GROUPS for side in ("words", "from", "to") if isinstance(group.get(side), list)
    )
    assert all(isinstance(word, str) and word.strip() == word != "" for word in words)


def test_a_group_of_the_same_meaning_has_at_least_two_words():
    assert [group for group in SAME if len(set(group["words"])) < 2] == []


def test_no_word_stands_in_two_groups_of_the_same_meaning():
    counts = Counter(word for group in SAME for word in group["words"])
    assert [word for word, count in counts.items() if count > 1] == []


def test_no_word_leads_to_itself():
    assert [group for group in RELATED if set(group["from"]) & set(group["to"])] == []
