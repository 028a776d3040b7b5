"""The one settings file: a typed reading of the environment, then Django's names."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from budilnik.core.refusal import Refusal


class UnknownDatabase(Refusal):
    """The address of the database is of a kind that is not supported."""

    ru = "BUDILNIK_DATABASE_URL начинается с «{scheme}»; понимаются sqlite:///ПУТЬ и postgres://ПОЛЬЗОВАТЕЛЬ@УЗЕЛ/БАЗА."
    en = "BUDILNIK_DATABASE_URL begins with “{scheme}”; sqlite:///PATH and postgres://USER@HOST/NAME are understood."


HOME = Path(os.environ.get("BUDILNIK_HOME", "var")).absolute()
LANGUAGE_CODE = "en" if os.environ.get("BUDILNIK_LANGUAGE", "ru").lower().startswith("en") else "ru"

# One writer at a time is SQLite's nature: a write transaction says so at once (IMMEDIATE) and waits its turn.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
}


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
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
        "OPTIONS": query,
    }


DATABASES = {"default": database(os.environ.get("BUDILNIK_DATABASE_URL") or f"sqlite://{HOME / 'budilnik.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "budilnik.staff",
    "budilnik.clients",
    "budilnik.sales",
    "budilnik.calling",
    "budilnik.integrations",
]
AUTH_USER_MODEL = "staff.Employee"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Needed by Django from the first day; pages and their real key come with `serve`.
SECRET_KEY = os.environ.get("BUDILNIK_SECRET_KEY", "no pages are served yet")
