"""Data of the version before, brought up by today's migrations, are read by today's code.

The rows are written through the models that the migrations had then. When a new version is out, ``BEFORE`` and ``fill``
move on to it.
"""

import datetime as dt
import hashlib
from pathlib import Path

import pghistory
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone

from assessments.models import Classification, Response
from casestudies.domain.search import index
from casestudies.models import Case
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import User
from dxportal.core.jobs.domain import drain
from dxportal.core.organizations.models import Organization
from dxportal.portal.models import Snapshot
from tests.settings import WORKER
from tests.support import database
from tests.support.reading import words

BEFORE = {
    "organizations": "0001_initial",
    "accounts": "0001_initial",
    "taxonomy": "0002_terms",
    "jobs": "0001_initial",
    "assessments": "0001_initial",
    "casestudies": "0004_search_index",
    "portal": "0001_initial",
}
OUR_PACKAGES = {"dxportal", "assessments", "casestudies", "consultations"}
FORMATTED = "format" in {field.name for field in Snapshot._meta.get_fields()}
PDF = b"%PDF-1.4 report"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def updated(django_db_setup, django_db_blocker):
    """The tests of this module run on a database of the version before that was migrated as ``make demo`` does it."""
    with django_db_blocker.unblock():
        digest = hashlib.sha256(database.migrations_digest().encode() + Path(__file__).read_bytes()).hexdigest()[:16]
        before, own = database.kept("test_before_", digest, "template0", as_before), f"test_update_{WORKER}"
        database.copy(before, own)
        with database.connected_to(own):
            call_command("migrate", verbosity=0)
            yield


def as_before() -> None:
    executor = MigrationExecutor(connection)
    ours = {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in OUR_PACKAGES}
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours]
    old = executor.migrate([*others, *BEFORE.items()]).apps
    types = old.get_model("contenttypes", "ContentType")
    for model in old.get_models():
        types.objects.get_or_create(app_label=model._meta.app_label, model=model._meta.model_name)
    with transaction.atomic():
        Fill(old.get_model)()


class Fill:
    """A town's answers that moved, their tiers that moved, a case that moved with a file, figures of a page."""

    def __init__(self, model) -> None:
        self.model = model
        self.now = timezone.now()
        self.day = self.now.date() - dt.timedelta(days=30)

    def create(self, name: str, /, **values):
        return self.model(*name.split(".")).objects.create(**values)

    def __call__(self) -> None:
        organization = "organizations.Organization"
        self.pref = self.create(organization, kind="prefecture", name="みほん県")
        self.model(*organization.split(".")).objects.update(prefecture=self.pref)
        self.pref.refresh_from_db()
        bureau = self.create(organization, kind="bureau", name="北部局", parent=self.pref, prefecture=self.pref)
        self.town = self.create(
            organization, kind="municipality", name="あさひ町", parent=bureau, prefecture=self.pref, code="900001",
            municipality_kind="town",
        )  # fmt: skip
        self.staff = self.person("staff@example.jp", "県 職員", self.pref, Role.PREFECTURE_STAFF)
        self.officer = self.person("officer@example.jp", "町 担当", self.town, Role.OFFICER)
        with pghistory.context(user=self.officer.pk):
            self.answers()
            self.case()
        with pghistory.context(user=self.staff.pk):
            self.tiers()
        self.create("portal.Snapshot", prefecture=self.pref, kind="board", key=str(self.survey.pk),
                    data={"handed_in": 1}, computed_at=self.now)  # fmt: skip
        self.create("portal.Snapshot", prefecture=self.pref, organization=self.town, kind="karte",
                    key=str(self.town.pk), data={"years": []}, computed_at=self.now)  # fmt: skip

    def person(self, email, name, place, role):
        user = self.create("accounts.User", email=email, name=name, password="!")
        self.create("accounts.Membership", user=user, organization=place, role=role, first_day=self.day)
        return user

    def answers(self) -> None:
        questionnaire = self.create(
            "assessments.Questionnaire", code="small", version="1", fiscal_year=2024, title="小さな調査票",
            status="published", digest="x",
        )  # fmt: skip
        section = self.create("assessments.Section", questionnaire=questionnaire, code="step0", kind="step", step=0,
                              title="ステップ0", worth=30, position=1)  # fmt: skip
        question = self.create(
            "assessments.Question", questionnaire=questionnaire, section=section, code="0-1", key="defined",
            kind="single", wording="定義していますか。", short="定義", position=1, max_points=10,
        )  # fmt: skip
        self.create("assessments.Choice", question=question, code="yes", label="定義している", points=10, position=1)
        self.survey = self.create(
            "assessments.Survey", prefecture=self.pref, questionnaire=questionnaire, fiscal_year=2024, state="closed",
            title="令和6年度の調査", opens_at=self.now - dt.timedelta(20), closes_at=self.now - dt.timedelta(10),
        )  # fmt: skip
        response = self.create("assessments.Response", survey=self.survey, organization=self.town, state="submitted",
                               answered=1, required=1, submitted_at=self.now)  # fmt: skip
        self.create("assessments.Answer", response=response, question=question, choices=["yes"])
        for before, after in (("in_progress", "in_review"), ("in_review", "submitted")):
            self.create(
                "assessments.Transition", response=response, from_state=before, to_state=after, by=self.officer,
                by_name=self.officer.name, role="officer", comment=f"{after}のことば",
            )  # fmt: skip

    def tiers(self) -> None:
        run = self.create("assessments.ClassificationRun", survey=self.survey, state="complete", in_force=True,
                          input_digest="d", answers_as_of=self.now, completed_at=self.now, responses=1)  # fmt: skip
        section = {"code": "step0", "kind": "step", "step": 0, "title": "ステップ0", "earned": 10, "possible": 10,
                   "score": [30, 1], "rounded": "30.0", "worth": 30}  # fmt: skip
        self.create(
            "assessments.ScoreCard", run=run, organization=self.town, total_numerator=30, total_denominator=1,
            total_rounded=30, maximum=30, tier=4, sections=[section], questions={"0-1": [10, 10, "answered"]},
        )  # fmt: skip
        classification = self.create("assessments.Classification", survey=self.survey, run=run, step="hearing")
        self.create("assessments.TierAssignment", classification=classification, organization=self.town,
                    computed_tier=4, tier=4)  # fmt: skip
        self.create(
            "assessments.ClassificationMove", classification=classification, run=run, from_step="computed",
            to_step="hearing", by=self.staff, by_name=self.staff.name, comment="これから聞く",
        )  # fmt: skip

    def case(self) -> None:
        case = self.create(
            "casestudies.Case", source_id="t-before", title="書かない窓口", summary="待ち時間が減った。", state="published",
            audience="prefecture", prefecture=self.pref, organization=self.town, author=self.officer,
            published_at=self.now,
        )  # fmt: skip
        self.create("casestudies.CaseIndex", case=case, vector="", revision=case.revision)
        for move, before, after in (("submit", "draft", "in_review"), ("publish", "in_review", "published")):
            self.create("casestudies.CaseTransition", case=case, move=move, from_state=before, to_state=after,
                        by=self.officer, comment=f"{move}のことば")  # fmt: skip
        file = self.create("casestudies.Attachment", case=case, name="報告書.pdf", content_type="application/pdf",
                           size=len(PDF), digest="0", uploaded_by=self.officer)  # fmt: skip
        self.create("casestudies.AttachmentContent", attachment=file, data=PDF)


