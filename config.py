"""Settings, read from the environment. One class per environment; nothing else reads the environment."""

import os
import secrets
import socket
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parent
SHORTEST_SECRET = 32
FEWEST_LETTERS = 8


def _setting(name: str, default: str = "") -> str:
    return os.environ.get(f"GDT_{name}", default)


def _is_on(name: str, default: str = "off") -> bool:
    return _setting(name, default).lower() in {"on", "yes", "true", "1"}


def _kept_secret(path: Path) -> str:
    """A key made on first run and kept: a newcomer needs no settings, sessions survive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()


class Config:
    """What every environment shares; `Config()` reads the environment at that moment."""

    def __init__(self) -> None:
        self.DATA_DIR = Path(_setting("DATA_DIR", str(ROOT / "var"))).resolve()
        self.DATA_DIR.mkdir(parents=True, exist_ok=True)
        self.PRODUCTION = _is_on("PRODUCTION")
        self.SECRET_KEY = self._secret_key()
        self._read_databases()
        self.DOCUMENTS_URL = _setting("DOCUMENTS_URL", (self.DATA_DIR / "documents").as_uri())
        self._read_keys()
        self.BASE_URL = _setting("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        self.FONTS_DIR = _setting("FONTS_DIR") or None
        self.JOBS_HERE = _setting("JOBS", "web") == "web"
        self.SIGNATORIES = _names_and_titles(_setting("SIGNATORIES", "GDT Network, Programme office"))
        self.APPROVAL_OVER = int(_setting("APPROVAL_OVER", "500"))
        self.PRESSES = int(_setting("PRESSES")) if _setting("PRESSES") else None
        # A command does its long work itself; a server queues it.
        self.IS_COMMAND = bool(os.environ.get("FLASK_RUN_FROM_CLI"))
        self.JOBS_MODE = "here" if self.IS_COMMAND else "queue"
        self.EXECUTOR_ID = _setting("EXECUTOR_ID") or socket.gethostname()
        self.DEMO_PASSWORD = _setting("DEMO_PASSWORD") or None
        self.TRUSTED_HOSTS = _setting("TRUSTED_HOSTS").split() or None
        self.BABEL_DEFAULT_LOCALE = "en"
        self.BOOTSTRAP_SERVE_LOCAL = True
        self._guard_requests()
        self._guard_sign_ins()
        self._read_mail()
        self._read_reminders()
        self._read_operation()

    def _read_databases(self) -> None:
        own = f"sqlite:///{self.DATA_DIR / 'gdt.db'}"
        self.SQLALCHEMY_DATABASE_URI = _database_url(_setting("DATABASE_URL", own))
        self.DATABASE_OWNER_URL = _database_url(_setting("DATABASE_OWNER_URL")) or None

    def _read_reminders(self) -> None:
        self.EXPIRY_REMINDERS = _days_before("EXPIRY_REMINDERS", "90 30 7")
        self.REPORT_REMINDERS = _days_before("REPORT_REMINDERS", "14 3")

    def _read_operation(self) -> None:
        self.LOG = _setting("LOG", "plain")
        self.METRICS_ALLOW = _setting("METRICS_ALLOW").split()
        self.METRICS_TOKEN = _setting("METRICS_TOKEN") or None
        if self.PRODUCTION:
            self._refuse_unsafe()

    def _refuse_unsafe(self) -> None:
        """End the process with a sentence for each setting that is not fit for real people's data."""
        words = {
            "GDT_SECRET_KEY is too short or too well known: make one with `openssl rand -hex 32`.": (
                len(self.SECRET_KEY) < SHORTEST_SECRET or len(set(self.SECRET_KEY)) < FEWEST_LETTERS
            ),
            "Take GDT_DEMO_PASSWORD away: production has no demo accounts.": self.DEMO_PASSWORD is not None,
            "Set GDT_TRUSTED_HOSTS to the host names people use, such as gdt.example.org.": (
                self.TRUSTED_HOSTS is None
            ),
            "Set GDT_BASE_URL to an address with https://: sign-ins must not travel in the clear.": (
                not self.BASE_URL.startswith("https://")
            ),
            "Take GDT_SECOND_FACTOR=off away: who issues certificates must not hang on one password.": (
                not self.SECOND_FACTOR
            ),
            "GDT_METRICS_TOKEN is too short: make one with `openssl rand -hex 32`.": (
                self.METRICS_TOKEN is not None and len(self.METRICS_TOKEN) < SHORTEST_SECRET
            ),
        }
        if sentences := [sentence for sentence, is_wrong in words.items() if is_wrong]:
            raise SystemExit("\n".join(sentences))

    def _read_keys(self) -> None:
        self.SIGNING_KEY = _setting("SIGNING_KEY") or None
        self.SIGNING_KEY_PASSWORD_FILE = _setting("SIGNING_KEY_PASSWORD_FILE") or None
        self.BADGE_KEY = _setting("BADGE_KEY") or None
        self.TIMESTAMP_URL = _setting("TIMESTAMP_URL") or None
        self.TIMESTAMP_USER = _setting("TIMESTAMP_USER") or None
        self.TIMESTAMP_PASSWORD_FILE = _setting("TIMESTAMP_PASSWORD_FILE") or None
        self.VALIDATION_ROOTS = _setting("VALIDATION_ROOTS") or None
        self.SIGNATURE_LEVEL = _setting("SIGNATURE_LEVEL", "B-T" if self.TIMESTAMP_URL else "B-B").upper()

    def _guard_requests(self) -> None:
        self.TRUSTED_PROXIES = int(_setting("TRUSTED_PROXIES", "0"))
        self.RATELIMIT_STORAGE_URI = _setting("RATELIMIT_STORAGE_URL") or self._shared_counters()
        self.RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
        self.RATELIMIT_ENABLED = True
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_SECURE = self.BASE_URL.startswith("https://")
        self.MAX_CONTENT_LENGTH = 12 * 1024 * 1024
        self.MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
        self.MAX_FORM_PARTS = 20_000
        self.PASSWORD_MEMORY_KIB = 19_456

    def _guard_sign_ins(self) -> None:
        self.SECOND_FACTOR = _is_on("SECOND_FACTOR", "on" if self.PRODUCTION else "off")
        self.SESSION_IDLE = timedelta(hours=float(_setting("SESSION_IDLE_HOURS", "8")))
        self.SESSION_LONGEST = timedelta(days=float(_setting("SESSION_LONGEST_DAYS", "7")))

    def _shared_counters(self) -> str:
        """Where all processes count together: in PostgreSQL, or in a small file beside SQLite's."""
        database = self.SQLALCHEMY_DATABASE_URI
        if database.startswith("sqlite"):
            return f"counters+sqlite:///{self.DATA_DIR / 'throttles.db'}"
        return f"counters+{database}"

    def _secret_key(self) -> str:
        key = _setting("SECRET_KEY")
        if key:
            return key
        if self.PRODUCTION:
            message = "Set GDT_SECRET_KEY: production does not make its own."
            raise SystemExit(message)
        return _kept_secret(self.DATA_DIR / "secret-key")

    def _read_mail(self) -> None:
        self.MAIL_SERVER = _setting("MAIL_SERVER")
        self.MAIL_PORT = int(_setting("MAIL_PORT", "25"))
        self.MAIL_USE_TLS = _is_on("MAIL_TLS")
        self.MAIL_USERNAME = _setting("MAIL_USERNAME") or None
        self.MAIL_PASSWORD = _setting("MAIL_PASSWORD") or None
        self.MAIL_DEFAULT_SENDER = _setting("MAIL_SENDER", "GDT Network <gdt@gdt.example>")
        self.MAIL_BACKEND = "smtp" if self.MAIL_SERVER else "file"
        self.MAIL_FILE_PATH = str(self.DATA_DIR / "mail")
        self.MAIL_TIMEOUT = 60
        self.MAIL_PER_MINUTE = int(_setting("MAIL_PER_MINUTE", "0"))


