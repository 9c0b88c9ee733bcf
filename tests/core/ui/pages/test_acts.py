"""A page that asks and acts: what it says when all is well, when it is refused, and when somebody was quicker."""

from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.generic import TemplateView

from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages import ActPage, ReasonForm, crumbs, take
from dxportal.core.workflow.errors import NotPossible, Overtaken


class Kept(BaseStorage):
    """Messages of one request."""

    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


class NoteForm(PortalForm):
    note = forms.CharField()
    until_day = forms.CharField(required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Close(ActPage):
    heading, button, form_class = "締切", "締め切る", NoteForm
    refusal: Exception | None = None
    acted = None

    def get_initial(self):
        return {"note": "前の注記"}

    def act(self, form):
        if self.refusal:
            raise self.refusal
        type(self).acted = form and form.cleaned_data["note"]
        return "締め切りました。"

    def get_success_url(self):
        return "/done/"

    def get_back_url(self):
        return "/back/"

    def crumbs(self):
        return crumbs("締切")


class Confirmation(Close):
    form_class = None


def call(view, method="get", data=None, role="staff", **options):
    request = getattr(RequestFactory(), method)("/", data or {})
    request.user = SimpleNamespace(role=role, is_authenticated=False)
    request._messages = Kept(request)
    answer = view.as_view(**options)(request)
    answer.words = [str(message) for message in request._messages._queued_messages]
    return answer


def test_it_asks_first():
    answer = call(Close)

    assert answer.context_data["form"].initial == {"note": "前の注記"}
    assert (answer.context_data["heading"], answer.context_data["back_url"]) == ("締切", "/back/")


def test_it_acts_says_so_and_leads_on():
    answer = call(Close, "post", {"note": "これで"})

    assert (answer.status_code, answer.url, answer.words) == (302, "/done/", ["締め切りました。"])
    assert Close.acted == "これで"


def test_a_form_with_errors_is_asked_again():
    answer = call(Close, "post", {"note": "", "until_day": "明日"}, invalid_status=422)

    assert answer.status_code == 422
    assert answer.context_data["form"]["until_day"].value() == "明日"
    assert answer.words == []


def test_what_is_not_possible_stands_on_the_form_with_what_was_typed():
    answer = call(Close, "post", {"note": "これで"}, refusal=NotPossible("今は締め切れません。"))

    form = answer.context_data["form"]
    assert (answer.status_code, form.non_field_errors()) == (200, ["今は締め切れません。"])
    assert form["note"].value() == "これで"


def test_what_is_not_possible_stands_on_the_fields_it_names():
    refusal = NotPossible({"until": "先の日にしてください。", "note": "短すぎます。", "other": "ほか"})
    form = call(Close, "post", {"note": "これで"}, refusal=refusal).context_data["form"]

    assert dict(form.errors) == {"until_day": ["先の日にしてください。"], "note": ["短すぎます。"], "__all__": ["ほか"]}


def test_without_a_form_the_refusal_is_told_where_one_came_from():
    for refusal in (NotPossible("今は締め切れません。"), Overtaken("先に変更されました。", None)):
        answer = call(Confirmation, "post", refusal=refusal)

        assert (answer.url, answer.words) == ("/back/", [refusal.message])


def test_whoever_is_overtaken_sees_what_is_stored_beside_what_was_typed():
    stored = SimpleNamespace(revision=7, note="ほかの人の注記")
    refusal = Overtaken("ほかの人が先に変更しました。", stored)
    answer = call(Close, "post", {"note": "わたしの注記", "revision": "6"}, refusal=refusal)

    form = answer.context_data["form"]
    assert answer.status_code == 409
    assert (answer.context_data["current"], answer.context_data["overtaken"]) == (stored, refusal)
    assert (form["note"].value(), form["revision"].value()) == ("わたしの注記", "7")
    assert form.non_field_errors() == ["ほかの人が先に変更しました。"]


def test_an_act_may_answer_for_itself():
    class Download(Close):
        def act(self, form):
            return HttpResponse("file")

    assert call(Download, "post", {"note": "x"}).content == b"file"


def test_the_page_says_when_the_act_makes_no_sense():
    class TooLate(Close):
        def not_now(self):
            return "もう締め切りました。"

    page = call(TooLate).render().content.decode()

    assert "もう締め切りました。" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]


def test_the_common_page_asks_with_its_button_and_a_way_out():
    page = call(Close, danger=True).render().content.decode()

    assert "<h1>締切</h1>" in page
    assert '<button class="btn btn-danger">締め切る</button>' in page
    assert 'href="/back/">やめる</a>' in page


def test_a_role_without_the_act_is_refused():
    with pytest.raises(PermissionDenied):
        call(Close, "post", {"note": "x"}, role="viewer", roles=frozenset({"staff"}))


class Overview(TemplateView):
    template_name = "ui/act.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**({"first": ReasonForm(), "second": ReasonForm()} | kwargs))


class SecondAct(Close, Overview):
    form_class, form_name, post_only = ReasonForm, "second", True

    def get_initial(self):
        return {}


def test_a_button_on_another_page_is_refused_there():
    answer = call(SecondAct, "post", {"reason": "だめなら"}, refusal=NotPossible("できません。"))

    context = answer.context_data
    assert not context["first"].is_bound
    assert context["second"].non_field_errors() == context["form"].non_field_errors() == ["できません。"]
    assert call(SecondAct).status_code == 405


def test_a_refusal_without_names_is_the_forms():
    form = ReasonForm({"reason": ""})
    take(form, NotPossible("理由を入力してください。"))

    assert form.non_field_errors() == ["理由を入力してください。"]
