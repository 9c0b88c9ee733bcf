"""Values as they are kept: trimmed text, dates without a needless midnight."""

import datetime as dt
from typing import Any

from dxportal.core.intake.export import FORMULA_STARTS

ENDS = " \t\r\n\u3000\u00a0"


def plain_value(value: Any) -> Any:
    """None for a text of nothing but space; the apostrophe that the export puts before formulas goes."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip(ENDS)
        quoted = len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS
        return (text[1:] if quoted else text) or None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value
