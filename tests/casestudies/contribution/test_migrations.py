"""Data of the version before: what it told is told after the update, too."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from casestudies.domain.contribution import attachments
from casestudies.domain.contribution.history import of_case
from casestudies.models import CaseAttachment
from tests.support.files import PDF_BYTES, PNG_BYTES, an_upload

INDEX = "0004_search_index"
NAMES = "0005_names_in_transitions"
FILES = "0006_attachments_of_cases"


def migrate(name):
    # Events that wait for the end of the transaction would keep a table from being changed.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("migrate", "casestudies", name, verbosity=0)


def kinds():
    names = ("attachment", "attachmentcontent", "attachmentevent")
    rows = ContentType.objects.filter(app_label="casestudies")
    ContentType.objects.clear_cache()
    return {row.model: row.pk for row in rows if row.model.removeprefix("case") in names}


def told(case):
    return [
        (entry.act, entry.kind, entry.subject.split("：")[-1]) for entry in of_case(case)[0:50] if "添付" in entry.kind
    ]


@pytest.fixture
def before(cast, write_case):
    """A case with a file, in the database of the version before."""
    case = write_case(cast.officer)
    attachments.add(case.pk, [an_upload("前.pdf", PDF_BYTES)], user=cast.officer)
    migrate(NAMES)
    yield case
    migrate(FILES)


def test_the_trail_of_a_file_is_readable_across_the_renaming(cast, before):
    names = kinds()
    with connection.cursor() as cursor:  # as the version before removed a file
        cursor.execute("DELETE FROM casestudies_attachmentcontent")
        cursor.execute("DELETE FROM casestudies_attachment")
    migrate(FILES)

    attachments.add(before.pk, [an_upload("後.png", PNG_BYTES)], user=cast.officer)

    file = ("取消", "事例の添付ファイル", "前.pdf")
    assert told(before) == [("登録", "事例の添付ファイル", "後.png"), file, ("登録", "事例の添付ファイル", "前.pdf")]
    assert sorted(names) == ["attachment", "attachmentcontent", "attachmentevent"]
    assert kinds() == {f"case{name}": pk for name, pk in names.items()}
    assert CaseAttachment.objects.get().name == "後.png"


def test_moves_of_the_version_before_get_the_name_of_their_account(cast, write_case):
    case = write_case(cast.officer, state="in_review")
    migrate(INDEX)

    migrate(FILES)

    (move,) = case.transitions.all()
    assert move.by_name == cast.officer.name != ""
