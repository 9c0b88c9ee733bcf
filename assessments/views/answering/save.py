"""The autosave of one question: form data in, the new state of the sheet out, as JSON."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from assessments.domain.answering.write import AnswerDraft, SaveOutcome, StoredAnswer, save
from assessments.domain.questionnaires.spec import QuestionnaireSpec
from assessments.domain.questionnaires.stored import stored_questionnaire
from assessments.domain.questionnaires.wording import answer_lines
from assessments.forms.answering import fields, read
from assessments.models import Response
from assessments.views.answering.base import sections_of
from assessments.views.answering.blocks import clock, moment
from dxportal.core.workflow.errors import NotPossible

SIGNED_OUT = "ログインの有効期限が切れました。入力した内容はこの画面に残っています。"
UNKNOWN = 404
UNFIT = 422
CONFLICT = 409
LOCKED = 423


@login_not_required  # answers itself, since a script can't follow a redirect to the sign-in page
@require_POST
def answer_save(request: HttpRequest, pk: int, code: str) -> JsonResponse:
    """200 saved, 401 signed out, 403 no right, 404 no such sheet or question, 409 overtaken, 422 unfit, 423 closed."""
    if not request.user.is_authenticated:
        return refusal("signed_out", SIGNED_OUT, 401)
    try:
        outcome = save(pk, lambda spec: [_draft(spec, code, request)], user=request.user, only_shown=True)
    except NotPossible as error:
        return refusal("closed", error.message, LOCKED)
    except PermissionDenied:
        if not Response.objects.for_user(request.user).filter(pk=pk).exists():
            return refusal("not_found", "回答票が見つかりません。", UNKNOWN)
        return refusal("forbidden", "この回答票に入力する権限がありません。", 403)
    return _account(outcome, code)


def refusal(error: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error, "message": message}, status=status)


def _draft(spec: QuestionnaireSpec, code: str, request: HttpRequest) -> AnswerDraft:
    return read(spec.question(code), request.POST).draft if spec.has(code) else AnswerDraft(code)


def _account(outcome: SaveOutcome, code: str) -> JsonResponse:
    spec = stored_questionnaire(outcome.response.survey.questionnaire_id).spec
    state = _state(outcome, spec)
    if problems := outcome.problems.get(code):
        status = {"unknown_question": UNKNOWN, "not_reopened": LOCKED}.get(problems[0].code, UNFIT)
        messages = [problem.message for problem in problems]
        told = {"error": problems[0].code, "message": messages[0], "problems": messages}
        return JsonResponse(state | told, status=status)
    if theirs := outcome.conflicts.get(code):
        told = {"error": "conflict", "message": _overtaken(theirs), "theirs": _side(spec, code, theirs)}
        return JsonResponse(state | told, status=CONFLICT)
    stored = outcome.stored[code]
    message = f"{moment(stored.at)}に保存しました" if stored.at else ""
    return JsonResponse(state | {"saved": _side(spec, code, stored), "message": message})


def _overtaken(theirs: StoredAnswer) -> str:
    who = f"{theirs.by}さん" if theirs.by else "ほかの人"
    return f"この項目は{moment(theirs.at)}に{who}が更新しました。どちらを残すか選んでください。"


def _side(spec: QuestionnaireSpec, code: str, stored: StoredAnswer) -> dict:
    """One side as text to read and as controls to set."""
    question = spec.question(code)
    return {
        "revision": stored.revision,
        "lines": answer_lines(question, stored.value),
        "fields": list(fields(question, stored.value)),
        "note": stored.note,
        "at": clock(stored.at) if stored.at else "",
        "by": stored.by,
    }


def _state(outcome: SaveOutcome, spec: QuestionnaireSpec) -> dict:
    """How far the sheet is now, so that nothing needs loading again."""
    counts = outcome.progress
    return {
        "state": outcome.response.state,
        "state_label": outcome.response.get_state_display(),
        "answered": counts.answered,
        "required": counts.required,
        "shown": sorted(counts.shown),
        "sections": {
            one["section"].code: {
                "answered": one["progress"].answered,
                "required": one["progress"].required,
                "state": one["progress"].state,
                "word": one["word"],
            }
            for one in sections_of(spec, counts)
        },
    }
