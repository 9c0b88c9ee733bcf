"""Words of the consultations, and how an action moves from open to done."""

from django.db import models

from dxportal.core.accounts.enums import ANSWERING_ROLES, PREFECTURE_ROLES, Role
from dxportal.core.workflow.table import TransitionTable, transitions

# Who supports towns: they write for every town in their reach.
SUPPORTING_ROLES = PREFECTURE_ROLES | {Role.SUPPORT_STAFF, Role.CONSULTANT}
ACTING_ROLES = SUPPORTING_ROLES | ANSWERING_ROLES


class ActionState(models.TextChoices):
    OPEN = "open", "未完了"
    DONE = "done", "完了"
    DROPPED = "dropped", "取りやめ"


ACTION_TONES = {ActionState.OPEN: "blue", ActionState.DONE: "green", ActionState.DROPPED: "gray"}


class ActionBearer(models.TextChoices):
    """Who is to do it."""

    TOWN = "town", "団体"
    PREFECTURE = "prefecture", "県"
    CONSULTANT = "consultant", "伴走コンシェルジュ"


class ActionMove(models.TextChoices):
    CARRY_OUT = "carry_out", "完了にする"
    DROP = "drop", "取りやめる"
    REOPEN = "reopen", "未完了に戻す"


ACTION_MOVES = TransitionTable(
    (
        *transitions(ActionMove.CARRY_OUT, [ActionState.OPEN], ActionState.DONE, ACTING_ROLES),
        *transitions(
            ActionMove.DROP,
            [ActionState.OPEN],
            ActionState.DROPPED,
            SUPPORTING_ROLES,
            reason="取りやめる理由を入力してください。",
        ),
        *transitions(ActionMove.REOPEN, [ActionState.DONE, ActionState.DROPPED], ActionState.OPEN, ACTING_ROLES),
    )
)


# Who writes and reads memos, which are for the supporting side alone: never bureau staff, never towns.
MEMO_OFFICE_ROLES = PREFECTURE_ROLES | {Role.SUPPORT_STAFF}
# The office drafts; whoever held the session, or the prefecture, closes the record. Of their own meetings the bodies do.
CONFIRMING_ROLES = PREFECTURE_ROLES | ANSWERING_ROLES | {Role.CONSULTANT}
# Kinds of which the bodies themselves keep the record, without a consultant.
OWN_MEETINGS = ("group_meeting",)


class AttendanceRule(models.TextChoices):
    """Whether somebody in a capacity comes to the sessions of a kind."""

    MUST = "must", "必須"
    MAY = "may", "任意"
    OPEN = "", "定めなし"


class SkipReason(models.TextChoices):
    """Why a town wants no session in a month."""

    NOT_WANTED = "not_wanted", "希望しない"
    COUNCIL = "council", "議会のため"
    BUSY = "busy", "繁忙期のため"
    OTHER = "other", "その他"


class MoveRequestState(models.TextChoices):
    OPEN = "open", "回答待ち"
    TAKEN = "taken", "変更した"
    DECLINED = "declined", "変更しない"
    WITHDRAWN = "withdrawn", "取下げ"


class MoveRequestAct(models.TextChoices):
    TAKE = "take", "この日にする"
    DECLINE = "decline", "変更しない"
    WITHDRAW = "withdraw", "取り下げる"


MOVE_REQUEST_TONES = {
    MoveRequestState.OPEN: "orange",
    MoveRequestState.TAKEN: "green",
    MoveRequestState.DECLINED: "gray",
    MoveRequestState.WITHDRAWN: "gray",
}
MOVE_REQUEST_MOVES = TransitionTable(
    (
        *transitions(MoveRequestAct.TAKE, [MoveRequestState.OPEN], MoveRequestState.TAKEN, SUPPORTING_ROLES),
        *transitions(
            MoveRequestAct.DECLINE,
            [MoveRequestState.OPEN],
            MoveRequestState.DECLINED,
            SUPPORTING_ROLES,
            reason="変更できない理由を入力してください。",
        ),
        *transitions(MoveRequestAct.WITHDRAW, [MoveRequestState.OPEN], MoveRequestState.WITHDRAWN, ANSWERING_ROLES),
    )
)


class TopicOrigin(models.TextChoices):
    """Where a topic comes from."""

    SESSION = "session", "相談の中で"
    PROPOSED = "proposed", "団体からの提案"
    QUESTION = "question", "質問"


class RemarkKind(models.TextChoices):
    TROUBLE = "trouble", "悩み"
    KNOW_HOW = "know_how", "ノウハウ"
    PROPOSAL = "proposal", "提案"
    PLAN = "plan", "予定"
    DECISION = "decision", "決定"


class TopicAudience(models.TextChoices):
    """Who may ever read the summary: HERE is those present and the prefecture alone."""

    HERE = "here", "関係者だけ"
    PREFECTURE = "prefecture", "県内の市町村"


