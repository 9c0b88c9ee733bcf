import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

from dxportal.checks import TAG

SOUND = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": ["dx.example.jp"],
    "ORIGIN": "https://dx.example.jp",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


@pytest.fixture
def sound(settings):
    for name, value in SOUND.items():
        setattr(settings, name, value)
    return settings


def problems():
    return [each.id for each in run_checks(tags=[TAG])]


def test_sound_settings_pass(sound):
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", True, "dxportal.E001"),
        ("SECRET_KEY", "k" * 60, "dxportal.E002"),
        ("SECRET_KEY", "q8#fJ2" * 8, "dxportal.E002"),
        ("SECRET_KEY", django_settings.SECRET_KEY, "dxportal.E002"),
        ("ALLOWED_HOSTS", ["dx.example.jp", "*"], "dxportal.E003"),
        ("ORIGIN", "http://dx.example.jp", "dxportal.E004"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "dxportal.E005"),
        ("SECURE_PROXY_SSL_HEADER", None, "dxportal.E006"),
    ],
)
def test_each_unsafe_setting_is_refused_with_a_hint(sound, name, value, expected):
    setattr(sound, name, value)

    results = run_checks(tags=[TAG])

    assert [each.id for each in results] == [expected]
    assert results[0].hint


def test_outside_production_nothing_is_refused(sound):
    sound.PRODUCTION, sound.DEBUG = False, True

    assert problems() == []
