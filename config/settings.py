"""All settings, read from top to bottom. Values come from the environment (config/env.py)."""

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent
CHECKOUT = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:10]

# Where set-up keeps secrets, photos and collected assets of this checkout (see bin/setup). On a
# server the first place is root's, and our own user reads the secrets there; a desk has the second.
_OF_ROOT = Path("/var/lib/augenmerk") / CHECKOUT
_IS_OURS = os.geteuid() == 0 or os.access(_OF_ROOT / "env", os.R_OK)
HOME = env.folder(
    "AUGENMERK_HOME", _OF_ROOT if _IS_OURS else Path("~/.local/share/augenmerk") / CHECKOUT
)
env.load(HOME / "env")

# ── What we are ──────────────────────────────────────────────────────────────────────────────
SECRET_KEY = env.text("SECRET_KEY")
DEBUG = env.flag("DEBUG")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
_public_host = urlsplit(PUBLIC_URL).hostname or "localhost"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", f"127.0.0.1,localhost,[::1],{_public_host}")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "townhall.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "frontend",
    "geo",
    "townhall",
    "reports",
    "lostfound",
    "config.apps.ConfigConfig",
    "config.apps.SetUpConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "frontend.assets.AssetConfig",
    "django.contrib.gis",
    "django.contrib.postgres",
    "axes",
    "channels",
    "csp",
    "drf_spectacular",
    "leaflet",
    "procrastinate.contrib.django",
    "rest_framework",
    # Last: their words must not stand in for ours.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "config.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.DatabaseDownMiddleware",
    "townhall.sites.SiteMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # outside of ConditionalGet: it weakens ETags
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "frontend.csp.ImportMapCSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the second factor's; its pages are ours
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "townhall.sites.site",
                "townhall.outbox.outbox",
                "townhall.workplaces.workplaces",
                "config.tiles.background",
            ],
        },
    }
]

# ── Data ─────────────────────────────────────────────────────────────────────────────────────
# Set where DATABASE_URL leads to a PgBouncer that gives out connections by transaction: the way
# past it, for what lasts longer. The listener of the live line takes it; so do the worker (LISTEN,
# locks of a session) and every command of manage.py, which say AUGENMERK_DIRECT.
LIVE_DATABASE_URL = env.text("LIVE_DATABASE_URL", "")
_is_direct = env.flag("AUGENMERK_DIRECT") and bool(LIVE_DATABASE_URL)
DATABASES = {
    "default": dj_database_url.parse(
        LIVE_DATABASE_URL if _is_direct else env.text("DATABASE_URL"),
        engine="django.contrib.gis.db.backends.postgis",
        conn_max_age=600,
        conn_health_checks=True,
        disable_server_side_cursors=bool(LIVE_DATABASE_URL) and not _is_direct,
    )
}
# Set, only one live process listens to PostgreSQL and tells the others (townhall/live/relay.py).
REDIS_URL = env.text("REDIS_URL", "")
_redis = {
    "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "CONFIG": {
        "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 2, "socket_timeout": 5}],
        # Redis' databases share their channels: the key keeps two installations apart.
        "prefix": f"augenmerk.{hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:12]}",
    },
}
CHANNEL_LAYERS: dict[str, Any] = {"default": _redis} if REDIS_URL else {}
LIVE_BEAT_SECONDS = env.number("LIVE_BEAT_SECONDS", 20)
LIVE_SOCKETS_PER_ADDRESS = env.number("LIVE_SOCKETS_PER_ADDRESS", 200)
ATOMIC_REQUESTS = False

# GDAL, GEOS and PROJ come inside the wheels of pyogrio and shapely: no system packages, and
# newer than Debian's. Their data folders must be known before the first import of gdal.
# Found, not imported: that would cost every process NumPy and 30 MB.
_pyogrio, _shapely = (
    Path(str(spec.origin)).parent for spec in map(find_spec, ("pyogrio", "shapely")) if spec
)
os.environ.setdefault("GDAL_DATA", str(_pyogrio / "gdal_data"))
os.environ.setdefault("PROJ_DATA", str(_pyogrio / "proj_data"))
GDAL_LIBRARY_PATH = str(next((_pyogrio.parent / "pyogrio.libs").glob("libgdal*")))
GEOS_LIBRARY_PATH = str(next((_shapely.parent / "shapely.libs").glob("libgeos_c*")))

# ── Language and time ────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "de"
# "de-simple" is Einfache Sprache: German in short sentences, and plain German where we have none.
LANGUAGES = [("de", _("German")), ("en", _("English")), ("de-simple", _("Plain German"))]
LANGUAGE_FOLDERS = {"en": "en", "de-simple": "einfach"}  # the first part of a page's address
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]  # read last: its simple sentences win over a room's
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

