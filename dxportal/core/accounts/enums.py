"""Roles, and which organisation each belongs to (docs: roles)."""

from django.db import models

from dxportal.core.organizations.enums import OrganizationKind


class Role(models.TextChoices):
    PREFECTURE_ADMIN = "prefecture_admin", "県管理者"
    PREFECTURE_STAFF = "prefecture_staff", "県職員"
    SUPPORT_STAFF = "support_staff", "業務スタッフ"
    BUREAU_STAFF = "bureau_staff", "振興局職員"
    CONSULTANT = "consultant", "伴走コンシェルジュ"
    OFFICER = "officer", "市町村担当者"
    APPROVER = "approver", "市町村承認者"
    VIEWER = "viewer", "閲覧者"


PREFECTURE_ROLES = frozenset({Role.PREFECTURE_ADMIN, Role.PREFECTURE_STAFF})
ANSWERING_ROLES = frozenset({Role.OFFICER, Role.APPROVER})

ROLES_BY_KIND = {
    OrganizationKind.PREFECTURE: (
        Role.PREFECTURE_ADMIN,
        Role.PREFECTURE_STAFF,
        Role.SUPPORT_STAFF,
        Role.CONSULTANT,
        Role.VIEWER,
    ),
    OrganizationKind.BUREAU: (Role.BUREAU_STAFF, Role.VIEWER),
    OrganizationKind.MUNICIPALITY: (Role.OFFICER, Role.APPROVER, Role.VIEWER),
}
