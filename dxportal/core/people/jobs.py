"""What reads the room's files, at once or by a worker."""

from dxportal.core.people.intake.supporters import LIMITS, UPLOAD_KIND, preview_of
from dxportal.core.uploads.domain import book_reader

book_reader(UPLOAD_KIND, LIMITS)(preview_of)
