"""Settings of dxportal: everything comes from the environment (docs/configuration.md).

Importing this module starts nothing and connects to nothing.
"""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from dxportal.configuration import Environment, celery_broker, missing_settings, origin, own_hosts
from dxportal.hanging import WatchedConnection
from dxportal.logging import logging_config
from dxportal.running import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()  # NAME_FILE names a file that holds NAME's value

# --- which kind of installation ---------------------------------------------------------------------------------
ENVIRONMENT = env("DXPORTAL_ENV", default="") or "production"
if ENVIRONMENT not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"DXPORTAL_ENV must be production, demo or test, not {ENVIRONMENT!r}.")
PRODUCTION = ENVIRONMENT == "production"
DEMO = ENVIRONMENT == "demo"
if PRODUCTION and (missing := missing_settings()):
    raise ImproperlyConfigured(missing)

SECRET_KEY = env("SECRET_KEY", default="insecure-key-of-the-demo-and-of-the-tests-only")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
WEB_HOST = env("DXPORTAL_HOST", default="127.0.0.1")
ORIGIN = origin(env("DXPORTAL_ORIGIN", default="http://localhost:8000"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else own_hosts(ORIGIN, WEB_HOST))
CSRF_TRUSTED_ORIGINS = [ORIGIN]
PORTAL_NAME = env("DXPORTAL_NAME", default="DXポータル")
PORTAL_CONTACT = env("DXPORTAL_CONTACT", default="")
MAINTENANCE = env.bool("DXPORTAL_MAINTENANCE", default=False)
HOME = embedded.home()

# --- the house --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "dxportal",
    "dxportal.core.ui",
    "dxportal.core.jobs",
    "dxportal.core.taxonomy",
    "dxportal.core.organizations",
    "dxportal.core.accounts",
    "dxportal.core.uploads",
    "dxportal.core.code_list",
    "dxportal.core.occasions",
    "dxportal.core.people",
    "assessments",
    "casestudies",
    "consultations",
    "dxportal.portal",
]

MIDDLEWARE = [
    "dxportal.middleware.RequestIdMiddleware",
    "dxportal.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dxportal.middleware.MaintenanceMiddleware",
    "dxportal.middleware.DatabaseMiddleware",
    "dxportal.middleware.LargestRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dxportal.core.ui.frame.session.PrivatePagesMiddleware",
    "dxportal.core.ui.frame.session.SlidingSessionMiddleware",
    "dxportal.core.accounts.middleware.ActingMembershipMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dxportal.middleware.ActingHistoryMiddleware",
    "dxportal.core.accounts.drawn_under.DrawnUnderMiddleware",
    "dxportal.core.accounts.once.OnceMiddleware",
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")  # a GET writes nothing

ROOT_URLCONF = "dxportal.urls"
WSGI_APPLICATION = "dxportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dxportal.core.ui.frame.context.navigation",
            ],
            "builtins": ["dxportal.core.ui.frame.form_marks"],
        },
    }
]

# --- servers ----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL") if env("DATABASE_URL", default="") else embedded.database()}
POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=8)
# Without the setting every history trigger catches an error to find it missing, and an INSERT of many rows slows down
# with the square of their number (each caught error walks the rows still to be checked).
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c pgtrigger.ignore={}")
# A connection that died with the server is found out when it is taken from the pool, not by the request that uses it.
DATABASES["default"]["ENGINE"] = "dxportal.database"
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 3)  # seconds
# After this it is looked whether the server answers at all; only then is it waited for longer. Attempts to reconnect are
# given up sooner still, since the pool doubles the pause between them and makes no other meanwhile: whoever asks next
# begins a fresh one.
POOL_SECONDS = 1
RECONNECT_SECONDS = 0.3
if POOL_SIZE:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": POOL_SIZE,
        "timeout": POOL_SECONDS,
        "reconnect_timeout": RECONNECT_SECONDS,
        "connection_class": WatchedConnection,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="") or embedded.redis_url()
CACHES = {
    # Limits on sign-in, second factor, reset and links: they must hold when Redis is away, so they are rows.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "dxportal_cache",
        "KEY_PREFIX": "dxportal",
        "TIMEOUT": 300,
        # Beyond this the oldest keys of the alphabet go: far more rows than a flood of trials makes in their five minutes,
        # so that nobody pushes another's limit out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Copies of sessions: without them, and while Redis is away, a request reads the session's row.
    "sessions": {
        "BACKEND": "dxportal.caching.FallbackRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "dxportal",
        "TIMEOUT": 300,
    },
    # Drawn parts of pages, in the process: their keys carry the version of the figures and the reader's scope.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 256},
    },
}

