"""Small makers of real rows. Each gives what its name says, with the rest filled in plausibly."""

import datetime as dt
import itertools

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.models import Choice, Question, Questionnaire, Response, Section, Survey
from dxportal.core.accounts.enums import Role
from dxportal.core.accounts.models import Assignment, Membership, User
from dxportal.core.organizations.models import Organization

PASSPHRASE = "pass-word-123"  # of everybody made here
_numbers = itertools.count(1)


def make_prefecture(name="みほん県", **fields):
    prefecture = Organization.objects.create(kind="prefecture", name=name, **fields)
    prefecture.prefecture = prefecture
    prefecture.save()
    return prefecture


def make_prefectures(*names):
    prefectures = Organization.objects.bulk_create(Organization(kind="prefecture", name=name) for name in names)
    for prefecture in prefectures:
        prefecture.prefecture = prefecture
    Organization.objects.bulk_update(prefectures, ["prefecture"])
    return prefectures


def make_bureau(prefecture, name="北部振興局"):
    return make_bureaus((prefecture, name))[0]


def make_bureaus(*rows):
    """``rows``: (prefecture, name)."""
    return Organization.objects.bulk_create(
        Organization(kind="bureau", name=name, parent=prefecture, prefecture=prefecture) for prefecture, name in rows
    )


def make_municipality(parent, name=None, **fields):
    return make_municipalities((parent, name), **fields)[0]


def make_municipalities(*rows, **fields):
    """``rows``: (bureau or prefecture, name or None)."""
    return Organization.objects.bulk_create(
        [_municipality(parent, name, next(_numbers), fields) for parent, name in rows]
    )


def _municipality(parent, name, number, fields):
    values = {"code": f"{900000 + number:06d}", "municipality_kind": "town", "sort_order": number, **fields}
    return Organization(
        kind="municipality", name=name or f"第{number}町", parent=parent, prefecture=parent.prefecture, **values
    )


def make_user(organization=None, role=None, *, name=None, email=None, first_day=None, last_day=None):
    user = User.objects.create(**_person(name, email))
    if organization is not None:
        make_membership(user, organization, role, first_day=first_day, last_day=last_day)
    return user


def make_users(*rows):
    """``rows``: (organization, role, name)."""
    users = User.objects.bulk_create([User(**_person(name)) for _, _, name in rows])
    first_day = timezone.localdate() - dt.timedelta(days=30)
    Membership.objects.bulk_create(
        Membership(user=user, organization=organization, role=role, first_day=first_day)
        for user, (organization, role, _) in zip(users, rows, strict=True)
    )
    return users


def _person(name=None, email=None):
    number = next(_numbers)
    return {
        "email": email or f"user{number}@example.jp",
        "name": name or f"利用者{number}",
        "password": make_password(PASSPHRASE),
    }


def make_membership(user, organization, role, *, first_day=None, last_day=None):
    return Membership.objects.create(
        user=user,
        organization=organization,
        role=role,
        first_day=first_day or timezone.localdate() - dt.timedelta(days=30),
        last_day=last_day,
    )


def assign(consultant, municipality):
    """Put a municipality in a consultant's charge."""
    return Assignment.objects.create(
        membership=consultant.memberships.get(role=Role.CONSULTANT),
        organization=municipality,
        first_day=timezone.localdate() - dt.timedelta(days=30),
    )


def make_questionnaire(*, fiscal_year=2024, version="1", code="small"):
    """Two steps: 0-1 (single, yes/no) → 0-2 (text, shown on yes), 1-1 (single ladder), 1-2 (number)."""
    questionnaire = Questionnaire.objects.create(
        code=code, version=version, fiscal_year=fiscal_year, title="小さな調査票", status="published", digest="x"
    )
    first, second = Section.objects.bulk_create(
        Section(
            questionnaire=questionnaire,
            code=f"step{n}",
            kind="step",
            step=n,
            title=f"ステップ{n}",
            worth=30,
            position=n,
        )
        for n in (0, 1)
    )
    when_yes = {"question": "0-1", "any_of": ["yes"]}
    count = {"minimum": 0, "maximum": 100000, "unit": "件"}
    yes_no, _, ladder, _ = Question.objects.bulk_create(
        _question(section, code, key, kind, position, **fields)
        for position, (section, code, key, kind, fields) in enumerate(
            (
                (first, "0-1", "defined", "single", {"max_points": 10}),
                (first, "0-2", "definition", "text", {"required": False, "condition": when_yes}),
                (second, "1-1", "plan", "single", {"max_points": 10}),
                (second, "1-2", "datasets", "number", {"required": False, **count}),
            ),
            1,
        )
    )
    Choice.objects.bulk_create(
        [
            *_choices(yes_no, ("yes", "定義している", 10), ("no", "定義していない", 0)),
            *_choices(
                ladder,
                ("done", "策定済み", 10),
                ("planned", "予定がある", 6),
                ("considering", "検討中", 3),
                ("none", "予定はない", 0),
            ),
        ]
    )
    return questionnaire


def _question(section, code, key, kind, position, **fields):
    return Question(
        questionnaire=section.questionnaire,
        section=section,
        code=code,
        key=key,
        kind=kind,
        wording=f"{code}について教えてください。",
        short=f"設問{code}",
        position=position,
        **fields,
    )


def _choices(question, *rows):
    return [
        Choice(question=question, code=code, label=label, points=points, position=position)
        for position, (code, label, points) in enumerate(rows, 1)
    ]


def make_survey(prefecture, questionnaire=None, *, state="open", **fields):
    now = timezone.now()
    values = {
        "fiscal_year": 2024,
        "title": f"DX調査{next(_numbers)}",
        "opens_at": now - dt.timedelta(days=3),
        "closes_at": now + dt.timedelta(days=10),
        **fields,
    }
    if values.get("source") != "imported":
        values["questionnaire"] = questionnaire or make_questionnaire(code=f"small{next(_numbers)}")
    return Survey.objects.create(prefecture=prefecture, state=state, **values)


def make_response(survey, organization, **fields):
    return Response.objects.create(survey=survey, organization=organization, **fields)
