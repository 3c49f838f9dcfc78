"""Settings: from the environment, else from one file (seatkeeper.toml in the data folder), else a working default.

SEATKEEPER_HOME is the data folder (default: var below the working folder); DATABASE_URL the database.
A generated secret is kept beside the database, readable by its owner only.
"""

from __future__ import annotations

from pathlib import Path

from seatkeeper.config.environment import Environment

ENVIRONMENT = Environment.read()
HOME: Path = ENVIRONMENT.home

SECRET_KEY = ENVIRONMENT.secret()
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.hosts()
DATABASES = {"default": ENVIRONMENT.database()}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
USE_I18N = True
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "seatkeeper.config.urls"
WSGI_APPLICATION = "seatkeeper.config.wsgi.application"

GATEWAYS = {
    "card": "seatkeeper.adapters.gateways.sandbox.gateway.SandboxGateway",
    "direct_debit": "seatkeeper.adapters.gateways.sandbox.gateway.SandboxGateway",
}
"""Port to adapter, by dotted path: which gateway charges which kind of payment method."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "seatkeeper.kit.journal",
    "seatkeeper.domain.identity",
    "seatkeeper.domain.accounts",
    "seatkeeper.domain.catalog",
    "seatkeeper.domain.ledger",
    "seatkeeper.domain.invoicing",
    "seatkeeper.domain.payments",
    "seatkeeper.domain.licensing",
    "seatkeeper.domain.subscriptions",
    "seatkeeper.adapters.gateways.sandbox",
]
SILENCED_SYSTEM_CHECKS = ["models.W042"]
