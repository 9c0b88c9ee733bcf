import re

from dxportal.core.intake.yaml_file import SENTENCES
from dxportal.settings import BASE_DIR
from tests.support.sample_questionnaire import MISTAKES

README = (BASE_DIR / "assessments/README.md").read_text(encoding="utf-8")
READERS = (
    "assessments/domain/questionnaires/questionnaire_file.py",
    "assessments/domain/questionnaires/checks.py",
    "dxportal/core/intake/yaml_file.py",
)
SOURCE = "".join((BASE_DIR / name).read_text(encoding="utf-8") for name in READERS)
CODES = (r'fail\((?:\w+|\([^)]*\)), "(\w+)"', r'PydanticCustomError\("(\w+)"', r'return "(\w+)", f?"')


def test_the_readme_names_every_error_that_a_questionnaire_file_can_have():
    named = set(re.findall(r"`(\w+)`", README))
    written = {code for pattern in CODES for code in re.findall(pattern, SOURCE)} | {
        code for code, _ in SENTENCES.values()
    }

    assert len(written) > 30
    assert written <= named
    assert {code for _, _, code, _ in MISTAKES.values()} <= named
