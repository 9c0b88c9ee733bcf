"""Every box that takes a file, in whatever room."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.forms.tiers import ScoreFileForm
from casestudies.forms.contribution.moves import RegisterFileForm
from dxportal.core.code_list.forms import CodeListFileForm
from dxportal.core.files.forms import FilesForm
from dxportal.core.ui.fields import JpFileField
from dxportal.core.ui.forms import PortalForm


def all_forms(kind=PortalForm):
    for form in kind.__subclasses__():
        yield form
        yield from all_forms(form)


def test_every_box_for_files_says_which_the_browser_offers():
    boxes = [
        (form.__name__, field)
        for form in all_forms()
        for field in form.base_fields.values()
        if isinstance(field, forms.FileField)
    ]

    assert {"ScoreFileForm", "RegisterFileForm", "CodeListFileForm", "FilesForm"} <= {name for name, _ in boxes}
    assert [name for name, field in boxes if not isinstance(field, JpFileField)] == []


@pytest.mark.parametrize("form_class", [ScoreFileForm, RegisterFileForm, CodeListFileForm, FilesForm])
def test_an_empty_file_is_named(form_class):
    extra = {"noun": "1件の事例"} if form_class is FilesForm else {}
    name = "files" if form_class is FilesForm else "file"

    form = form_class({}, {name: SimpleUploadedFile("空の台帳.xlsx", b"")}, **extra)

    assert "「空の台帳.xlsx」は空のファイルです" in str(form.errors[name])
    assert 'accept="' in str(form[name])
