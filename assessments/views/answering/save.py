"""The autosave of one question: form data in, the new state of the response out, as JSON."""

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
from dxportal.core.accounts.once import counts_itself
from dxportal.core.workflow.errors import NotPossible

SIGNED_OUT = "ログインの有効期限が切れました。入力した内容はこの画面に残っています。"
UNKNOWN = 404
UNFIT = 422
CONFLICT = 409
LOCKED = 423


@counts_itself  # by the revision that the page was drawn with
@login_not_required  # answers itself, since a script can't follow a redirect to the sign-in page
@require_POST
def answer_save(request: HttpRequest, pk: int, code: str) -> JsonResponse:
    """200 saved, 401 signed out, 403 no right, 404 no such response or question, 409 overtaken, 422 unfit, 423 closed."""
    if not request.user.is_authenticated:
        return refusal("signed_out", SIGNED_OUT, 401)

    def drafts(spec: QuestionnaireSpec) -> list[AnswerDraft]:
        return [read(spec.question(code), request.POST).draft if spec.has(code) else AnswerDraft(code)]

    try:
        outcome = save(pk, drafts, user=request.user, only_shown=True)
    except NotPossible as error:
        return refusal("closed", error.message, LOCKED)
    except PermissionDenied:
        if not Response.objects.for_user(request.user).filter(pk=pk).exists():
            return refusal("not_found", "回答票が見つかりません。", UNKNOWN)
        return refusal("forbidden", "この回答票に入力する権限がありません。", 403)
    return as_json(outcome, code)


def refusal(error: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error, "message": message}, status=status)


def as_json(outcome: SaveOutcome, code: str) -> JsonResponse:
    """How far the response is now, so that nothing needs loading again, and what became of the question."""
    spec = stored_questionnaire(outcome.response.survey.questionnaire_id).spec
    counts = outcome.progress
    state = {
        "state": outcome.response.state,
        "state_label": outcome.response.get_state_display(),
        "answered": counts.answered,
        "required": counts.required,
        "shown": sorted(counts.shown),
        "sections": {
            line["section"].code: {
                "answered": line["progress"].answered,
                "required": line["progress"].required,
                "state": line["progress"].state,
                "word": line["word"],
            }
            for line in sections_of(spec, counts)
        },
    }
    if problems := outcome.problems.get(code):
        status = {"unknown_question": UNKNOWN, "not_reopened": LOCKED}.get(problems[0].code, UNFIT)
        messages = [problem.message for problem in problems]
        trouble = {"error": problems[0].code, "message": messages[0], "problems": messages}
        return JsonResponse(state | trouble, status=status)
    if theirs := outcome.conflicts.get(code):
        who = f"{theirs.by}さん" if theirs.by else "ほかの人"
        message = f"この項目は{moment(theirs.at)}に{who}が更新しました。どちらを残すか選んでください。"
        trouble = {"error": "conflict", "message": message, "theirs": side(spec, code, theirs)}
        return JsonResponse(state | trouble, status=CONFLICT)
    stored = outcome.stored[code]
    message = f"{moment(stored.at)}に保存しました" if stored.at else ""
    return JsonResponse(state | {"saved": side(spec, code, stored), "message": message})


def side(spec: QuestionnaireSpec, code: str, stored: StoredAnswer) -> dict:
    """An answer, theirs or one's own, as text to read and as controls to set."""
    question = spec.question(code)
    return {
        "revision": stored.revision,
        "lines": answer_lines(question, stored.value),
        "fields": list(fields(question, stored.value)),
        "note": stored.note,
        "at": clock(stored.at) if stored.at else "",
        "by": stored.by,
    }
