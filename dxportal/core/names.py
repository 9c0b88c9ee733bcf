"""One spelling for names of places and people, however they are written. Pure: no Django.

Two names are the same where their keys are: 葛󠄀城市 and 葛城市, 鎌ケ谷市 and 鎌ヶ谷市, 渡邉 and 渡辺, ﾜﾀﾅﾍﾞ and わたなべ.
``core/ui/folded.py`` does the same in SQL, out of the tables below. Libraries for variants of kanji exist, but none that
PostgreSQL could follow letter by letter, and none that more than one person keeps.
"""

import re
import unicodedata
from functools import lru_cache

from dxportal.core.kana import TO_HIRAGANA, even_width

# Old form and new form, next to each other: the forms in brackets of the 常用漢字表 (Cabinet notice 2 of 2010) and of the
# 人名用漢字別表第二 that have a code point of their own. Those of the compatibility block (神, 塚) are NFKC's work.
OLD_AND_NEW = (
    "亞亜惡悪壓圧圍囲醫医爲為壹壱隱隠營営榮栄衞衛驛駅圓円鹽塩緣縁艷艶應応歐欧毆殴櫻桜奧奥橫横溫温穩穏假仮價価畫画"
    "會会壞壊懷懐繪絵擴拡殼殻覺覚學学嶽岳樂楽渴渇鐮鎌勸勧卷巻寬寛歡歓罐缶觀観關関陷陥巖巌顏顔歸帰氣気龜亀僞偽戲戯"
    "犧犠舊旧據拠擧挙虛虚峽峡挾挟敎教强強狹狭鄕郷堯尭曉暁區区驅駆勳勲薰薫羣群徑径惠恵揭掲攜携溪渓經経繼継莖茎螢蛍"
    "輕軽鷄鶏藝芸缺欠儉倹劍剣圈圏檢検權権獻献縣県硏研險険顯顕驗験嚴厳效効廣広恆恒鑛鉱號号國国圀国濟済碎砕齋斉劑剤"
    "册冊雜雑參参慘惨棧桟蠶蚕贊賛殘残絲糸齒歯兒児辭辞濕湿實実舍舎寫写釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙"
    "奬奨將将燒焼稱称證証乘乗剩剰壤壌孃嬢條条淨浄狀状疊畳穰穣讓譲釀醸觸触囑嘱寢寝愼慎晉晋眞真盡尽圖図粹粋醉酔隨随"
    "髓髄樞枢數数瀨瀬聲声靜静齊斉攝摂竊窃專専戰戦淺浅潛潜纖繊踐践錢銭禪禅曾曽雙双壯壮搜捜插挿爭争窗窓總総聰聡莊荘"
    "裝装騷騒增増臟臓藏蔵屬属續続墮堕體体對対帶帯滯滞臺台瀧滝擇択澤沢單単擔担膽胆團団彈弾斷断癡痴遲遅晝昼蟲虫鑄鋳"
    "廳庁徵徴聽聴敕勅鎭鎮遞逓鐵鉄轉転點点傳伝黨党盜盗燈灯當当鬭闘德徳獨独讀読屆届繩縄貳弐姊姉惱悩腦脳霸覇廢廃拜拝"
    "賣売麥麦發発髮髪拔抜蠻蛮祕秘彥彦姬姫濱浜甁瓶拂払佛仏倂併竝並變変邊辺邉辺辨弁瓣弁辯弁舖舗步歩寶宝萠萌豐豊沒没"
    "飜翻萬万默黙黑黒彌弥藥薬譯訳豫予餘余與与譽誉搖揺樣様謠謡遙遥來来賴頼亂乱覽覧畧略龍竜兩両獵猟綠緑鄰隣壘塁勵励"
    "禮礼隸隷靈霊齡齢曆暦歷歴戀恋鍊錬爐炉勞労樓楼郞郎祿禄錄録灣湾凜凛槇槙淚涙禱祷穗穂瑤瑶亙亘剝剥塡填頰頬繫繋晚晩"
    "冰氷槪概脫脱稅税說説閱閲銳鋭悅悦黃黄產産靑青淸清瘦痩緜綿鷗鴎每毎內内戾戻卽即尙尚"
    "擊撃涉渉稻稲巢巣襃褒滿満麵麺戶戸吳呉歲歳旣既絕絶娛娯查査飮飲噓嘘揷挿吿告刪删勻匀"
)
# What names carry besides. Three origins: ideographs of the compatibility block that NFKC leaves alone (﨑), forms without
# a code in JIS X 0208 (髙, 𠮷), and forms that registers keep and lists do not (嶋 for 島, 檮原 for 梼原, 塩釜 for 塩竈).
OF_NAMES = (
    "﨑崎嵜崎碕崎髙高𠮷吉濵浜嶋島嶌島嶹島隝島隯島冨富斎斉桒桑栁柳曻昇舘館峯峰渕淵圡土𡈽土槗橋𣘺橋埜野壄野檜桧檮梼"
    "藪薮籔薮蘆芦鰺鯵礪砺蠣蛎靱靭壺壷濤涛蠟蝋瀆涜瀦潴醬醤麴麹籠篭竈釜竃釜攪撹鹼鹸蟬蝉蔣蒋焰焔搔掻軀躯囊嚢屛屏"
    "幷并邇迩閒間珎珍凉涼兔兎餠餅嵓岩嵒岩寳宝冝宜邨村阪坂穐秋龝秋鐡鉄鉃鉄銕鉄皐皋枩松枀松柗松桝枡舩船艪櫓薗園"
    "礒磯雞鶏逹達逺遠蘓蘇亰京㐂喜囯国剱剣劔剣劒剣釼剣壻婿夛多尓爾尒爾崗岡嶮険徃往悳徳惪徳渊淵煕熙熈熙凞熙烟煙畄留畱留"
    "疂畳礦鉱秌秋莱萊鄊郷靏鶴隺鶴駈駆鴬鶯頴穎冲沖厨廚桺柳肇肈𠮟叱𥔎崎﨔欅鳯鳳侭儘俠侠倶俱呑吞睿叡峩峨崐崑夲本斈学"
    "权権毗毘瑠璢纎繊貮弐鬪闘鬬闘鑒鑑鵞鵝蝿蠅楳梅賎賤盖蓋帋紙甞嘗皈帰翆翠贒賢菴庵藁藳輛輌鋪舗"
    "躰体軆体砿鉱驒騨讚讃靍鶴靎鶴鸖鶴柹柿昻昂諫諌禰祢豬猪頚頸杤栃櫔栃櫟檪廐厩廏厩"
)
# Parts of kanji that copying out of a PDF leaves in their place.
RADICALS = "⻄西⻑長⻘青⻩黄⻲亀⻯竜⻫斉⻨麦⻭歯⻤鬼⻁虎⻝食⻆角⻅見⻉貝⻋車⺠民"
# Old machines and many code lists write small kana large; ゐ, ゑ, ぢ and づ sound like their neighbours.
LIKE_KANA = "ぁあぃいぅうぇえぉおゃやゅゆょよゎわっつゐいゑえをおぢじづず"
SMALL_KE = "ゕかゖけ"  # ヵ and ヶ: no small kana but signs of their own
MIDDLE_DOTS = "・·•‧∙⋅"
# Variation selectors: which of its forms a letter takes (葛󠄀城市).
SELECTED = re.compile("[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def letters(like_kana: str) -> dict[int, str | None]:
    """What each letter becomes after NFKC and lower case; None: nothing."""
    pairs = OLD_AND_NEW + OF_NAMES + RADICALS + SMALL_KE + like_kana
    forms = {ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True) if old != new}
    # Katakana become hiragana, and small ones large, in one step.
    hiragana = {code: forms.get(other, chr(other)) for code, other in TO_HIRAGANA.items()}
    unseen = [code for code in range(1, 0x10000) if unicodedata.category(chr(code)) in UNSEEN]
    selectors = (code for code in range(0x1800, 0xE0200) if SELECTED.match(chr(code)))
    return forms | hiragana | dict.fromkeys([*unseen, *selectors, *map(ord, MIDDLE_DOTS)])


