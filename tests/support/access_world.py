"""The objects that the access table is tried on: all of them belong to ``town`` or its prefecture."""

import datetime as dt
import uuid

from django.core.management import call_command
from django.utils import timezone

from assessments.domain.tiers.computation import classify
from assessments.models import Questionnaire, Response, StoredScoreCard, TierAssignment, TierScheme
from casestudies.domain.reading.uptake import UptakeWish, take_up
from casestudies.domain.search import index
from casestudies.domain.search.saved import keep
from casestudies.enums import UptakeState
from casestudies.models import Case, CaseAttachment, CaseAttachmentContent
from consultations.domain.actions import moves as action_moves
from consultations.domain.materials import attachments as session_attachments
from consultations.domain.materials import snippets
from consultations.domain.materials.snippets import SnippetContent
from consultations.domain.sessions import moving
from consultations.domain.shelf import moves as shelf_moves
from consultations.domain.topics.sharing import contact
from consultations.models import SkippedMonth
from dxportal.core.accounts.models import Invitation
from dxportal.core.jobs.models import Job
from dxportal.core.occasions.domain.feeds import make as make_feed
from dxportal.core.occasions.models import BusyPeriod, OccasionKind
from dxportal.core.organizations.models import Group
from dxportal.core.people.domain import write as people
from dxportal.core.people.domain.capacities import add_capacity
from dxportal.core.people.models import Capacity
from dxportal.portal.domain.report import results
from dxportal.portal.domain.report.content import ResultText
from dxportal.portal.domain.snapshots.refresh import refresh
from dxportal.portal.models import ExchangeMember, PlanChange, PlanItem, SupportSurvey
from tests.support import factories as make
from tests.support.consultations import (
    a_product,
    a_question,
    a_session,
    a_topic,
    a_topic_file,
    an_action,
    an_item,
    at,
    hold,
    release,
    released,
    shown,
)
from tests.support.files import PNG_BYTES, an_upload
from tests.support.occasions import hold_occasions

# Whoever may stand at the door. ``neighbour`` and ``far_bureau_staff`` are of the same prefecture, ``stranger`` of another.
PERSONAS = (
    "anonymous", "nobody", "stranger_staff", "neighbour_approver", "far_bureau_staff", "viewer", "officer", "approver",
    "consultant", "bureau_staff", "pref_viewer", "staff", "admin", "office",
)  # fmt: skip


def a_case(prefecture) -> Case:
    """Published, for the prefecture alone."""
    case = Case.objects.create(
        source_id="t-prefecture", title="県内の事例", summary="県内にだけ公開した。", state="published",
        audience="prefecture", prefecture=prefecture, published_at=timezone.now(),
    )  # fmt: skip
    index.write([case.pk])
    return case


def contributed(cast) -> dict[str, Case]:
    """A case of the town in each state, each with a file."""
    found = {}
    for state in ("draft", "in_review", "published", "archived"):
        found[state] = Case.objects.create(
            source_id=f"t-{state.replace('_', '-')}", title=f"町の事例（{state}）", state=state, prefecture=cast.pref,
            organization=cast.town, author=cast.officer, published_at=timezone.now(),
        )  # fmt: skip
        file = CaseAttachment.objects.create(
            case=found[state], name="a.pdf", content_type="application/pdf", size=1, digest="0"
        )
        CaseAttachmentContent.objects.create(attachment=file, data=b"%")
    index.write([case.pk for case in found.values()])
    return found


# The state in which an address of contributing means something; "" is any other address of the library.
STATE_OF = {
    "edit": "draft", "submit": "draft", "delete": "draft", "attachments": "draft", "review": "in_review",
    "history": "in_review", "withdraw": "in_review", "return": "in_review", "publish": "in_review",
    "archive": "published", "restore": "archived",
}  # fmt: skip


# The state in which an act on an occasion means something.
OCCASION_STATE_OF = {
    "confirm": "held", "unhold": "held", "reopen": "confirmed", "revive": "cancelled", "replace": "postponed",
}  # fmt: skip