def _names_and_titles(text: str) -> list[tuple[str, str]]:
    """Who signs certificates: `Lin Meihua, Programme Director; Ahmad Faizal, Dean`."""
    people = [person.partition(",") for person in text.split(";") if person.strip()]
    return [(name.strip(), title.strip()) for name, _comma, title in people]


def _days_before(name: str, default: str) -> tuple[int, ...]:
    """When to remind of an end: `90 30 7` days before it; nothing for never."""
    text = _setting(name, default)
    days = sorted({int(word) for word in text.replace(",", " ").split() if word.isdecimal()}, reverse=True)
    if len(days) != len(text.replace(",", " ").split()) or 0 in days:
        message = f"GDT_{name} holds numbers of days, such as {default}."
        raise SystemExit(message)
    return tuple(days)


def _database_url(url: str) -> str:
    """The address with our PostgreSQL driver named, whichever way the operator wrote it."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


class TestConfig(Config):
    """Cheap passwords, no throttles: what the suite changes, and nothing else."""

    def __init__(self, *, data_dir: Path, database_url: str) -> None:
        super().__init__()
        self.TESTING = True
        self.DATA_DIR = data_dir
        self.SQLALCHEMY_DATABASE_URI = _database_url(database_url)
        self.DATABASE_OWNER_URL = None
        self.DOCUMENTS_URL = (data_dir / "documents").as_uri()
        self.SECRET_KEY = "for-tests-only"
        self.PASSWORD_MEMORY_KIB = 64
        self.RATELIMIT_STORAGE_URI = self._shared_counters()
        self.RATELIMIT_ENABLED = False
        self.JOBS_MODE = "here"
        self.PRESSES = 0
        self.SECOND_FACTOR = False
        self.MAIL_BACKEND = "locmem"
