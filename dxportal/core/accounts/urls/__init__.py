"""Addresses of accounts; those of signing in are in ``sign_in``."""

from django.urls import path

from dxportal.core.accounts.views import (
    assignments,
    handover,
    invitations,
    members,
    profile,
    sign_in,
    year_end,
)

app_name = "accounts"
urlpatterns = [
    path("demo/sign-in/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("membership/", profile.switch, name="switch"),
    path("profile/", profile.profile, name="profile"),
    path("handover/", handover.handover_page, name="handover"),
    path("members/", members.MemberList.as_view(), name="member_list"),
    path("members/invite/", invitations.MemberInvite.as_view(), name="member_invite"),
    path("members/year-end/", year_end.YearEnd.as_view(), name="year_end"),
    path("members/invitations/", invitations.InvitationList.as_view(), name="invitation_list"),
    path("members/invitations/<int:pk>/resend/", invitations.InvitationResend.as_view(), name="invitation_resend"),
    path("members/invitations/<int:pk>/revoke/", invitations.InvitationRevoke.as_view(), name="invitation_revoke"),
    path("members/<int:pk>/", members.MemberDetail.as_view(), name="member_detail"),
    path("members/<int:pk>/change/", members.MemberChange.as_view(), name="member_change"),
    path("members/<int:pk>/end/", members.MemberEnd.as_view(), name="member_end"),
    path("members/<int:pk>/extend/", members.MemberExtend.as_view(), name="member_extend"),
    path("members/<int:pk>/add/", members.MemberAdd.as_view(), name="member_add"),
    path("members/<int:pk>/assignments/", assignments.AssignmentEdit.as_view(), name="assignment_edit"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
