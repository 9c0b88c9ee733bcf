"""A small set of words, and contents to write_case cases from."""

from dataclasses import replace

import pytest

from casestudies.domain.contribution import moves, write
from tests.support.contents import FULL, make_words


@pytest.fixture(autouse=True)
def words(db):
    make_words()


@pytest.fixture
def full():
    return FULL


@pytest.fixture
def write_case():
    """Makes a case in a state by the moves that lead there."""

    def make(user, *, staff=None, state="draft", audience="prefecture", **changes):
        case = write.create(replace(FULL, **changes), user=user)
        if state != "draft":
            case = moves.make_move(case.pk, "submit", user=user)
        if state in ("published", "archived"):
            case = moves.make_move(case.pk, "publish", user=staff, audience=audience)
        return moves.make_move(case.pk, "archive", user=staff) if state == "archived" else case

    return make


@pytest.fixture
def form_data():
    """What the browser sends for a content: the case's own fields and its rows."""
    from casestudies.forms.contribution.case import CaseForms, Choices  # noqa: PLC0415 -- needs the words

    def make(content=FULL, **changes):
        forms = CaseForms(choices=Choices.load(), content=content)
        data = {"revision": "0"}
        for form in [forms.main, *(row for rows in forms.rows.values() for row in rows)]:
            for bound in form:
                value = bound.field.prepare_value(bound.value())
                data[bound.html_name] = "" if value is None or value is False else value
        for rows in forms.rows.values():
            data |= {f"{rows.prefix}-TOTAL_FORMS": len(rows.forms), f"{rows.prefix}-INITIAL_FORMS": 0}
        return data | changes

    return make
