"""Long work with progress and outcome."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from dxportal.core.accounts.enums import PREFECTURE_ROLES
from dxportal.core.ui.frame import navigation


class JobsConfig(AppConfig):
    name = "dxportal.core.jobs"
    verbose_name = "処理"

    def ready(self):
        autodiscover_modules("jobs")
        navigation.register(
            navigation.NavItem(
                "処理状況",
                "jobs:list",
                roles=PREFECTURE_ROLES,
                order=90,
                managed="時間のかかる処理の進み具合と結果、やり直し",
            )
        )
