"""The one settings file: a typed reading of the environment, then Django's names."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.contrib.messages import constants as message_levels
from django.utils.csp import CSP

from budilnik.core.refusal import Refusal


class UnknownDatabase(Refusal):
    """The address of the database is of a kind that is not supported."""

    ru = "BUDILNIK_DATABASE_URL начинается с «{scheme}»; понимаются sqlite:///ПУТЬ и postgres://ПОЛЬЗОВАТЕЛЬ@УЗЕЛ/БАЗА."
    en = "BUDILNIK_DATABASE_URL begins with “{scheme}”; sqlite:///PATH and postgres://USER@HOST/NAME are understood."


class UnknownMailSecurity(Refusal):
    """How the server of mail is spoken to is of a kind that is not supported."""

    ru = "BUDILNIK_SMTP_SECURITY=«{value}»; понимаются starttls, tls и none."
    en = "BUDILNIK_SMTP_SECURITY=“{value}”; starttls, tls and none are understood."


class BadMailPort(Refusal):
    """The port of the server of mail is no port."""

    ru = "BUDILNIK_SMTP_PORT=«{value}»; нужно число от 1 до 65535."
    en = "BUDILNIK_SMTP_PORT=“{value}”; a number between 1 and 65535 is needed."


HOME = Path(os.environ.get("BUDILNIK_HOME", "var")).absolute()
LANGUAGE_CODE = "en" if os.environ.get("BUDILNIK_LANGUAGE", "ru").lower().startswith("en") else "ru"

# One writer at a time is SQLite's nature: a write transaction says so at once (IMMEDIATE) and waits its turn.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
}

# A connection serves many requests: opening one costs as much as a page. One that died meanwhile is opened anew.
KEPT_OPEN = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        **KEPT_OPEN,
        "OPTIONS": SQLITE_OPTIONS,
        "TEST": {"NAME": f"{path}.test"},
    }


def database(url: str) -> dict[str, Any]:
    """Return Django's description of the database at `url`.

    Raises: UnknownDatabase for any scheme but sqlite, postgres and postgresql.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # The third slash begins the path: sqlite:///folder/file is absolute, sqlite://file lies in the current folder.
        return _sqlite(unquote(parts.netloc + parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise UnknownDatabase(scheme=parts.scheme or url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": query.pop("user", unquote(parts.username or "")),
        "PASSWORD": query.pop("password", unquote(parts.password or "")),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        **KEPT_OPEN,
        "OPTIONS": query,
    }


DATABASES = {"default": database(os.environ.get("BUDILNIK_DATABASE_URL") or f"sqlite://{HOME / 'budilnik.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "budilnik.staff",
    "budilnik.clients",
    "budilnik.sales",
    "budilnik.calling",
    "budilnik.integrations",
    "budilnik.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "budilnik.config.clocked.clocked",
    "budilnik.web.middleware.speaking",
    "allauth.account.middleware.AccountMiddleware",
    "budilnik.web.middleware.SignedIn",
]
AUTH_USER_MODEL = "staff.Employee"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


def _secret_key() -> str:
    """Return the key that signs sessions: from the environment, else one made once and kept in the home folder."""
    if given := os.environ.get("BUDILNIK_SECRET_KEY"):
        return given
    file = HOME / "secret.key"
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        HOME.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f".secret.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        # Of two processes that start at once the first one's key stays.
        try:
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return file.read_text().strip()


SECRET_KEY = _secret_key()
ROOT_URLCONF = "budilnik.config.urls"
WSGI_APPLICATION = "budilnik.config.wsgi.application"
WEB = Path(__file__).parent.parent / "web"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "budilnik.web.templatetags.trade"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "budilnik.web.context.page",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = WEB / "dist"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 365 * 24 * 3600
# Counted over all processes of a machine: how often somebody tried to sign in.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}}

# Nothing comes from outside and nothing inline runs.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Behind a proxy that speaks TLS: the addresses by which people come, "https://sales.example.ru https://10.0.0.5".
CSRF_TRUSTED_ORIGINS = os.environ.get("BUDILNIK_ORIGINS", "").split()
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, (urlsplit(o).hostname for o in CSRF_TRUSTED_ORIGINS))]
CSRF_FAILURE_VIEW = "budilnik.web.errors.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
MAIL_PATIENCE_SECONDS = 20


def mailers(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's description of the server that letters are given to; nothing without a host.

    Raises: UnknownMailSecurity, BadMailPort.
    """
    host = environment.get("BUDILNIK_SMTP_HOST", "").strip()
    if not host:
        return {}
    security = environment.get("BUDILNIK_SMTP_SECURITY", "").strip().lower() or "starttls"
    if security not in MAIL_PORTS:
        raise UnknownMailSecurity(value=security)
    port = environment.get("BUDILNIK_SMTP_PORT", "").strip() or str(MAIL_PORTS[security])
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadMailPort(value=port)
    options = {
        "host": host,
        "port": int(port),
        "username": environment.get("BUDILNIK_SMTP_USER", ""),
        "password": environment.get("BUDILNIK_SMTP_PASSWORD", ""),
        "use_tls": security == "starttls",
        "use_ssl": security == "tls",
        "timeout": MAIL_PATIENCE_SECONDS,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


# Off until a host is named. Links of a letter lead to the address by which people come.
MAILERS = mailers(os.environ)
MAIL_FROM = os.environ.get("BUDILNIK_MAIL_FROM") or os.environ.get("BUDILNIK_SMTP_USER", "")
SITE_URL = (os.environ.get("BUDILNIK_SITE_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")

AUTHENTICATION_BACKENDS = ["budilnik.web.signin.backend.LoginInAnyCase"]
# People sign in by login; the address of an employee is for his letters only.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

# The door. A whole office comes from one address, so an address may fail more often than a login.
ALLAUTH_TRUSTED_PROXY_COUNT = int(SESSION_COOKIE_SECURE)
SIGN_IN_WAIT_MINUTES = 5
ACCOUNT_ADAPTER = "budilnik.web.signin.adapter.Door"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": f"60/m/ip,5/{SIGN_IN_WAIT_MINUTES}m/key"}
MFA_ADAPTER = "budilnik.web.signin.adapter.SecondStep"
MFA_FORMS = {
    "authenticate": "budilnik.web.signin.forms.SignInCode",
    "reauthenticate": "budilnik.web.signin.forms.ConfirmingCode",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Budilnik"
# The code of half a minute ago still holds: telephones are slow and so are fingers.
MFA_TOTP_TOLERANCE = 1
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"budilnik": {"level": "INFO"}, "django.server": {"level": "ERROR"}},
}