class TopicState(models.TextChoices):
    """How far a topic is on its path to the other towns."""

    NOTED = "noted", "未公開"
    SHOWN = "shown", "団体が確認中"
    OBJECTED = "objected", "異議あり"
    HELD = "held", "公開を保留"
    RELEASED = "released", "公開中"
    WITHDRAWN = "withdrawn", "公開を取下げ"


TOPIC_TONES = {
    TopicState.NOTED: "gray",
    TopicState.SHOWN: "blue",
    TopicState.OBJECTED: "orange",
    TopicState.HELD: "orange",
    TopicState.RELEASED: "green",
    TopicState.WITHDRAWN: "gray",
}


class TopicMove(models.TextChoices):
    SHOW = "show", "団体に確認してもらう"
    AGREE = "agree", "このまま公開してよい"
    OBJECT = "object", "異議を伝える"
    RELEASE = "release", "公開する"
    HOLD = "hold", "公開を保留する"
    WITHDRAW = "withdraw", "公開を取り下げる"
    REVISE = "revise", "要約を書き直す"


# A town's summary goes to others only after the town was shown it: RELEASE starts from SHOWN alone, by the clock when the
# days to object are over, or by AGREE at once.
TOPIC_MOVES = TransitionTable(
    (
        *transitions(
            TopicMove.SHOW,
            [TopicState.NOTED, TopicState.OBJECTED, TopicState.HELD, TopicState.WITHDRAWN],
            TopicState.SHOWN,
            SUPPORTING_ROLES,
        ),
        *transitions(TopicMove.AGREE, [TopicState.SHOWN], TopicState.RELEASED, ANSWERING_ROLES),
        *transitions(
            TopicMove.OBJECT,
            [TopicState.SHOWN],
            TopicState.OBJECTED,
            ANSWERING_ROLES,
            reason="直してほしいところ、または公開できない理由を入力してください。",
        ),
        *transitions(TopicMove.RELEASE, [TopicState.SHOWN], TopicState.RELEASED, frozenset(), by_clock=True),
        *transitions(
            TopicMove.HOLD,
            [TopicState.NOTED, TopicState.SHOWN, TopicState.OBJECTED],
            TopicState.HELD,
            SUPPORTING_ROLES,
            reason="公開を保留する理由を入力してください。",
        ),
        *transitions(
            TopicMove.WITHDRAW,
            [TopicState.RELEASED],
            TopicState.WITHDRAWN,
            SUPPORTING_ROLES | ANSWERING_ROLES,
            reason="公開を取り下げる理由を入力してください。",
        ),
        *transitions(
            TopicMove.REVISE,
            [TopicState.SHOWN, TopicState.OBJECTED, TopicState.HELD, TopicState.WITHDRAWN],
            TopicState.NOTED,
            SUPPORTING_ROLES,
        ),
    )
)


class ProductSharing(models.TextChoices):
    """What of a row of the register of products the other towns of the prefecture read."""

    NONE = "none", "自団体と県だけ"
    NAMELESS = "nameless", "団体名を伏せて見せる"
    NAMED = "named", "団体名も見せる"


PRODUCT_TONES = {ProductSharing.NONE: "gray", ProductSharing.NAMELESS: "blue", ProductSharing.NAMED: "green"}


class ContractEnd(models.TextChoices):
    """How soon a contract ends, seen from a day."""

    HALF_YEAR = "half_year", "半年以内に終わる"
    YEAR = "year", "1年以内に終わる"
    PAST = "past", "終わっている"
    OPEN = "open", "終わる日の登録がない"


class QuestionChannel(models.TextChoices):
    """How a question came."""

    PORTAL = "portal", "ポータル"
    PHONE = "phone", "電話"
    CHAT = "chat", "チャット"


class QuestionState(models.TextChoices):
    OPEN = "open", "受付中"
    SOLVED = "solved", "解決"
    WITHDRAWN = "withdrawn", "取下げ"


QUESTION_TONES = {QuestionState.OPEN: "blue", QuestionState.SOLVED: "green", QuestionState.WITHDRAWN: "gray"}


class QuestionMove(models.TextChoices):
    SOLVE = "solve", "この回答で解決にする"
    WITHDRAW = "withdraw", "質問を取り下げる"
    REOPEN = "reopen", "受付中に戻す"


QUESTION_MOVES = TransitionTable(
    (
        *transitions(QuestionMove.SOLVE, [QuestionState.OPEN], QuestionState.SOLVED, ACTING_ROLES),
        *transitions(
            QuestionMove.WITHDRAW,
            [QuestionState.OPEN],
            QuestionState.WITHDRAWN,
            ACTING_ROLES,
            reason="取り下げる理由を入力してください。",
        ),
        *transitions(
            QuestionMove.REOPEN, [QuestionState.SOLVED, QuestionState.WITHDRAWN], QuestionState.OPEN, ACTING_ROLES
        ),
    )
)


