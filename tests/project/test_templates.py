import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt"})


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_template_holds_nothing_that_the_content_security_policy_refuses(name):
    text = re.sub(r"{#.*?#}|{%.*?%}", "", (FOLDER / name).read_text(), flags=re.DOTALL)

    assert not re.search(r'<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(\ssrc=|application/json"))', text)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_every_posting_form_of_a_template_says_who_acts(name):
    """The tag prints the token, the membership and the once-name; one page prints those of the form that it holds."""
    forms = re.findall(r"<form\b.*?</form>", (FOLDER / name).read_text(), flags=re.DOTALL)
    posting = [form for form in forms if 'method="post"' in form]

    assert [form for form in posting if "{% csrf_token %}" not in form and 'name="acting_membership"' not in form] == []
