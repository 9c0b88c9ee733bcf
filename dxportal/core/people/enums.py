"""Closed lists of the people, and what comes with the portal."""

from dxportal.core.accounts.enums import PREFECTURE_ROLES, Role

# Everything of the prefecture's consultations: besides its staff the office of the support team.
OFFICE_ROLES = PREFECTURE_ROLES | {Role.SUPPORT_STAFF}

# Code, name, whether it is held in a field. The roster of the published year (source 004, L126–L161), and lecturers.
STANDARD_CAPACITIES = (
    ("general_producer", "総合プロデューサー", False),
    ("special_producer", "専門プロデューサー", True),
    ("concierge", "伴走コンシェルジュ", False),
    ("manager", "業務マネージャー", False),
    ("office_staff", "業務スタッフ", False),
    ("adviser", "専門アドバイザー", True),
    ("lecturer", "講師", False),
)
