"""Files as offices make them through every page that takes one: the same rows out of every shape, or a sentence."""

import time
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.intake.tiers import HEADINGS as SCORES
from casestudies.intake.contribution.sheets import EDITED
from dxportal.core.code_list.intake.national_list import HEADINGS as CODES
from dxportal.core.jobs.domain import drain
from dxportal.core.uploads.models import Upload
from tests.support import factories as make
from tests.support.office_files import FILES_READ, FILES_REFUSED, ROWS_READ, ROWS_REFUSED, OfficeTable

CODE_LIST = OfficeTable(
    "R8.1.1現在の団体",
    tuple(names[0] for names in CODES.values()),
    (
        ("300004", "和歌山県", None, "ﾜｶﾔﾏｹﾝ", None),
        ("302015", "和歌山県", "和歌山市", "ﾜｶﾔﾏｹﾝ", "ﾜｶﾔﾏｼ"),
        ("302023", "和歌山県", "海南市", "ﾜｶﾔﾏｹﾝ", "ｶｲﾅﾝｼ"),
    ),
    1,
)
STEP_SCORES = OfficeTable("得点", SCORES, ((302015, "和歌山市", 20, 18.5, 0, 30), ("302023", "海南市", 1, 2, 3, 4)), 3)
CASES = EDITED["事例"]
REGISTER = OfficeTable(
    "事例",
    CASES,
    tuple(
        tuple({"事例番号": number, "題名": title, "ステップ": 2}.get(heading) for heading in CASES)
        for number, title in (("新規1", "窓口の予約"), ("新規2", "書かない窓口"))
    ),
    CASES.index("ステップ") + 1,
)
SCORES_PAGE = "assessments:step_scores_import"
TABLES = {"organizations:code_list": CODE_LIST, SCORES_PAGE: STEP_SCORES, "casestudies:import": REGISTER}
SECONDS = 2.0  # of processor time, for a request


@pytest.fixture
def office(client, db):
    prefecture = make.make_prefecture("和歌山県", code="300004")
    for code, name in (("302015", "和歌山市"), ("302023", "海南市")):
        make.make_municipality(prefecture, name, code=code, municipality_kind="city")
    survey = make.make_survey(prefecture, source="imported")
    client.force_login(make.make_user(prefecture, "prefecture_admin"))
    return SimpleNamespace(client=client, survey=survey)


def send(office, name, data, file="一覧.xlsx"):
    here = {"pk": office.survey.pk} if name.startswith("assessments") else {}
    began = time.thread_time()
    answer = office.client.post(reverse(name, kwargs=here), {"file": SimpleUploadedFile(file, data)})
    seconds = time.thread_time() - began
    if answer.status_code == 302:
        drain()
        answer = office.client.get(answer["Location"])
    return answer, seconds


def kept(shape):
    """The rows as the page keeps them for writing; the code list's last column says where in the file they stand."""
    read = Upload.objects.latest("created_at").read
    problems = read.get("errors", read.get("problems"))
    assert problems == [], shape
    return [row[:4] for row in read["rows"]] if "counts" not in read else read["rows"]


@pytest.mark.parametrize("name", TABLES)
def test_the_same_rows_are_read_out_of_every_shape(office, name):
    table = TABLES[name]
    expected = None
    shapes = {**ROWS_READ, **FILES_READ} if name == SCORES_PAGE else ROWS_READ
    for shape, build in shapes.items():
        answer, seconds = send(office, name, build(table))
        assert (answer.status_code, seconds < SECONDS) == (200, True), shape
        rows = kept(shape)
        expected = expected or rows
        assert rows == expected, shape
    assert expected


@pytest.mark.parametrize("name", TABLES)
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(office, name):
    files = {**ROWS_REFUSED, **FILES_REFUSED} if name == SCORES_PAGE else ROWS_REFUSED
    for shape, (build, sentence) in files.items():
        answer, seconds = send(office, name, build(TABLES[name]))
        assert (answer.status_code, seconds < SECONDS) == (200, True), shape
        assert sentence in answer.content.decode(), shape
    assert not any(upload.read.get("rows") for upload in Upload.objects.all())
