"""What a person may do with a case, as buttons; and the way to the contributed cases."""

from typing import Any

from django import template
from django.template import Context

from casestudies.domain.contribution.moves import possible_moves, waiting
from casestudies.enums import CONTRIBUTING_ROLES, CaseMove
from casestudies.models import Case

register = template.Library()


@register.inclusion_tag("casestudies/contribution/_acts_buttons.html", takes_context=True)
def case_acts(context: Context, case: Case) -> dict[str, Any]:
    """``{% case_acts case %}``: edit, the way to review and publish, history; nothing for mere readers."""
    user = context["request"].user
    own = Case.objects.of_user(user).filter(pk=case.pk).exists() if user.is_authenticated else False
    moves = possible_moves(case, user) if own else frozenset()
    if CaseMove.SUBMIT in moves:
        review_words = "確認を依頼する…"
    elif CaseMove.WITHDRAW in moves:
        review_words = "依頼の状態・取下げ"
    else:
        review_words = "公開の手続き"
    return {
        "case": case,
        "own": own,
        "may_edit": own and Case.objects.editable_by(user).filter(pk=case.pk).exists(),
        "moves": moves,
        "to_review": CaseMove.SEND_BACK in moves,
        "review_words": review_words,
    }


@register.inclusion_tag("casestudies/contribution/_manage_link.html", takes_context=True)
def contribute_link(context: Context) -> dict[str, Any]:
    """``{% contribute_link %}``: 「事例の登録・管理（確認待ち2件）」 for those who may contribute."""
    user = context["request"].user
    may = user.is_authenticated and user.role in CONTRIBUTING_ROLES
    number = waiting(user) if may else 0
    reviewing = may and user.is_prefecture_staff
    words = f"（{'確認待ち' if reviewing else '差戻し'}{number}件）" if number else ""
    return {"may": may, "waiting": number, "reviewing": reviewing, "waiting_words": words}


@register.inclusion_tag("casestudies/contribution/_waiting.html", takes_context=True)
def cases_waiting(context: Context) -> dict[str, Any]:
    """``{% cases_waiting %}``: on the home page, what the prefecture is to review or a contributor to mend."""
    return contribute_link(context)
