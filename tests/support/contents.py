"""A full content of a case, and the words of the house that it names."""

from decimal import Decimal

from casestudies.domain.content import Content, FigurePart, LinkPart, OrganizationPart
from dxportal.core.taxonomy.models import Area, Term

FULL = Content(
    title="窓口の予約を始めた",
    summary="転入の窓口に予約の仕組みを入れ、待ち時間を半分にした。",
    field="online",
    step=3,
    areas=("ai", "online_procedures"),
    terms=("outcome_01",),
    tags=("窓口予約", "待ち時間"),
    keywords=("来庁予約", "順番待ち"),
    issue="3月の窓口が混む。",
    approach="窓口の係が中心になって決めた。",
    actions="予約の画面を作り、広報で知らせた。",
    outcome="待ち時間が半分になった。",
    points="電話の予約も残す。",
    cost_text="職員の人件費のみ",
    period="令和6年4月開始",
    year=2024,
    organizations=(OrganizationPart("あさひ町", "town", "あさひちょう", "みほん県", 8000),),
    similar=(OrganizationPart("ゆうひ町", "town", prefecture="みほん県", url="https://example.lg.jp/"),),
    figures=(FigurePart(Decimal("50"), "待ち時間の減少", "%"),),
    costs=(FigurePart(Decimal("1200000"), "導入費", "円"),),
    links=(LinkPart("町の案内", "https://example.lg.jp/yoyaku"),),
)


def make_words():
    """The areas and terms that ``FULL`` names."""
    for code, name in (("ai", "AI"), ("online_procedures", "手続のオンライン化")):
        Area.objects.get_or_create(code=code, defaults={"name": name})
    Term.objects.get_or_create(code="online", defaults={"vocabulary": "field", "name": "オンライン化"})
    Term.objects.get_or_create(code="outcome_01", defaults={"vocabulary": "outcome", "name": "県と市町村の連携体制"})