# ── Assets and photos ────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", HOME / "static")
MEDIA_ROOT = env.folder("MEDIA_ROOT", HOME / "media")
# `collectstatic` gives assets hashed names for ever-lasting caching. Where it has not run since
# the last change, and in tests, they are served from their source folders under plain names.
_manifest = STATIC_ROOT / "staticfiles.json"
_assets = (BASE_DIR / "frontend" / "static").rglob("*")
ASSETS_COLLECTED = "collectstatic" in sys.argv or (
    not DEBUG
    and "pytest" not in sys.modules
    and _manifest.is_file()
    and all(file.stat().st_mtime <= _manifest.stat().st_mtime for file in _assets)
)
# Until they are collected, they may be edited under a running server.
ASSETS_CHANGE = not ASSETS_COLLECTED and "pytest" not in sys.modules
# Photos in an S3-compatible store instead of MEDIA_ROOT, for several hosts (docs/scale-out.md). The
# bucket is private: pictures are handed out by our views, which know who may see them.
S3_BUCKET = env.text("S3_BUCKET", "")
_photos_in_files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
_photos_in_bucket = {
    "BACKEND": "config.bucket.Bucket",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,  # empty: Amazon's
        "region_name": env.text("S3_REGION", "") or None,
        "access_key": env.text("S3_ACCESS_KEY", "") or None,
        "secret_key": env.text("S3_SECRET_KEY", "") or None,
        "verify": env.text("S3_CA_FILE", "") or None,  # certificates (PEM) in place of the system's
    },
}
STORAGES = {
    "default": _photos_in_bucket if S3_BUCKET else _photos_in_files,
    "staticfiles": {
        "BACKEND": "frontend.assets.AssetStorage"
        if ASSETS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not ASSETS_COLLECTED
# `backup` writes here unless told otherwise; the nightly one keeps so many archives.
BACKUP_FOLDER = env.folder("BACKUP_FOLDER", HOME / "backups")
BACKUP_KEEP = env.number("BACKUP_KEEP", 14)
# Synonyms for the matcher, made by bin/setup of Debian's mythes-de; may be missing.
THESAURUS = HOME / "thesaurus-de.tsv"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# ── Sign-in ──────────────────────────────────────────────────────────────────────────────────
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
# The second factor: codes and passkeys are allauth's, pages and rules townhall/account's.
MFA_ADAPTER = "townhall.account.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute early or late
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; its checks want it said
SESSION_COOKIE_NAME = "augenmerk_sitzung"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "frontend.views.csrf_failure"
_secure = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SECURE_SSL_REDIRECT = False  # the proxy's work
# A town's other names under its domain, and the browsers' built-in list, are not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "townhall.entrance.pseudonym"  # no address is kept, IPv6 counts by /64
AXES_WHITELIST_CALLABLE = "townhall.entrance.is_known"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says how long: that holds
AXES_LOCKOUT_CALLABLE = "townhall.views.sign_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is nobody's business
AXES_SENSITIVE_PARAMETERS = ["csrfmiddlewaretoken", "draft", "next", "username"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Leaflet moves panes by element.style, which CSP does not restrict
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# ── Doors ────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "frontend.problems.as_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Augenmerk",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Status": "reports.models.StatusChoice",
        "Goal": "reports.api.deeds.GOALS",
        "StopState": "reports.models.StopState",
        "ThingKind": "lostfound.api.losses.KINDS",
        "ThingColour": "lostfound.api.losses.COLOURS",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}
# Addresses of proxies whose X-Forwarded-For is believed; empty: the socket's peer is the client.
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
METRICS_TOKEN = env.text("METRICS_TOKEN", "")  # opens /metrics to monitors elsewhere
# How old a map tile may be that was made for somebody else a moment ago; 0: each asks anew. Pages
# wait longer than the default before they ask again (report-map.js).
MAP_HOT_MS = env.number("MAP_HOT_MS", 500)
WEB_THREADS = env.number("WEB_THREADS", 8)  # requests worked on at the same time, per process
WEB_PROCESSES = env.number("WEB_PROCESSES", 1)  # of config.pages (granian), see docs/scale-out.md
# How often somebody may knock: name → (times, seconds), counted per client (an IPv6 /64 is one)
# or as the name says; after that a knock each seconds/times. A school class behind one address
# fits in. See townhall/limits.py.
LIMITS: dict[str, tuple[int, int]] = {
    "reports": (120, 3600),
    "losses": (60, 3600),
    "photos": (600, 3600),
    "unsent": (1200, 3600),  # steps of a form that are kept; beyond it the page alone carries them
    "hints": (2400, 3600),  # while a description is typed, after each pause
    "finds": (30, 3600),  # finders' reports
    "remarks": (60, 3600),  # to add something, fixed or not, a problem
    "remarks-here": (10, 24 * 3600),  # by one client about one report
    "claims": (30, 3600),  # to found things, from one connection
    "claims-here": (12, 24 * 3600),  # to the same thing: a household, not a guesser
    "papers": (60, 3600),  # the reporter's PDF
    "task-letters": (3, 3600),  # new links to one task; 429 beyond it
    "answers": (600, 3600),  # pages behind a letter's links: confirm, end the letters
    "support": (120, 3600),  # voices, from one connection
    "support-one": (20, 24 * 3600),  # for the same report: a household, a class, not a campaign
    "follow-letters": (3, 3600),  # questions to one mailbox about one report; then silently none
    "visits": (30, 3600),  # wishes for the link to „Meine Meldungen“
    "visit-letters": (5, 3600),  # such letters to one mailbox; beyond it none leaves, silently
    "copies": (20, 3600),  # of all that is kept about somebody, zipped
    "mailbox": (30, 24 * 3600),  # reports that name the same mail address: each sends it letters
    "sign-in": (100, 900),  # failed ones
    "sign-in-name": (20, 3600),  # failed ones, per user name, from wherever
    "sign-in-device": (10, 900),  # failed ones, in a browser where this name has signed in before
    "second-factor": (10, 900),  # wrong codes of one account, from wherever
    "deeds": (3600, 3600),  # of one member of staff at the API
}
LIMITS_TIMES = env.number("LIMITS_TIMES", 1)  # so many times more, while load is measured

# ── Letters ──────────────────────────────────────────────────────────────────────────────────
EMAIL_HOST = env.text("EMAIL_HOST", "")  # empty: letters are kept for the mailbox page
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")  # TLS from the first byte, port 465
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=bool(EMAIL_HOST) and not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 20
EMAIL_CA_FILE = env.text("EMAIL_CA_FILE", "")  # certificates (PEM) trusted besides the system's
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Augenmerk <augenmerk@localhost>")
# Envelope sender; empty: as above. A star is where each letter's own mark goes, by which what comes
# back is read (townhall/letters/bounces.py): bounces+*@stadt.example
MAIL_BOUNCE_ADDRESS = env.text("MAIL_BOUNCE_ADDRESS", "")
BOUNCE_MAILBOX = env.text("BOUNCE_MAILBOX", "")  # imaps://user:password@host/INBOX, or a Maildir
# Webhooks leave the house where mail does; a restored copy without a mail server calls nobody.
WEBHOOKS = env.flag("WEBHOOKS", default=bool(EMAIL_HOST))
WEBHOOK_PRIVATE_HOSTS = env.words("WEBHOOK_PRIVATE_HOSTS")  # inside the house, or plain http
WEBHOOK_CA_FILE = env.text("WEBHOOK_CA_FILE", "")  # as EMAIL_CA_FILE
# The mailbox page shows kept letters; bin/serve sets it, on a loopback HOST only.
MAILBOX_PAGE = env.flag("AUGENMERK_MAILBOX") and not EMAIL_HOST
PROCRASTINATE_WORKER_DEFAULTS: dict[str, Any] = {"concurrency": 4, "delete_jobs": "successful"}

# ── Geography ────────────────────────────────────────────────────────────────────────────────
MUNICIPALITY_LAYER = env.text("MUNICIPALITY_LAYER", "bkg/gemeinden")
ROAD_LAYER = env.text("ROAD_LAYER", "")  # owner/slug for import_lines; empty: rules know no roads
LEAFLET_CONFIG: dict[str, Any] = {"TILES": [], "RESET_VIEW": False}
# Background tiles: fetched and kept by us (config/tiles.py), so that visitors talk to nobody else.
# XYZ or WMTS with {z}, {x}, {y}; empty: boundaries and pins on plain ground.
_basemap = (
    "https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/"
    "de_basemapde_web_raster_grau/default/GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png"
)
TILE_SOURCE = env.template(
    "TILE_SOURCE", "" if "pytest" in sys.modules else _basemap, ("{z}", "{x}", "{y}")
)
# What the source wants to be called by; shown on every map that uses it.
TILE_ATTRIBUTION = env.text(
    "TILE_ATTRIBUTION", "© basemap.de / BKG" if TILE_SOURCE in {_basemap, ""} else None
)
TILE_MAX_ZOOM = env.number("TILE_MAX_ZOOM", 18)  # the source's last one; beyond it is enlarged
TILE_CACHE_MB = env.number("TILE_CACHE_MB", 500)

# ── Logs: to standard error, without personal data ───────────────────────────────────────────
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.Lines",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "config.logs.JsonLines"},
    },
    "filters": {"without_capabilities": {"()": "config.logs.WithoutCapabilities"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.one_of("LOG_FORMAT", ("line", "json")),
            "filters": ["without_capabilities"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},  # it would note each map tile
        "channels_redis": {"level": "CRITICAL"},  # a trace a second; townhall.live says it once
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},  # DatabaseDownMiddleware says it once per request
    },
}
