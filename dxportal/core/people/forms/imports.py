"""The file of supporters."""

from dxportal.core.ui.fields import BOOK_ENDINGS, JpFileField
from dxportal.core.ui.forms import PortalForm


class SupporterFileForm(PortalForm):
    file = JpFileField(
        label="支援者のファイル",
        help_text="Excelブック（.xlsx）またはCSV（.csv）、10MB以内、500行まで",
        accept=BOOK_ENDINGS,
    )