@pytest.fixture
def staff():
    return User.objects.get(email="staff@example.jp")


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query, follow=True)


def test_the_log_of_a_response_is_read_with_what_was_said(client, staff):
    text = words(page(client, staff, "assessments:response_history", Response.objects.get().pk))

    assert "in_reviewのことば" in text
    assert "submittedのことば" in text
    assert "町 担当" in text


def test_the_log_of_the_tiers_is_read(client, staff):
    text = words(page(client, staff, "assessments:tiers", Classification.objects.get().survey_id))

    assert "これから聞く" in text


def test_the_way_of_a_case_is_read_with_names_and_its_file(client, staff):
    text = words(page(client, staff, "casestudies:history", "t-before"))

    assert "submitのことば" in text
    assert "publishのことば" in text
    assert text.count("町 担当") >= 3  # two moves, and the file that was added
    assert "報告書.pdf" in text


def test_the_file_of_a_case_is_read(client, staff):
    case = Case.objects.get()
    answer = page(client, staff, "casestudies:attachment", case.source_id, case.attachments.get().pk)

    assert b"".join(answer.streaming_content if answer.streaming else [answer.content]) == PDF


def test_a_file_that_goes_now_leaves_both_its_traces(client, staff):
    case = Case.objects.get()
    case.attachments.get().delete()

    assert words(page(client, staff, "casestudies:history", case.source_id)).count("報告書.pdf") >= 2


def test_the_audit_shows_what_was_done_before(client, staff):
    staff.memberships.update(role=Role.PREFECTURE_ADMIN)  # who alone reads it

    text = words(page(client, staff, "portal:audit"))

    assert "報告書.pdf" in text
    assert "町 担当" in text


@pytest.mark.parametrize(
    "name",
    [
        "portal:home", "assessments:survey_list", "casestudies:search", "casestudies:manage", "accounts:member_list",
        "organizations:list",
    ],
)  # fmt: skip
def test_pages_are_there(client, staff, name):
    assert words(page(client, staff, name))


@pytest.mark.skipif(not FORMATTED, reason="stored figures do not yet say which format they have")
@pytest.mark.parametrize(
    ("name", "of_town"),
    [
        ("dashboard", False),
        ("karte_list", False),
        ("karte", True),
        ("karte_areas", True),
        ("karte_history", True),
        ("karte_answers", True),
    ],
)
def test_figures_of_the_old_format_do_no_harm_and_are_computed_anew(client, staff, name, of_town):
    args = [Organization.objects.get(kind="municipality").pk] if of_town else []
    assert page(client, staff, f"portal:{name}", *args).status_code == 200

    client.post(reverse("portal:refresh"))
    drain()

    text = words(page(client, staff, f"portal:{name}", *args))
    assert "あさひ町" in text or "令和6年度の調査" in text


def test_no_content_type_is_left_of_a_model_that_is_gone():
    gone = [kind for kind in ContentType.objects.filter(app_label__in=BEFORE) if kind.model_class() is None]

    assert [str(kind) for kind in gone] == []


def test_the_index_of_cases_can_be_made_anew(client, staff):
    case = Case.objects.get()

    index.write([case.pk])

    answer = page(client, staff, "casestudies:search_json", q="窓口").json()
    assert [row["source_id"] for row in answer["results"]] == [case.source_id]