class World:
    """One of each kind of object, with tiers computed and not yet published."""

    def __init__(self, cast) -> None:
        call_command("load_schemes", verbosity=0)
        questionnaire = make.make_questionnaire()
        scheme = TierScheme.objects.get(is_default=True)
        self.survey = make.make_survey(cast.pref, questionnaire, tier_scheme=scheme, title="いまの調査")
        self.response = make.make_response(self.survey, cast.town, state="in_progress")
        make.make_response(self.survey, cast.neighbour, state="submitted")
        closed = make.make_survey(cast.pref, questionnaire, state="closed", tier_scheme=scheme, fiscal_year=2023)
        for town in (cast.town, cast.neighbour):
            Response.objects.create(survey=closed, organization=town, state="confirmed")
        classify(closed.pk)
        self.tiered = closed
        self.assignment = TierAssignment.objects.get(organization=cast.town)
        self.card = StoredScoreCard.objects.get(organization=cast.town)
        self.group = Group.objects.create(prefecture=cast.pref, name="近隣の会")
        self.group.members.set([cast.neighbour])
        self.job = Job.objects.create(kind="none", label="処理", state="failed", prefecture=cast.pref)
        self.membership = cast.officer.memberships.get()
        self.consultant = cast.consultant.memberships.get()
        self.invitation = Invitation.objects.create(
            email="new@example.jp", name="新 人", organization=cast.town, role="officer",
            first_day=self.membership.first_day, token_digest=uuid.uuid4().hex, expires_at=self.survey.closes_at,
        )  # fmt: skip
        self.questionnaire = Questionnaire.objects.get(pk=questionnaire.pk)
        self.town = cast.town
        self.case = a_case(cast.pref)
        self.uptake = take_up(self.case.pk, cast.town.pk, UptakeWish(UptakeState.DONE), user=cast.officer)
        self.contributed = contributed(cast)
        self.plan_item = PlanItem.objects.create(
            prefecture=cast.pref, fiscal_year=2024, section="(4)", item="提案", measure="by_hand", target=1, unit="件",
        )  # fmt: skip
        self.change = PlanChange.objects.create(item=self.plan_item, day=dt.date(2024, 10, 1), target=2, reason="追加")
        self.exchange_member = ExchangeMember.objects.create(organization=cast.town, first_day=dt.date(2024, 5, 1))
        self.saved = keep(cast.officer, "窓口", "q=%E7%AA%93%E5%8F%A3")
        self.occasions = hold_occasions(cast.pref, cast.town)
        self.busy_period = BusyPeriod.objects.create(
            organization=cast.town, first_day="2024-06-10", last_day="2024-06-20", kind="assembly"
        )
        self.occasion_kind = OccasionKind.objects.create(
            prefecture=cast.pref, code="visit", name="訪問", book="consultations"
        )
        self.feed = make_feed("all", user=cast.officer)[0]
        self.action = an_action(cast.town, cast.staff, bearer="town")
        self.closed_action = an_action(cast.town, cast.staff, "済んだこと", bearer="town")
        action_moves.make_move(self.closed_action.pk, "carry_out", user=cast.staff)
        people.load_capacities()  # gone where a test emptied the tables
        self.supporter = people.create_supporter({"name": "支援 花子"}, user=cast.staff)
        self.held = people.store_capacity(
            self.supporter.pk,
            capacity=Capacity.objects.get(code="concierge"),
            first_day=dt.date(2024, 4, 1),
            user=cast.staff,
        )
        self.capacity = add_capacity("県の役割", has_field=False, user=cast.staff)
        self.contact = people.create_contact(
            cast.town, {"name": "窓口 花子", "first_day": dt.date(2024, 4, 1)}, user=cast.officer
        )
        self.session = a_session(cast.staff, cast.town, due=20)
        self.held_session = hold(a_session(cast.staff, cast.town, due=-2), cast.staff)
        self.free_session = a_session(cast.staff, cast.town, due=40)
        self.report_result = results.add(2024, ResultText("成果", "作った", "変わった"), user=cast.staff)
        SupportSurvey.objects.create(
            prefecture=cast.pref, fiscal_year=2024, closes_on=timezone.localdate() + dt.timedelta(days=9)
        )
        self.session_file = session_attachments.add(
            self.session.pk, [an_upload("様式.png", PNG_BYTES)], user=cast.staff
        )[0]
        self.snippet = snippets.create(SnippetContent("結び", "以上です。", shared=True), user=cast.staff)
        self.move_request = moving.ask(self.session.pk, [at(22)], reason="議会", user=cast.officer)
        self.question = a_question(cast.town, cast.officer, asked=[cast.neighbour])
        self.released_item = release(an_item(cast.staff), cast.staff)
        self.agreeing_item = an_item(cast.staff, "校務のガイドライン", bodies=[cast.town])
        shelf_moves.make_move(self.agreeing_item.pk, "circulate", user=cast.staff)
        self.product = a_product(cast.town, cast.officer, sharing="named")
        self.topic = a_topic(cast.town, cast.officer, "町の論点", trouble="人手が足りない")
        self.topic_file = a_topic_file(self.topic)
        self.skip = SkippedMonth.objects.create(organization=cast.town, month=dt.date(2024, 8, 1))
        self.shown_topic = shown(a_topic(cast.town, cast.staff, "確認中の論点"), cast.staff)
        self.released_topic = released(a_topic(cast.town, cast.staff, "公開した論点", contact=True), cast.staff)
        self.contact_request = contact.ask(self.released_topic.pk, "聞きたい", user=cast.neighbour_officer)
        refresh(cast.pref.pk)

    def arguments(self, route: str) -> dict:
        """What fills the gaps of an address, by its beginning."""
        firsts = {
            "surveys": self.survey, "responses": self.response, "tiers": self.assignment, "score-cards": self.card,
            "organizations": self.town, "karte": self.town, "groups": self.group, "jobs": self.job,
            "questionnaires": self.questionnaire, "members": self.membership, "plan": self.plan_item,
            "busy-periods": self.busy_period, "occasion-kinds": self.occasion_kind,
            "calendar": self.feed,
            "supporters": self.supporter,
            "contacts": self.contact,
        }  # fmt: skip
        head = route.split("/")[0]
        firsts["topics"] = self.topic
        values = {
            "pk": self.invitation.pk if route.startswith("members/invitations") else getattr(firsts.get(head), "pk", 0),
            "survey": self.tiered.pk, "code": "0-1", "section": "step0", "year": 2024, "slug": "response-rate",
            "supporter": self.supporter.pk,
            "change": self.change.pk, "source_id": self.case.source_id, "step": "hearing", "token": "unknown", "uidb36": "1", "key": "set-password",
        }  # fmt: skip
        nearer = {
            "cases/uptakes/": self.uptake,
            "support/report/": self.report_result,
            "plan/exchange/": self.exchange_member,
            "cases/saved/": self.saved,
            "supporters/capacities/": self.capacity,
            "supporters/<int:supporter>/": self.held,
        }
        values["pk"] = next((thing.pk for start, thing in nearer.items() if route.startswith(start)), values["pk"])
        if route.endswith("/assignments/"):
            values["pk"] = self.consultant.pk
        if head == "cases" and (state := self.state_of(route)):
            case = self.contributed[state]
            values |= {"source_id": case.source_id, "pk": case.attachments.get().pk}
        if head == "occasions":
            values["pk"] = self.occasions[OCCASION_STATE_OF.get(route.split("/")[2], "planned")].pk
        values |= self.of_consultations(route)
        if "/tiers/" in route and head == "surveys":
            values["pk"] = self.tiered.pk
        return {name: value for name, value in values.items() if f":{name}>" in route or f"P<{name}>" in route}

    def of_consultations(self, route: str) -> dict:
        if route.startswith("consultations/actions/"):
            return {"pk": (self.closed_action if route.endswith("/reopen/") else self.action).pk}
        if route.startswith("consultations/sessions/"):
            return {"pk": self.session_for(route).pk, "name": "record", "file": self.session_file.pk}
        if route.startswith("consultations/products/"):
            return {"pk": self.product.pk}
        if route.startswith("consultations/topics/"):
            return {"pk": self.topic_for(route).pk, "file": self.topic_file.pk, "session": self.session.pk}
        if route.startswith("consultations/questions/"):
            return {"pk": self.question.pk, "file": self.question.shared_files[0]}
        if route.startswith("consultations/skips/"):
            return {"pk": self.skip.pk}
        if route.startswith("consultations/snippets/"):
            return {"pk": self.snippet.pk}
        if route.startswith("consultations/shelf/"):
            item = self.agreeing_item if route.endswith(("/agree/", "/object/")) else self.released_item
            return {"pk": item.pk, "file": item.versions.get().attachments.get().pk}
        if route.startswith("consultations/requests/"):
            return {"pk": self.move_request.pk}
        return {"code": "monthly"} if route.startswith("consultations/kinds/") else {}

    def topic_for(self, route: str):
        """The topic, or the request to hear more of it, with which an address means something."""
        if "/contacts/" in route:
            return self.contact_request
        if route.endswith(("/agree/", "/object/", "/revise/")):
            return self.shown_topic
        return self.released_topic if route.endswith("/withdraw/") or "/released/" in route else self.topic

    def session_for(self, route: str):
        """The session with which an address means something."""
        if route.endswith(("/reply/", "/confirm/")):
            return self.held_session
        return self.free_session if route.endswith("/ask/") else self.session

    def state_of(self, route: str) -> str:
        parts = route.split("/")
        if not parts[1].endswith("source_id>"):
            return ""
        if route.endswith("<int:pk>/"):  # a file to read
            return "published"
        return STATE_OF.get(parts[2], "")
