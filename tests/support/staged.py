"""What needs the world in a certain state first: each piece makes that state, then says what is sent.

``payloads`` holds what can be sent to ``access_world`` as it stands. A new address that changes something gets a line
there, or a piece here.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from assessments.enums import ResponseState
from assessments.intake.tiers import HEADINGS
from assessments.models import Classification, Response
from casestudies.domain.search import index
from casestudies.intake.contribution.sheets import HEADERS
from casestudies.models import Case, CasePlace
from consultations.domain.questions import write as write_question
from consultations.domain.sessions import moving, planning
from consultations.domain.sessions.planning import PlanWish
from consultations.domain.shelf import moves as shelf_moves
from consultations.domain.topics.sharing import contact
from consultations.enums import ShelfState
from consultations.intake.products import sheets as products
from consultations.intake.register import sheets as register
from consultations.models import ShelfFile
from dxportal.core.accounts.models import Invitation
from dxportal.core.intake.export import Sheet, workbook
from dxportal.core.jobs.models import Job
from dxportal.core.organizations.domain.life_changes import last_event
from dxportal.core.organizations.fiscal import fiscal_year_of
from dxportal.core.people.intake import supporters
from dxportal.core.people.models import Supporter
from dxportal.core.workflow.texts import mark
from dxportal.portal.models import PlanItem
from tests.support import code_list
from tests.support import factories as make
from tests.support.access_world import World
from tests.support.cases import a_field, an_area
from tests.support.consultations import a_question, a_session, a_topic, an_action, an_item, at, day, release, released
from tests.support.files import PDF_BYTES, PNG_BYTES, an_upload
from tests.support.tiers import make_tier_scheme

Data = dict[str, Any] | Callable[[], dict[str, Any]]
PHRASE = "correct-horse-42"


@dataclass
class Sending:
    """One POST. ``user`` None: nobody is signed in. ``shows``: it answers with a page of its own (a preview, a secret) instead
    of leading on."""

    name: str
    data: Data = field(default_factory=dict)
    user: Any = None
    arguments: dict[str, Any] | None = None
    shows: bool = False
    page: str = ""  # looked at before

    def content(self) -> dict[str, Any]:
        return self.data() if callable(self.data) else self.data


def staged(world: World, cast: Any) -> Iterator[Sending]:
    for room in (
        of_accounts,
        of_organizations,
        of_surveys,
        of_answers,
        of_tiers,
        of_cases,
        of_occasions,
        of_actions,
        of_topics,
        of_sessions,
        of_products,
        of_register,
        of_supporters,
        of_questions,
        of_shelf,
        of_plan,
        of_people,
    ):
        yield from room(world, cast)


def of_accounts(world: World, cast: Any) -> Iterator[Sending]:
    account = {"name": "新 太郎", "kana": "シン タロウ", "password1": PHRASE, "password2": PHRASE}
    yield Sending("accounts:invitation", account, arguments={"token": invited(cast, "new-one@example.jp")})
    accepting = {"token": invited(cast, cast.neighbour_officer.email)}
    yield Sending("accounts:invitation", {}, cast.neighbour_officer, accepting)
    yield Sending("account_reset_password", {"email": cast.viewer.email})
    passwords = {"password1": PHRASE, "password2": PHRASE}
    change = {"oldpassword": make.PASSPHRASE} | passwords
    yield Sending("account_change_password", change, make.make_user(cast.town, "viewer"))
    uid, key = user_pk_to_url_str(cast.viewer), default_token_generator.make_token(cast.viewer)
    link = reverse("account_reset_password_from_key", args=[uid, key])
    here = {"uidb36": uid, "key": "set-password"}
    yield Sending("account_reset_password_from_key", passwords, arguments=here, page=link)


def invited(cast: Any, email: str) -> str:
    """The token of an open invitation."""
    token = f"token-of-{email}"
    Invitation.objects.create(
        email=email,
        name="招待 花子",
        organization=cast.town,
        role="approver",
        first_day=timezone.localdate(),
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=timezone.now() + dt.timedelta(days=7),
    )
    return token


def of_organizations(world: World, cast: Any) -> Iterator[Sending]:
    today = timezone.localdate().isoformat()
    town = make.make_municipality(cast.bureau, "やまの町", code="014028")
    here = {"pk": town.pk}
    values = {"code": town.code, "name": "やまの市", "municipality_kind": "city", "parent": cast.bureau.pk}
    yield Sending("organizations:life_change", {"event": "city", "day": today, **values}, cast.admin, here)
    town.refresh_from_db()
    yield Sending("organizations:life_take_back", {"last": last_event(town)}, cast.admin, here)
    yield Sending("organizations:life_end", {"event": "abolished", "day": today}, cast.admin, here)
    yield Sending("organizations:delete", {}, cast.admin, {"pk": make.make_municipality(cast.bureau).pk})
    head = make.make_prefecture("静岡県", code="220001")
    admin = make.make_user(head, "prefecture_admin")
    make.make_municipality(head, "浜松市", code="222020", municipality_kind="city")
    page = "organizations:code_list"
    file = codes_file(code_list.SHIZUOKA, code_list.SHIZUOKA_CITY, code_list.HAMAMATSU)
    yield Sending(page, lambda: {"file": file()}, admin, shows=True)
    kept = preview(admin, reverse(page), {"file": file()}).context["kept"]
    yield Sending(page, {"kept": kept, "day": today}, admin)
    queued = Job.objects.create(kind="none", label="処理", state="queued", prefecture=cast.pref)
    yield Sending("jobs:cancel", {}, cast.admin, {"pk": queued.pk})


def of_people(world: World, cast: Any) -> Iterator[Sending]:
    mistaken = Supporter.objects.create(prefecture=cast.pref, name="取り違えた 人")
    yield Sending("people:supporter_delete", {}, cast.staff, {"pk": mistaken.pk})


def codes_file(*rows: tuple) -> Callable[[], SimpleUploadedFile]:
    stream = io.BytesIO()
    code_list.write_book(stream, *rows)
    return lambda: SimpleUploadedFile("codes.xlsx", stream.getvalue())


def preview(user: Any, address: str, data: dict[str, Any]) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(address, data)


def of_surveys(world: World, cast: Any) -> Iterator[Sending]:
    draft = make.make_survey(cast.pref, world.questionnaire, state="draft")
    yield Sending("assessments:survey_open", {}, cast.staff, {"pk": draft.pk})
    submitted = Response.objects.get(survey=world.survey, organization=cast.neighbour)
    here = {"pk": submitted.pk}
    yield Sending("assessments:response_accept", {}, cast.staff, here)
    reason = {"comment": "問1を直してください。", "scope": "whole"}
    yield Sending("assessments:response_return", reason, cast.staff, here)
    Response.objects.filter(pk=submitted.pk).update(state=ResponseState.SUBMITTED)
    yield Sending("assessments:survey_confirm_all", {"response": [submitted.pk]}, cast.staff)


def of_answers(world: World, cast: Any) -> Iterator[Sending]:
    sheet = Response.objects.filter(pk=world.response.pk)
    answers = {"q:0-1": "yes", "r:0-1": "0", "go": "next"}
    yield Sending("assessments:section", answers, cast.officer, {"pk": world.response.pk, "section": "step0"})
    sheet.update(state=ResponseState.NOT_STARTED)
    yield Sending("assessments:response_begin", {}, cast.officer)
    sheet.update(state=ResponseState.IN_REVIEW)
    yield Sending("assessments:response_withdraw", {"comment": "直します"}, cast.officer)


def of_tiers(world: World, cast: Any) -> Iterator[Sending]:
    step = {"from_step": "computed", "comment": "始めます"}
    yield Sending("assessments:tiers_step", step, cast.admin)
    adjusting = {"tier": "4", "reason": "聞取りのとおり", "revision": world.assignment.revision}
    yield Sending("assessments:tier_adjust", adjusting, cast.admin)
    Classification.objects.filter(survey=world.tiered).update(step="computed")
    yield Sending("assessments:tiers_thresholds", {"tier_4": "50", "tier_3": "18", "tier_2": "10"}, cast.admin)
    yield Sending("assessments:tiers_schemes", {"tier_scheme": make_tier_scheme().pk}, cast.admin)
    imported = make.make_survey(cast.pref, source="imported", tier_scheme=make_tier_scheme(version=2))
    page, here = "assessments:step_scores_import", {"pk": imported.pk}
    right, wrong = scores_file(cast.town.code, cast.town.name, 5), scores_file(cast.town.code, "ゆうひ町", 6)
    yield Sending(page, lambda: {"file": right()}, cast.staff, here, shows=True)
    yield Sending(page, lambda: {"file": wrong()}, cast.staff, here, shows=True)
    shown = preview(cast.staff, reverse(page, kwargs=here), {"file": wrong()}).context["confirmation"].initial
    yield Sending(page, shown | {"row_0": "on"}, cast.staff, here)


def scores_file(code: str, name: str, points: int) -> Callable[[], SimpleUploadedFile]:
    book = Workbook()
    book.active.title = "得点"
    for row in (HEADINGS, (code, name, points, 5, 15, 18)):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return lambda: SimpleUploadedFile("scores.xlsx", stream.getvalue())


def of_cases(world: World, cast: Any) -> Iterator[Sending]:
    case = world.contributed["draft"]
    moved = {"source_id": case.source_id}
    plan = lambda: {"files": [SimpleUploadedFile("計画.pdf", PDF_BYTES)]}  # noqa: E731
    yield Sending("casestudies:attachments", plan, cast.officer, moved)
    reviewed = world.contributed["in_review"]
    for complete in (case, reviewed):
        fill_in(complete)
    yield Sending("casestudies:submit", {"comment": "お願いします", "revision": case.revision}, cast.officer, moved)
    yield Sending("casestudies:withdraw", {"comment": "直します"}, cast.officer, moved)
    yield Sending("casestudies:delete", {}, cast.officer, moved)
    publishing = {"comment": "", "audience": "prefecture", "revision": reviewed.revision}
    yield Sending("casestudies:publish", publishing, cast.staff, {"source_id": reviewed.source_id})
    page = "casestudies:import"
    yield Sending(page, lambda: {"file": register_file()}, cast.officer, shows=True)
    token = preview(cast.officer, reverse(page), {"file": register_file()}).context["token"]
    yield Sending(page, {"token": token}, cast.officer)


@transaction.atomic
def fill_in(case: Case) -> None:
    """What is needed before anybody is asked to look at it."""
    case.summary, case.actions, case.field = "窓口を減らした。", "申請を一つにまとめた。", a_field("online")
    case.published_at = None
    case.save()
    case.areas.set([an_area("training")])
    CasePlace.objects.create(case=case, position=0, prefecture_name="みほん県", name="あさひ町", kind="town")
    index.write([case.pk])
    case.refresh_from_db()


def register_file() -> SimpleUploadedFile:
    rows = dict.fromkeys(HEADERS, ())
    first = next(iter(HEADERS))
    rows[first] = [["台帳の事例" if name == "題名" else None for name in HEADERS[first]]]
    sheets = [Sheet(title, header, rows[title]) for title, header in HEADERS.items()]
    return SimpleUploadedFile("台帳.xlsx", workbook(sheets))


def of_occasions(world: World, cast: Any) -> Iterator[Sending]:
    planned, held = world.occasions["planned"], world.occasions["held"]
    yield Sending("occasions:replace", {"successor": planned.pk}, cast.staff)
    yield Sending("occasions:feed_make", {"scope": "own"}, cast.staff, shows=True)
    yield Sending("occasions:feed_renew", {}, cast.officer, shows=True)
    yield Sending("occasions:unhold", {"reason": "日を誤った"}, cast.staff, {"pk": held.pk})
    yield Sending("occasions:cancel", {"reason": "台風のため"}, cast.staff, {"pk": held.pk})
    again = {"reason": "台風のため", "new_day": "R20.1.20", "new_time": "14時"}
    yield Sending("occasions:postpone", again, cast.staff, {"pk": planned.pk})


def of_actions(world: World, cast: Any) -> Iterator[Sending]:
    another = an_action(cast.town, cast.staff, "やめること", bearer="town")
    yield Sending("consultations:action_drop", {"result": "やめる理由"}, cast.staff, {"pk": another.pk})


def of_shelf(world: World, cast: Any) -> Iterator[Sending]:
    texts = {"kind": "rules", "title": "文書管理の要綱", "description": "そのまま使える"}
    files = lambda: {**texts, "files": [SimpleUploadedFile("要綱.pdf", PDF_BYTES)]}  # noqa: E731
    yield Sending("consultations:shelf_create", files, cast.staff)
    item, other, group = (an_item(cast.staff, title, bodies=bodies) for title, bodies in (
        ("一つ目", ()), ("二つ目", ()), ("合意の要るもの", (cast.town,))
    ))  # fmt: skip
    here = {"pk": item.pk}
    yield Sending("consultations:shelf_edit", texts | {"revision": "1"}, cast.staff, here)
    more = lambda: {"note": "直した", "files": [SimpleUploadedFile("第2版.png", PNG_BYTES)]}  # noqa: E731
    yield Sending("consultations:shelf_version", more, cast.staff, here)
    yield Sending("consultations:shelf_release", {}, cast.staff, here)
    file = ShelfFile.objects.filter(version__item=item).latest("pk")
    yield Sending("consultations:shelf_file", {}, cast.officer, here | {"file": file.pk}, shows=True)
    yield Sending("consultations:shelf_withdraw", {"reason": "古い"}, cast.staff, here)
    yield Sending("consultations:shelf_restore", {}, cast.staff, here)
    release(other, cast.staff)
    successor = {"successor": str(world.released_item.pk)}
    yield Sending("consultations:shelf_supersede", successor, cast.staff, {"pk": other.pk})
    going = {"pk": group.pk}
    yield Sending("consultations:shelf_circulate", {}, cast.staff, going)
    yield Sending("consultations:shelf_object", {"reason": "様式が違う"}, cast.officer, going)
    circulate(group, cast.staff)
    yield Sending("consultations:shelf_back", {"reason": "直す"}, cast.staff, going)
    circulate(group, cast.staff)
    shelf_moves.agree(group.pk, user=cast.officer)
    yield Sending("consultations:shelf_approve", {"reason": "11月の会議"}, cast.staff, going)


def circulate(item: Any, user: Any) -> None:
    """Whether or not the step before was really sent."""
    item.refresh_from_db()
    if item.state != ShelfState.AGREEING:
        shelf_moves.make_move(item.pk, "circulate", user=user)


def of_questions(world: World, cast: Any) -> Iterator[Sending]:
    question = a_question(cast.town, cast.officer, "何から始めますか。")
    reply = write_question.answer(question.pk, "要綱から始めました。", user=cast.staff)
    chosen = {"answer": str(reply.pk), "revision": "2"}
    yield Sending("consultations:question_accept", chosen, cast.officer, {"pk": question.pk})
    yield Sending("consultations:question_reopen", {"reason": "続きがある"}, cast.officer, {"pk": question.pk})
    yield Sending("consultations:question_withdraw", {"reason": "分かった"}, cast.officer, {"pk": question.pk})


def of_products(world: World, cast: Any) -> Iterator[Sending]:
    page = "consultations:product_import"
    yield Sending(page, lambda: {"file": products_file()}, cast.officer, shows=True)
    token = preview(cast.officer, reverse(page), {"file": products_file()}).context["token"]
    yield Sending(page, {"token": token}, cast.officer)


def of_supporters(world: World, cast: Any) -> Iterator[Sending]:
    page = "people:supporter_import"
    yield Sending(page, lambda: {"file": supporters_file()}, cast.staff, shows=True)
    token = preview(cast.staff, reverse(page), {"file": supporters_file()}).context["confirmation"]["token"].value()
    yield Sending(page, {"token": token}, cast.staff)


def supporters_file() -> SimpleUploadedFile:
    row = dict.fromkeys(supporters.HEADER, "") | {"氏名": "名簿 花子", "所属": "名簿社"}
    return SimpleUploadedFile(
        "支援者.xlsx", workbook([Sheet(supporters.TITLE, supporters.HEADER, [list(row.values())])])
    )


def of_register(world: World, cast: Any) -> Iterator[Sending]:
    page = "consultations:register_import"
    yield Sending(page, lambda: {"file": past_sessions(cast)}, cast.staff, shows=True)
    token = preview(cast.staff, reverse(page), {"file": past_sessions(cast)}).context["confirmation"]["token"].value()
    yield Sending(page, {"token": token}, cast.staff)


def past_sessions(cast: Any) -> SimpleUploadedFile:
    row = dict.fromkeys(register.SESSION_COLUMNS, "") | {
        "日付": "2024-05-10", "開始": "10:00", "時間（分）": 60, "種別": "随時", "団体": cast.town.name, "開催方法": "対面",
    }  # fmt: skip
    sheet = Sheet(register.SESSIONS, register.SESSION_COLUMNS, [list(row.values())])
    return SimpleUploadedFile("相談.xlsx", workbook([sheet]))


def products_file() -> SimpleUploadedFile:
    row = dict.fromkeys(products.HEADER, "") | {"業務": "台帳の業務", "製品・サービス": "台帳の製品"}
    return SimpleUploadedFile("製品.xlsx", workbook([Sheet(products.TITLE, products.HEADER, [list(row.values())])]))


def of_topics(world: World, cast: Any) -> Iterator[Sending]:
    topic = a_topic(cast.town, cast.officer, "添付する論点")
    yield Sending("consultations:topic_propose", {"title": "話したいこと"}, cast.officer, {"session": world.session.pk})

    def file() -> dict[str, Any]:
        return {"files": SimpleUploadedFile("資料.pdf", PDF_BYTES)}

    yield Sending("consultations:topic_files", file, cast.officer, {"pk": topic.pk})
    summary = {"title": "進め方", "summary": "悩み：人手が足りない", "revision": "1"}
    yield Sending("consultations:topic_show", summary, cast.staff, {"pk": topic.pk})
    yield Sending("consultations:topic_agree", summary | {"revision": "2"}, cast.officer, {"pk": topic.pk})
    open_topic = released(a_topic(cast.town, cast.staff, "聞ける論点", contact=True), cast.staff)
    wish = {"message": "聞きたい"}
    yield Sending("consultations:contact_ask", wish, cast.neighbour_approver, {"pk": open_topic.pk})
    yield Sending("consultations:contact_agree", {}, cast.officer, {"pk": world.contact_request.pk})
    another = released(a_topic(cast.town, cast.staff, "断る論点", contact=True), cast.staff)
    declined = contact.ask(another.pk, "聞きたい", user=cast.neighbour_officer)
    yield Sending("consultations:contact_decline", {}, cast.officer, {"pk": declined.pk})
    yield Sending("portal:topic_case", {}, cast.staff, {"pk": another.pk})
    yield Sending("consultations:release_digest", {"muted": "on"}, cast.officer)
    held = a_topic(cast.town, cast.staff, "保留する論点")
    yield Sending("consultations:topic_hold", {"reason": "確かめる"}, cast.staff, {"pk": held.pk})
    yield Sending("consultations:topic_revise", {"reason": ""}, cast.staff, {"pk": held.pk})


def of_sessions(world: World, cast: Any) -> Iterator[Sending]:
    when = {"starts_day": day(9).isoformat(), "starts_time": "14:00", "minutes": "60", "mode": "online"}
    new = {"kind": "ad_hoc", "organizations": [cast.town.pk], **when}
    yield Sending("consultations:session_create", new, cast.staff)
    agreed = {"organization": cast.town.pk, "year": str(fiscal_year_of(day())), "every": "2"}
    yield Sending("consultations:frequencies", agreed, cast.staff)
    months = {"months": [f"{fiscal_year_of(day()) + 1}-08"], "reason": "council"}
    yield Sending("consultations:skips", {"organization": cast.town.pk, **months}, cast.staff)
    yield Sending("consultations:skip_remove", {}, cast.staff, {"pk": world.skip.pk})
    kind = {"year": day().year, "code": "ad_hoc"}
    yield Sending("consultations:kind_edit", {"minutes": "45", "is_active": "on"}, cast.staff, kind)
    session = a_session(cast.staff, cast.town, due=9, clock=dt.time(14))
    here = {"pk": session.pk}
    text = {"record": "打ちかけの記録", "r:record": mark("")}
    yield Sending("consultations:session_text", text, cast.staff, here | {"name": "record"})
    seen = {f"seen_{name}": mark("") for name in ("decisions", "requests", "next_meeting", "memo")}
    counts = {f"{rows}-{count}_FORMS": 0 for rows in ("guests", "actions", "topics") for count in ("TOTAL", "INITIAL")}
    kept = {"record": "打ちかけの記録", "seen_record": mark("打ちかけの記録"), "decisions": "決めたこと"}
    asked = {"questions": "窓口の件数", "revision": "0"}
    yield Sending("consultations:session_prepare", asked, cast.staff, here)
    new = lambda: {"files": [an_upload("様子.png", PNG_BYTES)]}  # noqa: E731
    yield Sending("consultations:session_files", new, cast.staff, here)
    yield Sending(
        "consultations:session_file_delete", {}, cast.staff, {"file": world.session_file.pk, "pk": world.session.pk}
    )
    yield Sending("consultations:snippet_create", {"title": "書き出し", "text": "本日は"}, cast.staff)
    words = {"title": "結び", "text": "直した文", "shared": "on", "revision": "1"}
    yield Sending("consultations:snippet_edit", words, cast.staff, {"pk": world.snippet.pk})
    yield Sending("consultations:snippet_delete", {}, cast.staff, {"pk": world.snippet.pk})
    yield Sending("consultations:session_log", {**when, **seen, **counts, **kept, "revision": "1"}, cast.staff, here)
    move = {"starts_day": day(10).isoformat(), "starts_time": "10:00"}
    yield Sending("consultations:session_shift", move, cast.staff, here)
    proposed = {"first_day": day(41).isoformat(), "first_time": "10:00"}
    yield Sending("consultations:session_ask", proposed, cast.officer, here)
    request = moving.ask(a_session(cast.staff, cast.town, due=50).pk, [at(52)], reason="", user=cast.officer)
    chosen = {"chosen": at(52).astimezone(dt.UTC).isoformat()}
    yield Sending("consultations:request_take", chosen, cast.staff, {"pk": request.pk})
    request = moving.ask(a_session(cast.staff, cast.town, due=60).pk, [at(62)], reason="", user=cast.officer)
    yield Sending("consultations:request_decline", {"reason": "先約"}, cast.staff, {"pk": request.pk})
    request = moving.ask(a_session(cast.staff, cast.town, due=70).pk, [at(72)], reason="", user=cast.officer)
    yield Sending("consultations:request_withdraw", {}, cast.officer, {"pk": request.pk})
    yield Sending("consultations:session_cancel", {"reason": "議会"}, cast.staff, here)
    yield Sending("consultations:session_revive", {"reason": "開けるようになった"}, cast.staff, here)
    over = {"pk": world.held_session.pk}
    yield Sending("consultations:session_reply", {"agrees": "1"}, cast.officer, over)
    yield Sending("consultations:session_confirm", {}, cast.staff, over)
    yield Sending("consultations:session_reopen", {"reason": "誤記"}, cast.staff, over)
    year = fiscal_year_of(day()) + 1
    wish = PlanWish(year, "monthly", (4,))
    plan = {"year": str(year), "kind": "monthly", "months": ["4"], "mode": "online"}
    digest = planning.plan(wish, user=cast.staff).digest
    yield Sending("consultations:year_plan", plan | {"digest": digest}, cast.staff)


def of_plan(world: World, cast: Any) -> Iterator[Sending]:
    year = timezone.localdate().year - (timezone.localdate().month < 4)
    row = {"section": "(4)", "item": "提案", "unit": "件", "measure": "by_hand", "target": "2", "calendar": "year_end"}
    yield Sending("portal:plan_add", {**row, "item": "研修"}, cast.staff)
    yield Sending("portal:plan_correct", {**row, "revision": world.plan_item.revision}, cast.staff)
    yield Sending("portal:plan_count", {"day": "2024-09-27", "amount": "1", "reason": "提案書を提出"}, cast.staff)
    beside = PlanItem.objects.create(
        prefecture=cast.pref,
        fiscal_year=2024,
        section="(5)",
        item="月例",
        measure="by_hand",
        target=1,
        unit="回",
        order=9,
    )
    yield Sending("portal:voice_ask", {"year": str(fiscal_year_of(day())), "closes_on": day(9).isoformat()}, cast.staff)
    yield Sending("portal:voice_write", {"overall": "心強い", "revision": "0"}, cast.officer)
    yield Sending("portal:report_add", {"title": "新しい成果", "output": "作った"}, cast.staff)
    result = {"title": "成果", "output": "広げた", "outcome": "変わった", "revision": "1"}
    yield Sending("portal:report_edit", result, cast.staff, {"pk": world.report_result.pk})
    yield Sending("portal:report_delete", {}, cast.staff, {"pk": world.report_result.pk})
    review = make.make_survey(cast.pref, fiscal_year=fiscal_year_of(day(-2)), round="review", title="見直し調査")
    make.make_response(review, cast.town)
    held = {"pk": world.held_session.pk}
    wish = {"organization": cast.town.pk, "focus": "steps", "changed": "1", "revision": "0"}
    yield Sending("portal:recheck", wish, cast.staff, held)
    yield Sending("portal:brief_make", {}, cast.staff, {"pk": world.session.pk})
    yield Sending("portal:plan_up", {}, cast.staff, {"pk": beside.pk})
    yield Sending("portal:plan_down", {}, cast.staff, {"pk": beside.pk})
    change = {"day": "2024-11-01", "target": "3", "calendar": "year_end", "reason": "追加の依頼"}
    yield Sending("portal:plan_change", change, cast.staff)
    yield Sending("portal:plan_change_take_back", {}, cast.staff)
    yield Sending("portal:plan_copy", {"from_year": "2024", "to_year": str(year + 1)}, cast.staff)
    yield Sending("portal:plan_delete", {}, cast.staff, {"pk": beside.pk})
    yield Sending("portal:exchange_join", {"towns": [cast.neighbour.pk], "day": "2024-05-01"}, cast.staff)
    yield Sending("portal:exchange_leave", {"last_day": "2024-12-31"}, cast.staff)
