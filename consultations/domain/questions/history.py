"""How the events of questions and of the towns' agreement to be asked read."""

from consultations.enums import QuestionChannel, QuestionState
from consultations.models import AskingConsent, TownQuestion
from dxportal.core.history.trail import Trail, events_of


def yes(value: bool) -> str:
    return "はい" if value else "いいえ"


QUESTION_TRAIL = Trail(
    code="town_question",
    label="団体の質問",
    events=events_of(TownQuestion),
    reach=lambda user: user.reach("topic__organization"),
    organization="topic__organization",
    related=("topic__organization",),
    fields=(
        ("状態", lambda event: QuestionState(event.state).label),
        ("経路", lambda event: QuestionChannel(event.channel).label),
        ("ほかの市町村にも聞く", lambda event: yes(event.to_towns)),
    ),
    subject=lambda event: event.topic.title,
    place=lambda event: event.topic.organization,
    searched=("topic__title", "topic__organization__name"),
)
CONSENT_TRAIL = Trail(
    code="asking_consent",
    label="質問を受ける設定",
    events=events_of(AskingConsent),
    reach=lambda user: user.reach(),
    organization="organization",
    related=("organization",),
    fields=(("ほかの市町村からの質問を受ける", lambda event: yes(event.agreed)),),
    subject=lambda event: f"{event.organization.name}の設定",
    place=lambda event: event.organization,
    searched=("organization__name",),
)
TRAILS = (QUESTION_TRAIL, CONSENT_TRAIL)
