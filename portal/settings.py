"""All settings. Secrets come from the environment or a file, never from here.

Three ways to run. *Production*: DATABASE_URL is set, and every secret must be. *Embedded*: it is not, and
PORTAL_HOME holds a private PostgreSQL and Redis with fresh secrets (portal/embedded). *Offline*: commands
that work on files alone.
"""

from __future__ import annotations

import os
import secrets
from importlib import import_module
from pathlib import Path

import environ

from portal import content_security, languages, openapi, schedule
from portal.core import env, memory, public_address, static_headers
from portal.embedded import home

BASE_DIR = Path(__file__).resolve().parent.parent
PORTAL_HOME = Path(os.environ.get("PORTAL_HOME", BASE_DIR / ".portal")).resolve()
OFFLINE = env.flag("PORTAL_OFFLINE", default=False)
EMBEDDED = not OFFLINE and env.read("DATABASE_URL") is None

if EMBEDDED:
    home.load_secrets(PORTAL_HOME)

if OFFLINE:
    SECRET_KEY = secrets.token_urlsafe(50)
    DATABASES = {}
    REDIS_URL = ""
    KEYRING_DIR = Path(os.devnull)
    CODE_PEPPER = BLIND_INDEX_KEY = CHECKPOINT_KEY = LIST_SIGNING_KEY = ""
else:
    SECRET_KEY = env.require("SECRET_KEY")
    CODE_PEPPER = env.require("CODE_PEPPER")
    BLIND_INDEX_KEY = env.require("BLIND_INDEX_KEY")
    CHECKPOINT_KEY = env.require("CHECKPOINT_KEY")
    LIST_SIGNING_KEY = env.require("LIST_SIGNING_KEY")
    KEYRING_DIR = Path(env.read("KEYRING_DIR") or PORTAL_HOME / "keyring")
    REDIS_URL = home.redis_url(PORTAL_HOME) if EMBEDDED else env.require("REDIS_URL")
    if EMBEDDED:
        DATABASES = home.databases(PORTAL_HOME)
    else:
        DATABASES = {"default": environ.Env.db_url_config(env.require("DATABASE_URL"))}
        # Owns the tables. Only `migrate` connects as it, so nothing else need be told.
        if owner := env.read("DATABASE_OWNER_URL"):
            DATABASES["owner"] = environ.Env.db_url_config(owner)
    for database in DATABASES.values():
        database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

DEBUG = False
# The sample agency speaks plain http on 127.0.0.1; everything else must be behind TLS.
HTTPS = not EMBEDDED
if EMBEDDED or OFFLINE:
    BASE_URL = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
else:
    BASE_URL = public_address.base_url()
    ALLOWED_HOSTS = public_address.allowed_hosts(BASE_URL)

INSTALLED_APPS = [
    "portal.core",
    "portal.crypto",
    "portal.audit",
    "portal.agency",
    "portal.accounts",
    "portal.vault",
    "portal.verify",
    "portal.notify",
    "portal.ui",
    "hashing",
    "cases",
    "portal.embedded",
    "portal.bench",
    "portal.demo",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp_webauthn",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "health_check",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.core.middleware.SecurityHeaders",
    "portal.core.middleware.ReadableText",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.core.middleware.DomainErrors",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "portal.agency.context.agency",
            ],
            "builtins": ["portal.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "portal.ui.forms.Renderer"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_ROUTERS: list[str] = []
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{REDIS_URL}"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
}

AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.StaffBackend"]
PASSWORD_HASHERS = ["portal.accounts.hashers.BoundedArgon2"]
# How many passwords and access codes this machine derives at once (64 to 100 MiB each), and where that is
# counted: a folder in memory, the same for all processes of the portal.
ARGON2_AT_ONCE = int(env.read("ARGON2_AT_ONCE") or 4)
SLOTS_DIR = memory.folder(f"slots {PORTAL_HOME}")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Passkeys: a second factor, never the only one. They belong to a name, so not to 127.0.0.1.
OTP_WEBAUTHN_RP_ID, OTP_WEBAUTHN_ALLOWED_ORIGINS = public_address.passkeys(BASE_URL)
OTP_WEBAUTHN_RP_NAME = "Desk"
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
LOGIN_URL = "accounts:login"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-desk" if HTTPS else "desk"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-form" if HTTPS else "form"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None  # gone with the browser: a cookie that stays for a year tells who was here
CSRF_FAILURE_VIEW = "portal.core.error_pages.csrf_failure"

SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
# Nothing reaches another site. ("no-referrer" would make browsers send our own forms with `Origin: null`,
# which the forgery check must refuse.)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security.POLICY

