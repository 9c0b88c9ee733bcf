from dxportal.core.intake.book import Book, BookSheet, CellError, run_checks

BOOK = Book((BookSheet("回答", (("設問", "得点"), ("1-1", 9), ("1-2", 3))), BookSheet("職員", (("氏名",), ("佐藤",)))))


def too_high(book):
    for cell in book.column("回答", "得点"):
        if cell.value > 5:
            yield CellError("回答", cell.row, cell.column, "too_high", "5以下にしてください。")


def staff(book):
    yield CellError("職員", 2, "A", "unknown", "名簿にありません。")
    yield CellError("回答", 3, "AA", "far", "右")
    yield CellError("回答", 3, "B", "near", "左")


def wrong_version(book):
    yield CellError("回答", 0, "", "version", "様式の版が違います。")


def old_version(book):
    yield CellError("回答", 0, "", "version", "前の版の様式です。", severity="warning")


def test_all_problems_come_at_once_in_the_order_of_the_book():
    results = run_checks(BOOK, [], [staff, too_high])

    assert [(item.sheet, item.cell) for item in results] == [
        ("回答", "B2"),
        ("回答", "B3"),
        ("回答", "AA3"),
        ("職員", "A2"),
    ]


def test_cells_are_not_judged_on_a_wrong_structure():
    assert [check.code for check in run_checks(BOOK, [wrong_version], [too_high])] == ["version"]


def test_a_warning_about_the_structure_lets_the_cells_be_judged():
    assert [check.code for check in run_checks(BOOK, [old_version], [too_high])] == ["version", "too_high"]
