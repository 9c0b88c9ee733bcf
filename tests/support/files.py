"""Small files of each kind that may be attached."""

from django.core.files.uploadedfile import SimpleUploadedFile

from dxportal.core.intake.export import Sheet, workbook

PDF_BYTES = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20
XLSX_BYTES = workbook([Sheet("表", ("見出し",), [("値",)])])


def an_upload(name, data):
    return SimpleUploadedFile(name, data, content_type="text/html")
