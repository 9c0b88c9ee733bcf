"""A usual monthly session logged by keyboard alone, its keys counted; and the log while the line or the session is cut."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from consultations.domain.materials import snippets
from consultations.domain.materials.snippets import SnippetContent
from consultations.models import Action, Session
from tests.support.browser import sign_in
from tests.support.consultations import a_session, an_action, day
from tests.support.worker import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_KEYS = 60


class Keyboard:
    """Counts each key pressed and each field typed into; the texts themselves are what the session is about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def to(self, name: str, value: str = "") -> None:
        """On to the field of that name (a box: of that value, too), one Tab after the other."""
        for _ in range(MOST_KEYS):
            self.press("Tab")
            reached = self.page.evaluate("[document.activeElement.name, document.activeElement.value]")
            if reached[0] == name and value in ("", reached[1]):
                return
        raise AssertionError(f"{name} is not reached by {MOST_KEYS} times Tab")

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.insert_text(text)
        self.count += 1


def log_url(session: Session) -> str:
    return reverse("consultations:session_log", args=[session.pk])


def test_a_usual_monthly_session_takes_at_most_sixty_fields_and_keys_beyond_its_texts(open_as, cast):
    homework = [
        an_action(cast.town, cast.staff, title, due) for title, due in (("先行団体の紹介", -3), ("様式の案", 2))
    ]
    session = a_session(cast.staff, cast.town, due=0)
    page = open_as(cast.consultant, log_url(session))
    keys = Keyboard(page)

    keys.press("Tab")
    keys.press("Enter")  # 「本文へ移動」
    for action in homework:
        keys.to("ticked", str(action.pk))
        keys.press("Space")
    for number, kind, text in (
        (0, "trouble", "件数が分からない"), (1, "know_how", "隣の町の様式を使った"), (2, "plan", "六月に試す"),
    ):  # fmt: skip
        keys.write(f"topics-{number}-title", f"論点その{number + 1}")
        keys.write(f"topics-{number}-{kind}", text)
    keys.write("decisions", "窓口を六月に見直す")
    keys.write("actions-0-title", "講師を探す")
    keys.write("actions-0-due_day", f"{day(20):%Y-%m-%d}")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(rf"{reverse('consultations:session', args=[session.pk])}(#.*)?$"))

    assert keys.count <= MOST_KEYS, keys.count
    session = Session.objects.select_related("occasion").get()
    assert (session.decisions, session.occasion.state) == ("窓口を六月に見直す", "held")
    assert [topic.title for topic in session.topics.order_by("position", "pk")] == [
        "論点その1",
        "論点その2",
        "論点その3",
    ]
    assert {action.state for action in Action.objects.filter(pk__in=[action.pk for action in homework])} == {"done"}
    assert Action.objects.get(session=session).title == "講師を探す"
    assert page.troubles == []


def test_a_cut_line_and_an_expired_session_lose_no_text(open_as, cast, live_server, settings):
    session = a_session(cast.staff, cast.town, due=0)
    page = open_as(cast.consultant, log_url(session))
    page.on("dialog", lambda dialog: dialog.accept())
    state = page.locator("[data-save-state]")

    page.context.set_offline(True)
    page.locator("[name=decisions]").fill("線が切れても残る")
    page.keyboard.press("Tab")
    expect(state).to_contain_text("保存できませんでした")
    assert Session.objects.get().decisions == ""
    page.context.set_offline(False)
    expect(state).to_contain_text("保存しました", timeout=15000)
    assert Session.objects.get().decisions == "線が切れても残る"

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("[name=requests]").fill("期限が切れても残る")
    page.keyboard.press("Tab")
    expect(state).to_contain_text("ログインの有効期限が切れました")
    sign_in(page.context, cast.consultant, live_server.url, settings.SESSION_COOKIE_NAME)
    page.goto(log_url(session))
    expect(page.locator("[name=requests]")).to_have_value("期限が切れても残る")
    expect(state).to_contain_text("保存しました", timeout=15000)
    assert Session.objects.get().requests == "期限が切れても残る"


def test_a_block_of_text_is_put_in_by_keyboard(open_as, cast):
    snippets.create(SnippetContent("あいさつ", "本日はありがとうございました。"), user=cast.consultant)
    snippets.create(SnippetContent("結び", "次回までに確かめる。", shared=True), user=cast.office)
    session = a_session(cast.staff, cast.town, due=0)
    page = open_as(cast.consultant, log_url(session))
    page.locator("[name=record]").focus()

    page.keyboard.type("記録：")
    for key in ("F2", "ArrowDown", "Enter"):
        page.keyboard.press(key)

    expect(page.locator("[name=record]")).to_be_focused()
    expect(page.locator("[name=record]")).to_have_value("記録：次回までに確かめる。")
    page.keyboard.press("Tab")
    wait_until(lambda: Session.objects.get().record == "記録：次回までに確かめる。")
    assert page.troubles == []