CELERY_BROKER_URL = celery_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Tokyo"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=3600)
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT - 60
# Longer than any task may run: otherwise the broker gives a running task to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_TASK_TIME_LIMIT + 600}
SIGNS_OF_LIFE = True  # of beat and worker, for /readyz
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat.db")
CELERY_BEAT_SCHEDULE = {
    "purge-uploads": {"task": "uploads.purge", "schedule": crontab(minute=25)},
    "reap-stale-jobs": {"task": "jobs.reap", "schedule": 15.0},
    "open-and-close-surveys": {"task": "assessments.close_due", "schedule": 15.0},
    # The second firing sends what could not be handed to the mail server at the first.
    "send-action-digests": {
        "task": "consultations.send_digests",
        "schedule": crontab(hour=8, minute="0,30", day_of_week="1-5"),
    },
    "send-question-digests": {
        "task": "consultations.send_question_digests",
        "schedule": crontab(hour=8, minute="10,40", day_of_week="1-5"),
    },
    # In the morning and at noon: what another firing missed is released the same day.
    "release-topics": {"task": "consultations.release_topics", "schedule": crontab(hour="7,12", minute=5)},
    "lapse-contact-requests": {"task": "consultations.lapse_contacts", "schedule": crontab(hour="7,12", minute=10)},
    # Mondays; the second firing sends what could not be handed to the mail server at the first.
    "send-release-digests": {
        "task": "consultations.send_release_digests",
        "schedule": crontab(hour=8, minute="15,45", day_of_week="1"),
    },
    # After the day's last figures, before people leave: a brief is read in the morning or taken along on paper.
    "prepare-briefs": {"task": "portal.prepare_briefs", "schedule": crontab(hour=17, minute="0,30")},
    "refresh-all-figures": {
        "task": "portal.refresh_all",
        "schedule": crontab(hour=4, minute=10),
    },
}

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="dxportal@localhost")

WEB_PORT = env.int("DXPORTAL_PORT", default=8000)
WEB_WORKERS = env.int("WEB_WORKERS", default=0)  # 0: one for each processor
WEB_THREADS = env.int("WEB_THREADS", default=4)

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "kana")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ADMIN_TOTP_REQUIRED = PRODUCTION  # second factor for prefecture admins
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "dxportal.core.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "dxportal.core.accounts.forms.sign_in.LoginForm",
    "change_password": "dxportal.core.accounts.forms.sign_in.ChangePasswordForm",
    "reset_password": "dxportal.core.accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "dxportal.core.accounts.forms.sign_in.ResetPasswordKeyForm",
    "reauthenticate": "dxportal.core.accounts.forms.sign_in.PasswordReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # the mailed invitation proved every address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"【{PORTAL_NAME}】"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = True  # the session's own age governs
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = ORIGIN.split(":", 1)[0]
# A whole prefecture may come from one address (LGWAN): wide limits by address, narrow ones by account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/300s/key",
    "reset_password": "60/m/ip,3/300s/key",
    "reset_password_from_key": "60/m/ip",
}
MFA_ADAPTER = "dxportal.core.accounts.adapters.MfaAdapter"
MFA_FORMS = {
    "activate_totp": "dxportal.core.accounts.forms.second_factor.ActivateTotpForm",
    "authenticate": "dxportal.core.accounts.forms.second_factor.AuthenticateForm",
    "reauthenticate": "dxportal.core.accounts.forms.second_factor.CodeReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = PORTAL_NAME
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds to either side: clocks drift
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=60) * 60
SESSION_COOKIE_NAME = "dxportal_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "dxportal_csrf"

# --- safety -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_COOKIES = ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000) if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # browsers' preload lists take whole domains: the owner's decision
PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
LARGEST_REQUEST = 120 * 1024**2  # bytes: ten attachments of 10 MB and their form

# --- language, files, logs --------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default="") or HOME / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "dxportal.core.ui.finders.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEMO:  # hashed names too, but compressing takes longer than all the rest of the first start
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"

LOGGING = logging_config(
    level=env("LOG_LEVEL", default="INFO"),
    style=env("LOG_FORMAT", default="json" if PRODUCTION else "plain"),
)
