"""Attachments are of cases, as the models' names now say; the tables keep theirs.

In the database only the audit's triggers get new names, and the content types, which Django renames for a RenameModel
that stands by itself (not for one inside SeparateDatabaseAndState).
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

TABLES = {
    "AttachmentEvent": ("CaseAttachmentEvent", "casestudies_attachmentevent"),
    "AttachmentContent": ("CaseAttachmentContent", "casestudies_attachmentcontent"),
    "Attachment": ("CaseAttachment", "casestudies_attachment"),
}


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0005_names_in_transitions")]

    operations = [
        *(migrations.AlterModelTable(name, table) for name, (_, table) in TABLES.items()),
        *(migrations.RenameModel(name, new) for name, (new, _) in TABLES.items()),
        # The triggers' names are made of the model's: the same statements under the new ones.
        pgtrigger.migrations.RemoveTrigger(
            model_name="caseattachment",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="caseattachment",
            name="delete_delete",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseattachment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casestudies_attachmentevent" ("case_id", "digest", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (NEW."case_id", NEW."digest", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."size"); RETURN NULL;',
                    hash="c2a4f8f99cfcc4aa3a21ce62d70eacc9ef4b6205",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bfbcc",
                    table="casestudies_attachment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseattachment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casestudies_attachmentevent" ("case_id", "digest", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (OLD."case_id", OLD."digest", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."size"); RETURN NULL;',
                    hash="6954edea23d6c5762c0cd31d3df7d59e23a92ea2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b9e7b",
                    table="casestudies_attachment",
                    when="AFTER",
                ),
            ),
        ),
    ]
