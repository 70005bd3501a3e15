"""Settings from the environment (SALA_*), read once at the start; a bad value stops it with one clear line."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

MODULES = ("fund", "assessment", "membership", "cpd", "servicepoint")
DEVELOPMENT, PRODUCTION, TEST = "development", "production", "test"


class BadSetting(click.ClickException):
    """A setting is missing or wrong; its message names the setting and what it should be; commands print only that."""


@dataclass(frozen=True)
class Settings:
    """Everything the operator may choose (spec: operations.md, Settings)."""

    env: str
    secret_key: str
    audit_key: str
    database_url: str
    data_dir: Path
    base_url: str
    trusted_hosts: tuple[str, ...]
    proxy_count: int
    smtp_url: str
    sms_url: str
    redis_url: str
    storage_url: str
    tiles_url: str
    modules: tuple[str, ...]
    max_upload_mb: int
    mail_from: str
    metrics_token: str
    scanner_url: str
    agency_name: str
    parent_name: str
    session_idle: timedelta
    session_longest: timedelta
    password_rounds: int
    workers: int

    @property
    def is_production(self) -> bool:
        """Whether real people's data is at stake."""
        return self.env == PRODUCTION

    @property
    def is_https(self) -> bool:
        """Whether people reach the site by https."""
        return self.base_url.startswith("https://")


def _number(env: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = env.get(name, "").strip() or str(default)
    try:
        value = int(text)
    except ValueError:
        raise BadSetting(f"{name}: a whole number is wanted, not {text!r}.") from None
    if not lowest <= value <= highest:
        raise BadSetting(f"{name}: {value} is not between {lowest} and {highest}.")
    return value


def _key(env: Mapping[str, str], name: str, kind: str, data_dir: Path) -> str:
    value = env.get(name, "")
    if value:
        if len(value.encode()) < 32:
            raise BadSetting(f"{name}: 32 bytes or more are wanted, this has {len(value.encode())}.")
        return value
    if kind == PRODUCTION:
        raise BadSetting(
            f"{name}: required in production; make one with: python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    path = data_dir / f".{name.removeprefix('SALA_').lower()}"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            pass  # Another process made it in the same moment.
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _url(env: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = env.get(name, "").strip() or default
    if value and urlsplit(value).scheme.split("+")[0] not in schemes:
        raise BadSetting(f"{name}: an address beginning with {' or '.join(s + '://' for s in schemes)} is wanted.")
    return value


def _modules(env: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(part.strip() for part in env.get("SALA_MODULES", "fund,assessment").split(",") if part.strip())
    unknown = [name for name in names if name not in MODULES]
    if unknown or not names:
        raise BadSetting(f"SALA_MODULES: {', '.join(unknown) or 'nothing'} is not among {', '.join(MODULES)}.")
    return names


def read(env: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises BadSetting."""
    env = os.environ if env is None else env
    kind = env.get("SALA_ENV", DEVELOPMENT).strip() or DEVELOPMENT
    if kind not in (DEVELOPMENT, PRODUCTION, TEST):
        raise BadSetting(f"SALA_ENV: {kind!r} is not development, production or test.")
    data_dir = Path(env.get("SALA_DATA_DIR", "").strip() or "instance").resolve()
    base_url = _url(env, "SALA_BASE_URL", "http://127.0.0.1:8000", ("http", "https")).rstrip("/")
    host = urlsplit(base_url).hostname or "localhost"
    trusted = tuple(part.strip() for part in env.get("SALA_TRUSTED_HOSTS", "").split(",") if part.strip())
    if kind == PRODUCTION and not env.get("SALA_BASE_URL"):
        raise BadSetting("SALA_BASE_URL: required in production; mail links are made from it.")
    database_url = env.get("SALA_DATABASE_URL", "").strip() or f"sqlite:///{data_dir / 'sala.db'}"
    if urlsplit(database_url).scheme.split("+")[0] not in ("sqlite", "postgresql"):
        raise BadSetting("SALA_DATABASE_URL: sqlite:///… or postgresql://… is wanted.")
    return Settings(
        env=kind,
        secret_key=_key(env, "SALA_SECRET_KEY", kind, data_dir),
        audit_key=_key(env, "SALA_AUDIT_KEY", kind, data_dir),
        database_url=database_url,
        data_dir=data_dir,
        base_url=base_url,
        trusted_hosts=trusted or (host, "127.0.0.1", "localhost"),
        proxy_count=_number(env, "SALA_PROXY_COUNT", 0, 0, 10),
        smtp_url=_url(env, "SALA_SMTP_URL", "", ("smtp", "smtps")),
        sms_url=_url(env, "SALA_SMS_URL", "", ("http", "https")),
        redis_url=_url(env, "SALA_REDIS_URL", "", ("redis", "rediss", "unix")),
        storage_url=_url(env, "SALA_STORAGE_URL", f"file://{data_dir / 'files'}", ("file", "s3")),
        tiles_url=_url(env, "SALA_TILES_URL", "", ("https", "http")),
        modules=_modules(env),
        max_upload_mb=_number(env, "SALA_MAX_UPLOAD_MB", 20, 1, 1000),
        mail_from=env.get("SALA_MAIL_FROM", "").strip() or f"no-reply@{host}",
        metrics_token=env.get("SALA_METRICS_TOKEN", ""),
        scanner_url=_url(env, "SALA_SCANNER_URL", "", ("tcp", "unix")),
        agency_name=env.get("SALA_AGENCY_NAME", "").strip() or "กองทุนส่งเสริมและพัฒนาการศึกษาสำหรับคนพิการ",
        parent_name=env.get("SALA_PARENT_NAME", "").strip() or "กระทรวงศึกษาธิการ",
        session_idle=timedelta(minutes=_number(env, "SALA_SESSION_IDLE_MINUTES", 120, 1, 1440)),
        session_longest=timedelta(minutes=_number(env, "SALA_SESSION_LONGEST_MINUTES", 720, 1, 10080)),
        password_rounds=_number(env, "SALA_PASSWORD_ROUNDS", 600_000, 1 if kind == TEST else 600_000, 10_000_000),
        workers=_number(env, "SALA_WORKERS", 2, 1, 256),
    )


def flask_config(settings: Settings) -> dict[str, object]:
    """The settings in the words of Flask and its extensions."""
    return {
        "SALA": settings,
        "TESTING": settings.env == TEST,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "sala",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": (settings.max_upload_mb + 1) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "WTF_CSRF_TIME_LIMIT": None,  # As long as the browser's session: a long form must still save.
        "WTF_CSRF_SSL_STRICT": False,  # Behind a proxy the referrer check is the proxy's business; SameSite holds.
        # Doors that must not tell who has an account answer at whole steps of this.
        "EVEN_SECONDS": 0 if settings.env == TEST else 0.5,
        "BABEL_DEFAULT_LOCALE": "th",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Bangkok",
        "LANGUAGES": {"th": {"flag": "th", "name": "ไทย"}, "en": {"flag": "gb", "name": "English"}},
        "APP_NAME": "ศาลา",
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_API_KEY_ENABLED": False,
        "FAB_SECURITY_SIGNALS_ENABLED": False,
        "FAB_SAFE_REDIRECT_HOSTS": [urlsplit(settings.base_url).netloc],
        "FAB_BASE_TEMPLATE": "core/base.html",
        "RATELIMIT_ENABLED": False,  # Limits are our own: shared by processes with or without Redis.
    }


def _engine_options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}, "hide_parameters": True}
    return {
        # What people typed stays out of errors, and so out of the log.
        "hide_parameters": True,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 4,
        "connect_args": {"connect_timeout": 4},
    }