LETTERS = letters(LIKE_KANA)
# For who keeps kana as they are: the search knows names by their readings, as dictionaries write them.
LETTERS_WITH_KANA = letters("")
_KANJI = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
KANJI = f"々{_KANJI}"
# Between or after kanji: pattern and what stands there. 鎌ケ谷, 鎌ヶ谷 and 鎌が谷; 六ヶ所 and 六箇所; 西之表 and 西ノ表;
# 佐々木 and 佐佐木.
BETWEEN = (
    (f"(?<=[{KANJI}])[けかが箇个](?=[{KANJI}])", "け"),
    (f"(?<=[{KANJI}])[之の乃](?=[{KANJI}])", "の"),
    (f"([{_KANJI}])々+", r"\1\1"),
)
_BETWEEN = tuple((re.compile(pattern), letter) for pattern, letter in BETWEEN)


@lru_cache(maxsize=8000)  # more than there are municipalities and their readings
def name_key(name: str) -> str:
    """The spelling by which names are compared: "" where nothing can be seen of them."""
    return joined(plain_letters(name))


@lru_cache(maxsize=8000)
def reading_key(name: str) -> str:
    """As ``name_key``, but small kana stay small."""
    return joined(even_width(name).lower().translate(LETTERS_WITH_KANA))


def plain_letters(name: str) -> str:
    """The key letter by letter: what can be cut, before its neighbours count."""
    return even_width(name).lower().translate(LETTERS)


def joined(letters: str) -> str:
    """The key of plain letters, however they were cut."""
    for pattern, letter in _BETWEEN:
        letters = pattern.sub(letter, letters)
    return letters
