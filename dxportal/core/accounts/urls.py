"""Addresses of accounts."""

from django.urls import path

from dxportal.core.accounts.views import acts, assignments, invitation, invitations, members, own, signin, year_end

app_name = "accounts"
urlpatterns = [
    path("demo/sign-in/", signin.demo_sign_in, name="demo_sign_in"),
    path("membership/", signin.switch, name="switch"),
    path("profile/", own.profile, name="profile"),
    path("handover/", own.handover_page, name="handover"),
    path("members/", members.MemberList.as_view(), name="member_list"),
    path("members/invite/", acts.MemberInvite.as_view(), name="member_invite"),
    path("members/year-end/", year_end.YearEnd.as_view(), name="year_end"),
    path("members/invitations/", invitations.InvitationList.as_view(), name="invitation_list"),
    path("members/invitations/<int:pk>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("members/invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("members/<int:pk>/", members.MemberDetail.as_view(), name="member_detail"),
    path("members/<int:pk>/change/", acts.MemberChange.as_view(), name="member_change"),
    path("members/<int:pk>/end/", acts.MemberEnd.as_view(), name="member_end"),
    path("members/<int:pk>/extend/", acts.MemberExtend.as_view(), name="member_extend"),
    path("members/<int:pk>/add/", acts.MemberAdd.as_view(), name="member_add"),
    path("members/<int:pk>/assignments/", assignments.AssignmentEdit.as_view(), name="assignment_edit"),
    path("invitations/<str:token>/", invitation.InvitationView.as_view(), name="invitation"),
]
