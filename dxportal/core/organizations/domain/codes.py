"""The national code of local governments (全国地方公共団体コード): five digits and a check digit. Pure."""

WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(body: str) -> int:
    """The sixth digit for five: 11 less the weighted sum modulo 11, of which the last digit counts."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return (11 - total % 11) % 10


def is_valid(code: str) -> bool:
    """Six ASCII digits whose last one is the check digit of the others."""
    return len(code) == 6 and code.isascii() and code.isdigit() and int(code[5]) == check_digit(code[:5])


def is_prefecture(code: str) -> bool:
    return code[2:5] == "000"


def prefecture_part(code: str) -> str:
    return code[:2]


def is_designated_city(code: str) -> bool:
    """政令指定都市: 100, 130, 140 or 150 after the prefecture; Tokyo has its wards there."""
    return code[2] == "1" and code[4] == "0" and prefecture_part(code) != "13"