class ShelfKind(models.TextChoices):
    """What an item of the shelf is."""

    PLAN = "plan", "計画"
    RULES = "rules", "要綱・規程"
    SPECIFICATION = "specification", "仕様書"
    GUIDE = "guide", "手引き・マニュアル"
    GUIDELINE = "guideline", "ガイドライン"


class ShelfState(models.TextChoices):
    """How far an item is on its way to all towns of the prefecture."""

    DRAFT = "draft", "準備中"
    AGREEING = "agreeing", "団体の合意待ち"
    APPROVING = "approving", "会の承認待ち"
    RELEASED = "released", "公開中"
    SUPERSEDED = "superseded", "差替え済み"
    WITHDRAWN = "withdrawn", "取下げ"


SHELF_TONES = {
    ShelfState.DRAFT: "gray",
    ShelfState.AGREEING: "orange",
    ShelfState.APPROVING: "orange",
    ShelfState.RELEASED: "green",
    ShelfState.SUPERSEDED: "gray",
    ShelfState.WITHDRAWN: "gray",
}


class ShelfMove(models.TextChoices):
    RELEASE = "release", "公開する"
    CIRCULATE = "circulate", "団体の合意を求める"
    FORWARD = "forward", "会の承認に回す"
    APPROVE = "approve", "会の承認を記録して公開する"
    OBJECT = "object", "修正を求める"
    SEND_BACK = "send_back", "準備中に戻す"
    SUPERSEDE = "supersede", "新しい資料に差し替える"
    WITHDRAW = "withdraw", "公開を取り下げる"
    RESTORE = "restore", "準備中に戻して直す"


# An item that needs agreement reaches RELEASED through the bodies and, where there is one, the group; which of the two
# ways an item takes, ``domain.shelf.moves`` asks, since it hangs on the item and not on the state.
SHELF_MOVES = TransitionTable(
    (
        *transitions(ShelfMove.RELEASE, [ShelfState.DRAFT], ShelfState.RELEASED, MEMO_OFFICE_ROLES),
        *transitions(ShelfMove.CIRCULATE, [ShelfState.DRAFT], ShelfState.AGREEING, SUPPORTING_ROLES),
        # By the portal itself, with the last agreement.
        *transitions(ShelfMove.FORWARD, [ShelfState.AGREEING], ShelfState.APPROVING, frozenset(), by_clock=True),
        *transitions(
            ShelfMove.APPROVE,
            [ShelfState.APPROVING],
            ShelfState.RELEASED,
            MEMO_OFFICE_ROLES,
            reason="いつ、どの会議で承認されたかを入力してください。",
        ),
        *transitions(
            ShelfMove.OBJECT,
            [ShelfState.AGREEING],
            ShelfState.DRAFT,
            ANSWERING_ROLES,
            reason="直してほしいところを入力してください。",
        ),
        *transitions(
            ShelfMove.SEND_BACK,
            [ShelfState.AGREEING, ShelfState.APPROVING],
            ShelfState.DRAFT,
            SUPPORTING_ROLES,
            reason="準備中に戻す理由を入力してください。",
        ),
        *transitions(ShelfMove.SUPERSEDE, [ShelfState.RELEASED], ShelfState.SUPERSEDED, MEMO_OFFICE_ROLES),
        *transitions(
            ShelfMove.WITHDRAW,
            [ShelfState.RELEASED],
            ShelfState.WITHDRAWN,
            MEMO_OFFICE_ROLES,
            reason="公開を取り下げる理由を入力してください。",
        ),
        *transitions(ShelfMove.RESTORE, [ShelfState.WITHDRAWN], ShelfState.DRAFT, MEMO_OFFICE_ROLES),
    )
)


class ContactState(models.TextChoices):
    """Whether a town tells another one more about a released topic."""

    WAITING = "waiting", "回答待ち"
    AGREED = "agreed", "連絡先を伝えた"
    DECLINED = "declined", "今回は応じない"
    UNANSWERED = "unanswered", "回答なし"


CONTACT_TONES = {
    ContactState.WAITING: "orange",
    ContactState.AGREED: "green",
    ContactState.DECLINED: "gray",
    ContactState.UNANSWERED: "orange",
}


class ContactMove(models.TextChoices):
    AGREE = "agree", "連絡先を伝える"
    DECLINE = "decline", "今回は応じない"
    LAPSE = "lapse", "回答のないまま期限を過ぎた"


# A town that answers late still answers.
CONTACT_MOVES = TransitionTable(
    (
        *transitions(
            ContactMove.AGREE,
            [ContactState.WAITING, ContactState.UNANSWERED],
            ContactState.AGREED,
            ANSWERING_ROLES,
        ),
        *transitions(
            ContactMove.DECLINE,
            [ContactState.WAITING, ContactState.UNANSWERED],
            ContactState.DECLINED,
            ANSWERING_ROLES,
        ),
        *transitions(ContactMove.LAPSE, [ContactState.WAITING], ContactState.UNANSWERED, frozenset(), by_clock=True),
    )
)
