"""Persons are left out of what others will read, and what was left out is told."""

import pytest

from consultations.domain.topics.sharing.names import without_names

KNOWN = ("髙橋 花子", "伴走 太郎", "山田 一郎")


@pytest.mark.parametrize(
    ("text", "cleared", "dropped"),
    [
        ("高橋花子が説明した", "担当者が説明した", ("高橋花子",)),
        ("髙橋課長の提案", "担当者の提案", ("髙橋課長",)),
        ("伴走　太郎さんに聞く", "担当者に聞く", ("伴走　太郎さん",)),
        ("山田が試した", "担当者が試した", ("山田",)),
        ("山田町の窓口", "山田町の窓口", ()),
        ("佐藤氏と鈴木主任主査", "担当者と担当者", ("佐藤氏", "鈴木主任主査")),
        ("田中 次郎様から", "担当者から", ("田中 次郎様",)),
        ("スミスさんの講演", "担当者の講演", ("スミスさん",)),
        ("総務課長と企画部長が同様に了承", "総務課長と企画部長が同様に了承", ()),
        ("お客様と住民の皆様、多様な仕様", "お客様と住民の皆様、多様な仕様", ()),
        ("佐藤さんと佐藤さん", "担当者と担当者", ("佐藤さん",)),
    ],
)
def test_names_of_persons_go_and_offices_stay(text, cleared, dropped):
    result = without_names(text, KNOWN)

    assert (result.text, result.dropped) == (cleared, dropped)
