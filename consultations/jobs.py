"""What reads the room's files, at once or by a worker."""

from consultations.intake.products import register as products
from consultations.intake.register.reading import LIMITS_OF_FILE, read_register
from dxportal.core.uploads.domain import book_reader

book_reader(products.UPLOAD_KIND, products.LIMITS)(products.preview_of)
book_reader("consultations.register", LIMITS_OF_FILE)(read_register)
