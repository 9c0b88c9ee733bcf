"""The file of past sessions, and the year of an export."""

from dxportal.core.ui.fields import BOOK_ENDINGS, JpFileField
from dxportal.core.ui.forms import PortalForm
from dxportal.core.ui.pages import AddressForm, AddressNumber


class PastSessionFileForm(PortalForm):
    file = JpFileField(
        label="相談のファイル",
        help_text="Excelブック（.xlsx）またはCSV（.csv）、10MB以内。CSVは相談だけです。",
        accept=BOOK_ENDINGS,
    )


class RegisterAddress(AddressForm):
    year = AddressNumber(label="年度")
