"""One table of fields: what is not derived from it must agree with it."""

import pytest

from casestudies.domain.content import FIELDS, PARTS, PLAIN, SECTIONS, TEXTS, Content, FieldKind
from casestudies.domain.contribution import case_file, history, loading
from casestudies.domain.search.index_rows import ROWS, WEIGHTED_TEXTS
from casestudies.forms.contribution.case import CaseForms, Choices
from casestudies.forms.contribution.rows import ROWS as ROW_FORMS
from casestudies.intake.contribution.sheets import CASE_COLUMNS, TERM_COLUMNS
from casestudies.models import Case

BESIDE = {
    # columns of a case that no form says
    "id", "source_id", "document", "page", "place", "state", "audience", "prefecture", "organization", "author",
    "step_basis", "revision", "published_at", "created_at", "updated_at",
}  # fmt: skip


def test_every_column_of_a_case_is_a_field_or_known_to_be_none():
    columns = {field.name for field in (*Case._meta.fields, *Case._meta.many_to_many)}

    assert columns - BESIDE == {field.name for field in FIELDS} - PARTS.keys()


@pytest.mark.parametrize("field", TEXTS, ids=lambda field: field.name)
def test_a_text_is_labelled_and_bounded_alike_in_table_and_model(field):
    column = Case._meta.get_field(field.name)

    assert column.verbose_name == field.label
    assert column.max_length is None or column.max_length == field.limit


def test_the_form_has_every_field_in_the_tables_order():
    forms = CaseForms(choices=Choices.load())
    names = [name for name in (field.name for field in FIELDS) if name not in PARTS]
    at = names.index("terms")

    assert list(forms.main.fields) == [*names[:at], "outcomes", "mindsets", *names[at + 1 :]]
    assert list(forms.rows) == list(PARTS)
    assert ROW_FORMS.keys() == PARTS.keys()
    assert [bound.name for bound, _ in forms.main.sections] == [field.name for field in SECTIONS]


def test_the_register_has_a_column_for_every_field_but_the_parts():
    named = {field.label: field.name for field in FIELDS if field.kind is not FieldKind.PARTS}
    del named["アウトカム・マインドセット"]

    assert named | TERM_COLUMNS == CASE_COLUMNS


def test_the_index_reads_the_weighted_texts():
    assert tuple((field.weight, field.name) for field in TEXTS if field.weight) == WEIGHTED_TEXTS
    assert all(f'"c"."{name}"' in ROWS.as_string() for _, name in WEIGHTED_TEXTS)


def test_a_library_file_says_every_field():
    keys = case_file.CaseRow.model_fields.keys()

    assert {field.name for field in FIELDS} - {"terms"} <= keys
    assert set(PLAIN) <= set(loading.COLUMNS) <= keys


def test_the_history_tells_every_field_of_the_case_itself():
    labels = {label for label, _ in history.CASES.fields}

    kinds = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.WORDS, FieldKind.TERM)
    assert {field.label for field in FIELDS if field.kind in kinds} <= labels


def test_content_starts_empty():
    assert not any(getattr(Content(), field.name) for field in FIELDS)
