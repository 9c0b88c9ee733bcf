"""What reads the list's file, at once or by a worker."""

from dxportal.core.code_list.intake.preview import UPLOAD_KIND, preview_of
from dxportal.core.uploads.domain import book_reader

book_reader(UPLOAD_KIND)(preview_of)
