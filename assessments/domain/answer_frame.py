"""The answers of many sheets as one frame for ``bulk``: one query, columns as the driver gives them."""

from collections.abc import Sequence

import pandas as pd
from django.db import connection

from assessments.domain.bulk import COLUMNS
from assessments.domain.sheets import Sheet

# rows of a matrix stay JSON text here: only the few that are one get parsed.
SQL = """
    SELECT response_id, question_id, choices, text, number, rows
    FROM assessments_answer WHERE response_id = ANY(%s)
"""


def answer_frame(sheet: Sheet, responses: Sequence[int]) -> pd.DataFrame:
    """A row an answer, with the columns of ``bulk.COLUMNS``."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [list(responses)])
        frame = pd.DataFrame(cursor.fetchall(), columns=list(COLUMNS), dtype=object)
    frame["question"] = frame["question"].map(sheet.codes)
    return frame
