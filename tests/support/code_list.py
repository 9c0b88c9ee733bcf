"""Workbooks in the layout of the national code list, written to a real file."""

from openpyxl import Workbook

HEADER = ("団体コード", "都道府県名\n（漢字）", "市区町村名\n（漢字）", "都道府県名\n（カナ）", "市区町村名\n（カナ）")
WAKAYAMA = ("300004", "和歌山県", None, "ﾜｶﾔﾏｹﾝ", None)
WAKAYAMA_CITY = ("302015", "和歌山県", "和歌山市", "ﾜｶﾔﾏｹﾝ", "ﾜｶﾔﾏｼ")
KATSURAGI = ("303411", "和歌山県", "かつらぎ町", "ﾜｶﾔﾏｹﾝ", "ｶﾂﾗｷﾞﾁｮｳ")
KITAYAMA = ("304271", "和歌山県", "北山村", "ﾜｶﾔﾏｹﾝ", "ｷﾀﾔﾏﾑﾗ")
TOKYO = ("130001", "東京都", None, "ﾄｳｷｮｳﾄ", None)
CHIYODA = ("131016", "東京都", "千代田区", "ﾄｳｷｮｳﾄ", "ﾁﾖﾀﾞｸ")
SHIZUOKA = ("220001", "静岡県", None, "ｼｽﾞｵｶｹﾝ", None)
SHIZUOKA_CITY = ("222011", "静岡県", "静岡市", "ｼｽﾞｵｶｹﾝ", "ｼｽﾞｵｶｼ")
SHIZUOKA_DESIGNATED = ("221007", *SHIZUOKA_CITY[1:])
HAMAMATSU = ("222020", "静岡県", "浜松市", "ｼｽﾞｵｶｹﾝ", "ﾊﾏﾏﾂｼ")
SHIMIZU = ("222046", "静岡県", "清水市", "ｼｽﾞｵｶｹﾝ", "ｼﾐｽﾞｼ")
FUKUOKA = ("400009", "福岡県", None, "ﾌｸｵｶｹﾝ", None)
NAKAGAWA_TOWN = ("403059", "福岡県", "那珂川町", "ﾌｸｵｶｹﾝ", "ﾅｶｶﾞﾜﾏﾁ")
NAKAGAWA_CITY = ("402311", "福岡県", "那珂川市", "ﾌｸｵｶｹﾝ", "ﾅｶｶﾞﾜｼ")
UMI = ("403415", "福岡県", "宇美町", "ﾌｸｵｶｹﾝ", "ｳﾐﾏﾁ")


def write_book(path, *rows, header=HEADER, title="R6.1.1現在の団体", wards=()):
    """The file at ``path``; ``wards`` go to a second sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (header, *rows):
        sheet.append(row)
    if wards:
        second = book.create_sheet("R6.1.1政令指定都市")
        for row in (header, *wards):
            second.append(row)
    book.save(path)
    return path
