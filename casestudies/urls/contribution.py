from django.urls import URLPattern, path

from casestudies.enums import CaseMove
from casestudies.views.contribution import files as contributing_files
from casestudies.views.contribution import form as contributing_form
from casestudies.views.contribution import manage as contributing
from casestudies.views.contribution import moves as contributing_moves
from casestudies.views.contribution import register as contributing_register

MOVES = {
    "submit": CaseMove.SUBMIT,
    "withdraw": CaseMove.WITHDRAW,
    "return": CaseMove.SEND_BACK,
    "publish": CaseMove.PUBLISH,
    "archive": CaseMove.ARCHIVE,
    "restore": CaseMove.RESTORE,
}
ONE = "<slug:source_id>"

urlpatterns: list[URLPattern] = [
    path("manage/", contributing.Manage.as_view(), name="manage"),
    path("new/", contributing_form.CaseCreate.as_view(), name="create"),
    path("register.xlsx", contributing_register.RegisterExport.as_view(), name="register"),
    path("register.csv", contributing_register.RegisterExport.as_view(ending="csv"), name="register_csv"),
    path("import/", contributing_register.RegisterImport.as_view(), name="import"),
    path("import/template.xlsx", contributing_register.RegisterTemplate.as_view(), name="import_template"),
    path(f"{ONE}/edit/", contributing_form.CaseEdit.as_view(), name="edit"),
    path(f"{ONE}/review/", contributing_moves.Review.as_view(), name="review"),
    path(f"{ONE}/history/", contributing_moves.History.as_view(), name="history"),
    path(f"{ONE}/delete/", contributing_moves.Delete.as_view(), name="delete"),
    *(
        path(f"{ONE}/{word}/", contributing_moves.MakeMove.as_view(move=move), name=word)
        for word, move in MOVES.items()
    ),
    path(f"{ONE}/attachments/", contributing_files.Attachments.as_view(), name="attachments"),
    path(f"{ONE}/attachments/<int:pk>/", contributing_files.AttachmentFile.as_view(), name="attachment"),
    path(
        f"{ONE}/attachments/<int:pk>/delete/", contributing_files.AttachmentDelete.as_view(), name="attachment_delete"
    ),
]
