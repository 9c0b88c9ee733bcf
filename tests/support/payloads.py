"""What a person would send to each changing address of ``access_world``: enough to be taken."""

from typing import Any

from django.utils import timezone

from tests.support.access_world import World

TIMES = {"closes_at_day": "R20.1.15", "closes_at_time": "午後5時30分"}
CASE_ROWS = ("organizations", "similar", "figures", "costs", "links")

ROWLESS_OCCASION = {
    "title": "新しい会合",
    "starts_at_day": "R6.7.3",
    "starts_at_time": "10時",
    "minutes": "60",
    "mode": "onsite",
    "bodies-INITIAL_FORMS": 0,
}


def payloads(world: World, cast: Any) -> dict[str, dict[str, Any]]:
    """By name of the address; what is not here is a button that sends nothing. Those that end something come last."""
    today = timezone.localdate()
    town, survey = world.town.pk, world.survey
    membership = {"organization": cast.neighbour.pk, "role": "officer", "first_day": today.isoformat()}
    case = {f"{name}-{count}_FORMS": 0 for name in CASE_ROWS for count in ("TOTAL", "INITIAL")}
    return {
        "accounts:profile": {"name": "新 名前"},
        "accounts:member_invite": {"email": "invited@example.jp", "name": "招待 花子", **membership},
        "accounts:year_end": {"memberships": [cast.viewer.memberships.get().pk], "action": "end", "confirmed": "1"},
        "accounts:member_change": {"role": "approver", "section": "企画課", "last_day": today.isoformat()},
        "accounts:member_extend": {"last_day": today.replace(year=today.year + 1).isoformat()},
        "accounts:assignment_edit": {"municipalities": [town, cast.neighbour.pk]},
        "accounts:invitation_resend": {},
        "organizations:bureau_create": {"name": "東部振興局"},
        "organizations:municipality_create": {
            "name": "新設町",
            "municipality_kind": "town",
            "parent": cast.bureau.pk,
            "code": "014010",
        },
        "organizations:edit": {"name": "東あさひ町", "municipality_kind": "town", "parent": cast.bureau.pk},
        "organizations:profile_edit": {"population": "1234", "population_date": "R6.1.1"},
        "organizations:group_create": {"name": "広域の会", "members": [town]},
        "organizations:group_edit": {"name": "近隣の新しい会", "members": [town]},
        "jobs:retry": {},
        "assessments:survey_create": {
            "title": "新しい調査",
            "fiscal_year": str(today.year),
            "round": "first",
            "questionnaire": world.questionnaire.pk,
            "opens_at_day": "R20.1.1",
            "opens_at_time": "9時",
            "contact": "内線1234",
            "visibility": "aggregate",
            **TIMES,
        },
        "assessments:imported_survey_create": {
            "title": "独自の集計",
            "fiscal_year": str(today.year),
            "tier_scheme": survey.tier_scheme_id,
        },
        "assessments:survey_edit": {"title": "改めた題", "visibility": "aggregate", **TIMES},
        "assessments:remind": {
            "batch": "2f6c1b5e-3f0c-4d55-9d7e-6a0f0f7a1a11",
            "responses": [world.response.pk],
            "subject": "督促",
            "body": "ご回答をお願いします。",
            "act": "send",
        },
        "assessments:response_extend": {"until_day": "R20.2.1", "until_time": "17時", "reason": "災害対応"},
        "assessments:answer_save": {"q:0-1": "yes", "r:0-1": "0"},
        "assessments:response_review": {},
        "assessments:response_send_back": {"comment": "直してください"},
        "assessments:response_submit": {"accept_unanswered": "on"},
        "assessments:classification_run": {},
        "portal:refresh": {},
        "portal:brief_make": {},
        "casestudies:saved": {"name": "新しい検索", "query": "q=ai"},
        "casestudies:saved_rename": {"name": "窓口の検索"},
        "casestudies:uptake_detail": {"state": "considering", "revision": str(world.uptake.revision)},
        "occasions:create": {
            **ROWLESS_OCCASION,
            "bodies-TOTAL_FORMS": 1,
            "bodies-0-body": f"o:{town}",
            "bodies-0-role": "host",
        },
        "occasions:attendance": {
            "guests-TOTAL_FORMS": 1,
            "guests-INITIAL_FORMS": 0,
            "guests-0-section": "総務課",
            "guests-0-persons": "3",
            "revision": "1",
        },
        "occasions:edit": {
            **ROWLESS_OCCASION,
            "bodies-TOTAL_FORMS": 1,
            "bodies-0-body": f"o:{town}",
            "bodies-0-role": "host",
            "revision": "2",
        },
        "occasions:hold": {},
        "occasions:confirm": {},
        "occasions:reopen": {"reason": "人数の誤り"},
        "occasions:revive": {"reason": "やはり行う"},
        "occasions:kind_create": {"code": "seminar", "name": "勉強会", "book": "trainings", "order": "1"},
        "occasions:kind_edit": {"name": "訪問相談", "book": "consultations", "order": "2", "is_active": "on"},
        "occasions:busy_create": {
            "organization": town,
            "first_day": "R7.3.1",
            "last_day": "R7.3.20",
            "kind": "assembly",
        },
        "occasions:busy_edit": {"first_day": "R6.6.10", "last_day": "R6.6.21", "kind": "busy"},
        "occasions:busy_delete": {},
        "occasions:feed_end": {},
        "consultations:topic_create": {"organization": town, "title": "新しい論点", "audience": "prefecture"},
        "consultations:topic_edit": {"title": "改めた論点", "audience": "prefecture", "revision": "1"},
        "consultations:topic_remark": {"kind": "know_how", "text": "研修から始めた"},
        "consultations:action_create": {
            "organization": town,
            "title": "新しいアクション",
            "bearer": "town",
            "due_day": "R20.1.15",
        },
        "consultations:action_edit": {
            "title": "改めたアクション",
            "bearer": "town",
            "due_day": "R20.1.15",
            "revision": str(world.action.revision),
        },
        "consultations:digest": {"muted": "on"},
        "consultations:action_done": {"result": "できたこと"},
        "consultations:action_reopen": {"result": ""},
        "consultations:product_create": {
            "organization": town,
            "task": "電子申請",
            "product": "申請くん",
            "sharing": "named",
        },
        "consultations:product_edit": {
            "task": "文書管理",
            "product": "改めた製品",
            "sharing": "none",
            "revision": "1",
        },
        "consultations:product_delete": {},
        "people:supporter_create": {"name": "新しい 支援者"},
        "people:supporter_edit": {"name": "改めた 支援者", "revision": "1"},
        "people:capacity_create": {
            "capacity": world.held.capacity_id,
            "first_day": "R5.4.1",
            "last_day": "R6.3.31",
        },
        "people:capacity_edit": {
            "capacity": world.held.capacity_id,
            "first_day": "R6.4.1",
            "last_day": "R7.3.31",
            "revision": "1",
        },
        "people:capacity_end": {"last_day": "R7.3.30"},
        "people:capacity_add": {"name": "新しい役割"},
        "people:capacity_change": {"name": "改めた役割", "is_active": "on"},
        "people:contact_create": {"organization": town, "name": "新しい 担当者", "first_day": "R6.4.1"},
        "people:contact_edit": {"name": "改めた 担当者", "first_day": "R6.4.1", "revision": "1"},
        "people:contact_end": {"last_day": "R7.3.31"},
        "people:capacity_remove": {},
        "casestudies:create": {**case, "title": "新しい事例"},
        "casestudies:edit": {**case, "title": "改めた事例", "revision": str(world.contributed["draft"].revision)},
        "casestudies:bookmark": {},
        "casestudies:uptake": {"organization": cast.neighbour.pk, "state": "done"},
        "casestudies:return": {"comment": "直してください"},
        "casestudies:restore": {},
        "casestudies:archive": {"reason": "古い"},
        "consultations:topic_file_delete": {},
        "consultations:topic_delete": {},
        "casestudies:attachment_delete": {},
        "casestudies:saved_delete": {},
        "casestudies:uptake_delete": {},
        "assessments:survey_close": {},
        "assessments:survey_reopen": TIMES,
        "accounts:invitation_revoke": {},
        "accounts:member_end": {"last_day": today.isoformat()},
        "organizations:group_delete": {},
        "accounts:member_add": membership,
    }
