import re

from dxportal.settings import BASE_DIR
from tests.assessments.questionnaires.test_questionnaire_file import MISTAKES

README = (BASE_DIR / "assessments/README.md").read_text(encoding="utf-8")
READERS = ("questionnaire_file", "question_reader", "checks", "yaml_nodes")
SOURCE = "".join(
    (BASE_DIR / f"assessments/domain/questionnaires/{name}.py").read_text(encoding="utf-8") for name in READERS
)


def test_the_readme_names_every_error_that_a_questionnaire_file_can_have():
    named = set(re.findall(r"`(\w+)`", README))

    assert set(re.findall(r'\.fail\(\s*"(\w+)"', SOURCE)) <= named
    assert {code for _, _, code, _ in MISTAKES.values()} <= named
