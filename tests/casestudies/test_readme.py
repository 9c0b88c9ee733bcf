from dxportal.settings import BASE_DIR

README = (BASE_DIR / "casestudies/README.md").read_text(encoding="utf-8")


def test_the_map_names_every_file_of_the_domain():
    domain = BASE_DIR / "casestudies/domain"
    paths = [path.relative_to(domain) for path in domain.rglob("*.py") if path.name != "__init__.py"]

    missing = [path for path in paths if f"`{path}`" not in README and f"`{path.name}`" not in README]

    assert len(paths) > 25
    assert missing == []