# No upload ever touches a temporary file: views that take pictures install the vault's own handler.
FILE_UPLOAD_HANDLERS = ["portal.vault.uploads.RefuseUploads"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # the vault takes 20, and says so of each one after
VAULT_DIR = Path(env.read("VAULT_DIR") or PORTAL_HOME / "vault")

# The index of fingerprints, in memory: for all processes of a machine the same, for each database another.
_of_database = " ".join(str(DATABASES.get("default", {}).get(part)) for part in ("HOST", "PORT", "NAME"))
INDEX_DIR = Path(
    env.read("INDEX_DIR") or (home.index_dir(PORTAL_HOME) if EMBEDDED else memory.folder(_of_database))
)
# The operator's word that INDEX_DIR, and any swap, is encrypted.
INDEX_ENCRYPTED_VOLUME = env.flag("INDEX_ENCRYPTED_VOLUME", default=False)

LANGUAGE_CODE = "en"
LANGUAGES = languages.SPOKEN
LANGUAGE_COOKIE_NAME = "lang"
LANGUAGE_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = env.read("TIME_ZONE") or "UTC"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers.add
STATIC_ROOT = (
    PORTAL_HOME / "static" if EMBEDDED else Path(env.read("STATIC_ROOT") or BASE_DIR / "staticfiles")
)
STATICFILES_DIRS = [BASE_DIR / "portal" / "ui" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAULT_DIR}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CELERY_BROKER_URL = home.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Somebody who sends a form must not wait for a broker that is down: what is owed is queued again later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,  # longer than the second that a worker waits for its next task
}
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
# Full fingerprints take seconds each: workers of their own, so that nothing else waits for them.
CELERY_TASK_ROUTES = {name: {"queue": "enrol"} for name in ("hashing.enrol", "hashing.upgrade")}
CELERY_BEAT_SCHEDULE = schedule.BEAT

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["hashing.api.authentication.PartnerKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["hashing.api.scopes.Scoped"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hashing.api.parsing.BoundedJSON"],
    # A parameter of that name would choose what an Accept header chooses.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hashing.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = openapi.described(BASE_URL)

# The audit log's name in its checkpoints, if it isn't to be the one that the database has. During a change of
# keys, the private key before CHECKPOINT_KEY; after it, the public keys that were replaced, with spaces
# between them (`manage.py audit key` prints today's).
AUDIT_ORIGIN = env.read("AUDIT_ORIGIN") or ""
# What this machine's sealer signed last, in a file that the database's superuser can't change.
SEALED_DIR = Path(env.read("SEALED_DIR") or PORTAL_HOME / "sealed")
CHECKPOINT_FORMER_KEY = env.read("CHECKPOINT_FORMER_KEY") or ""
CHECKPOINT_OLD_KEYS = (env.read("CHECKPOINT_OLD_KEYS") or "").split()
# Who gets the published checkpoint once a day: addresses outside the agency, with spaces between.
CHECKPOINT_MAIL_TO = (env.read("CHECKPOINT_MAIL_TO") or "").split()

# Public list-signing keys beside today's, as `manage.py list_key` prints them, with spaces between them: the
# next one, named before it is used, and those that it replaced.
LIST_SIGNING_OTHER_KEYS = (env.read("LIST_SIGNING_OTHER_KEYS") or "").split()
# Whole lists as files, with fingerprints in them: a folder of the portal's own.
SNAPSHOT_DIR = Path(env.read("SNAPSHOT_DIR") or PORTAL_HOME / "snapshots")
# How many fingerprints a partner may look up in a day, and how many different ones that find nothing: enough
# for a large platform's uploads, too little to try out what is on a list.
LOOKUPS_A_DAY = int(env.read("LOOKUPS_A_DAY") or 20_000_000)
LOOKUP_MISSES_A_DAY = int(env.read("LOOKUP_MISSES_A_DAY") or 10_000_000)
# Webhooks go to public addresses, and to these networks (CIDR); their certificates are checked against the
# public authorities and this file.
WEBHOOK_NETWORKS = (env.read("WEBHOOK_NETWORKS") or "").split()
WEBHOOK_CA_FILE = env.read("WEBHOOK_CA_FILE")
# A proxy that checks partners' client certificates: its networks, and the header in which it puts the SHA-256
# of the certificate. From anywhere else the header means nothing.
CERTIFICATE_PROXIES = (env.read("CERTIFICATE_PROXIES") or "").split()
CERTIFICATE_HEADER = env.read("CERTIFICATE_HEADER") or "X-Client-Certificate-SHA256"

# Mail and SMS. In the sample agency both go to a folder that its owner can read.
OUTBOX_DIR = PORTAL_HOME / "outbox" if EMBEDDED else None
EMAIL_HOST = env.read("SMTP_HOST") or ""
EMAIL_PORT = int(env.read("SMTP_PORT") or 587)
EMAIL_HOST_USER = env.read("SMTP_USER") or ""
EMAIL_HOST_PASSWORD = env.read("SMTP_PASSWORD") or ""
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.read("MAIL_FROM") or "updates@localhost"
SMS_URL = env.read("SMS_URL") or ""
SMS_TOKEN = env.read("SMS_TOKEN") or ""

SILENCED_SYSTEM_CHECKS = ["security.W002"]  # portal.core.middleware.SecurityHeaders sets X-Frame-Options
LOGGING_CONFIG = "portal.core.logs.configure"
LOGGING = {"version": 1}  # Django asks the function above only when this holds something

if not OFFLINE:
    # Makes the portal's Celery application the current one, in whichever process queues a task.
    import_module("portal.celery")
