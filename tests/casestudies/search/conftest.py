"""Five cases, of which an officer sees three."""

import pytest

from casestudies.enums import Audience, CaseState
from tests.support.cases import a_case


@pytest.fixture
def library(cast):
    a_case(
        "窓口のオンライン申請", "町が窓口の申請をオンラインに移した。", source_id="t-town", step=3, year=2020,
        field="online", areas=("online_procedures",), places=[("岩手県", "紫波町", "town", 32_000)],
    )  # fmt: skip
    a_case(
        "窓口職員の研修", "市が窓口の職員を研修で育てた。", source_id="t-city", step=2, year=2022,
        field="training", areas=("training",), places=[("山形県", "酒田市", "city", 100_000)],
    )  # fmt: skip
    a_case("職員のDX宣言", "県が宣言した。", source_id="t-pref", step=0, year=2021, field="awareness",
           places=[("福島県", "福島県", "prefecture", 1_882_000)])  # fmt: skip
    inside = {"audience": Audience.PREFECTURE, "prefecture": cast.other_pref, "field": "online"}
    a_case("窓口の内部資料", source_id="t-other", places=[("となり県", "秘密町", "town", 9_000)], year=1999, **inside)
    a_case("窓口の下書き", source_id="t-draft", state=CaseState.DRAFT, published_at=None, year=1998)


@pytest.fixture
def officer(client, cast, library):
    client.force_login(cast.officer)
    return cast.officer
