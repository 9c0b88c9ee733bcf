"""How the 47 prefectures are read, without 都, 府 or 県 (北海道 excepted); by their official readings."""

_LINES = (
    "北海道 ほっかいどう 青森県 あおもり 岩手県 いわて 宮城県 みやぎ 秋田県 あきた 山形県 やまがた 福島県 ふくしま "
    "茨城県 いばらき 栃木県 とちぎ 群馬県 ぐんま 埼玉県 さいたま 千葉県 ちば 東京都 とうきょう 神奈川県 かながわ "
    "新潟県 にいがた 富山県 とやま 石川県 いしかわ 福井県 ふくい 山梨県 やまなし 長野県 ながの 岐阜県 ぎふ 静岡県 しずおか "
    "愛知県 あいち 三重県 みえ 滋賀県 しが 京都府 きょうと 大阪府 おおさか 兵庫県 ひょうご 奈良県 なら 和歌山県 わかやま "
    "鳥取県 とっとり 島根県 しまね 岡山県 おかやま 広島県 ひろしま 山口県 やまぐち 徳島県 とくしま 香川県 かがわ "
    "愛媛県 えひめ 高知県 こうち 福岡県 ふくおか 佐賀県 さが 長崎県 ながさき 熊本県 くまもと 大分県 おおいた "
    "宮崎県 みやざき 鹿児島県 かごしま 沖縄県 おきなわ"
)
READINGS = dict(zip(_LINES.split()[::2], _LINES.split()[1::2], strict=True))
_ENDINGS = {"都": "と", "府": "ふ", "県": "けん", "道": ""}


def spellings(name: str) -> set[str]:
    """新潟県, 新潟, にいがた, にいがた県, にいがたけん; the name itself where it is none of the 47."""
    reading = READINGS.get(name)
    if not reading:
        return {name}
    bare = name if name == "北海道" else name[:-1]
    ending = _ENDINGS[name[-1]]
    return {name, bare, reading, f"{reading}{ending}", f"{reading}{name[-1]}" if ending else reading}
