"""manage.py refresh_figures"""

from typing import Any

from django.core.management.base import BaseCommand

from assessments.enums import SurveyState
from assessments.models import Survey
from dxportal.portal.domain.snapshots.refresh import refresh


class Command(BaseCommand):
    help = "すべての県のダッシュボードとカルテを計算し直します（画面には、終わるまで前の集計が出ます）。"

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Survey.objects.exclude(state=SurveyState.DRAFT).values_list("prefecture_id", flat=True)
        for prefecture_id in rows.order_by("prefecture_id").distinct():
            self.stdout.write(f"{prefecture_id}: {refresh(prefecture_id)}件の集計が変わりました。")
