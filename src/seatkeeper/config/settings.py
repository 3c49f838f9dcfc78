"""Settings: from the environment, else from one file (seatkeeper.toml in the data folder), else a working default.

SEATKEEPER_HOME is the data folder (default: var below the working folder); DATABASE_URL the database.
A generated secret is kept beside the database, readable by its owner only.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from seatkeeper.config.assets import fingerprint
from seatkeeper.config.environment import Environment
from seatkeeper.config.logs import logging_as

ENVIRONMENT = Environment.read()
HOME: Path = ENVIRONMENT.home

LOGGING = logging_as(ENVIRONMENT.value("log_format", "lines"))
"""SEATKEEPER_LOG_FORMAT: lines for people, or json for machines (docs/operating/logs.md)."""
METRICS_TOKEN = ENVIRONMENT.value("metrics_token")
"""SEATKEEPER_METRICS_TOKEN: the bearer token of whoever reads /metrics; without one the address is not there."""
SECRET_KEY = ENVIRONMENT.secret()
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.hosts()
DATABASES = {"default": ENVIRONMENT.database()}
PG_PROGRAMS = ENVIRONMENT.value("pg_programs")
"""SEATKEEPER_PG_PROGRAMS: the folder of pg_dump, pg_restore and psql, where those on the path are not right."""
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
USE_I18N = True
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "seatkeeper.config.urls"
WSGI_APPLICATION = "seatkeeper.config.wsgi.application"

GATEWAYS = {
    "sandbox": "seatkeeper.adapters.gateways.sandbox.gateway.SandboxGateway",
    "stripe": "seatkeeper.adapters.gateways.stripe.gateway.StripeGateway",
}
"""Port to adapter, by dotted path: the payment gateways by name. A method is charged by the one that it came from."""
METHOD_PAGES = {
    "sandbox": "seatkeeper.adapters.gateways.sandbox.pages.SandboxPages",
    "stripe": "seatkeeper.adapters.gateways.stripe.pages.StripePages",
}
"""The gateways' own pages, on which people enter a card or an account number that never comes here."""
CALL_BACKS = {
    "stripe": "seatkeeper.adapters.gateways.stripe.calls.StripeCalls",
}
"""The gateways that call by themselves, at /hooks/ and their name."""
STRIPE_API = ENVIRONMENT.value("stripe_api")
"""SEATKEEPER_STRIPE_API: Stripe's address; only tests and stand-ins need another one than Stripe's own."""
METHOD_PAGE_ORIGINS = {"stripe": ENVIRONMENT.value("stripe_pages", "https://checkout.stripe.com")}
"""SEATKEEPER_STRIPE_PAGES: where Stripe's own page for new cards is; a form may send the browser there."""
METHOD_GATEWAYS = ENVIRONMENT.choice("gateways", {"card": "sandbox", "direct_debit": "sandbox"}, METHOD_PAGES)
"""SEATKEEPER_GATEWAYS: card=stripe,direct_debit=stripe: the gateway of new payment methods, by kind."""

DOCUMENTS = {
    "pdf": "seatkeeper.adapters.pdf.printer.TypstPrinter",
    "ubl": "seatkeeper.adapters.einvoice.ubl.Ubl",
    "cii": "seatkeeper.adapters.einvoice.cii.Cii",
}
"""Who puts documents on paper and into electronic form."""
FONTS = ENVIRONMENT.value("fonts")
"""SEATKEEPER_FONTS: a folder with further fonts for documents, for scripts that the shipped one cannot show."""
RATES_URL = ENVIRONMENT.value("rates_url")
"""SEATKEEPER_RATES_URL: where `seatkeeper rates fetch` finds the rates published last; nothing is asked without it."""
EXCHANGE_RATES = "seatkeeper.adapters.rates.shipped.ShippedRates"
"""Who knows the exchange rates that come along."""
MAIL = ENVIRONMENT.mail()
"""SEATKEEPER_EMAIL_URL: smtp://user:password@host:587/?starttls=1, smtps://..., or file:///folder."""
MAIL_FROM = ENVIRONMENT.value("email_from", "Seatkeeper <billing@localhost>")
"""SEATKEEPER_EMAIL_FROM: the address that mail comes from; the seller's name is put before it."""
PUBLIC_ADDRESS = ENVIRONMENT.value("address", "http://localhost:8787").rstrip("/")
"""SEATKEEPER_ADDRESS: where people reach this installation; links in mail begin with it."""
# Sign-in mail is sent at once, by Django; it goes the same way as all other mail.
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if MAIL.folder else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = MAIL.folder
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.security == "starttls", MAIL.security == "tls"
EMAIL_TIMEOUT = MAIL.timeout_seconds
DEFAULT_FROM_EMAIL = MAIL_FROM
CARRIERS = {
    "smtp": "seatkeeper.adapters.mail.smtp.SmtpCarrier",
    "file": "seatkeeper.adapters.mail.files.FileCarrier",
}
"""Port to adapter, by dotted path: what hands mail over."""

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
    "seatkeeper.adapters.gateways.stripe",
    "seatkeeper.interfaces.web",
    "seatkeeper.interfaces.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
SILENCED_SYSTEM_CHECKS = ["models.W042"]

HAS_QUEUE = DATABASES["default"]["ENGINE"].endswith("postgresql")
"""On PostgreSQL `seatkeeper worker` does what is due, on as many machines as wanted; on SQLite `serve` does."""
if HAS_QUEUE:
    INSTALLED_APPS.insert(0, "procrastinate.contrib.django")
WORKER_PATIENCE_SECONDS = int(ENVIRONMENT.value("worker_patience", "60"))
"""SEATKEEPER_WORKER_PATIENCE: a worker that held a transaction open for so long without a word is taken for frozen."""
WORKER_BATCH = int(ENVIRONMENT.value("worker_batch", "500"))
"""SEATKEEPER_WORKER_BATCH: so many accounts a worker takes at a time, and writes in one transaction."""
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["seatkeeper.interfaces.jobs.tasks"]

# ---- the web -------------------------------------------------------------------------------------------------------

HTTPS = ENVIRONMENT.value("https").lower() in ("1", "yes", "true", "on")
"""SEATKEEPER_HTTPS: people reach this installation by HTTPS, be it through a proxy (that sets X-Forwarded-Proto)."""

MIDDLEWARE = [
    "seatkeeper.interfaces.web.tracing.TracingMiddleware",
    "seatkeeper.interfaces.web.probes.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "seatkeeper.interfaces.web.assets.AssetsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "seatkeeper.interfaces.web.session.ReaderMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "seatkeeper.interfaces.web.context.frame",
                "seatkeeper.interfaces.portal.banner.banner",
            ]
        },
    }
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Served straight from the packages, so that a fresh clone needs no collecting; the address changes with the files.
STATIC_URL = f"/static/{fingerprint()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 365 * 24 * 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# A __Host- cookie is bound to this host and to HTTPS by the browser itself.
PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{PREFIX}session"
CSRF_COOKIE_NAME = f"{PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{PREFIX}language"
THEME_COOKIE_NAME = f"{PREFIX}theme"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

# ---- signing in ----------------------------------------------------------------------------------------------------

LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"seatkeeper.interfaces.web.passwords.{name}"}
    for name in ("UnlikeThePerson", "LongEnough", "Uncommon", "NotDigitsOnly")
]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "identity_attempts"}
}
"""Only the counts of attempts to sign in are kept there: in the database, as every process must see them."""
ACCOUNT_FORMS = {
    name: f"seatkeeper.interfaces.web.signing_forms.{form}"
    for name, form in (
        ("login", "SignIn"), ("reset_password", "Forgotten"), ("reset_password_from_key", "NewPassword"),
        ("set_password", "FirstPassword"), ("change_password", "ChangedPassword"),
        ("reauthenticate", "ConfirmByPassword"),
    )
}  # fmt: skip
MFA_FORMS = {
    name: f"seatkeeper.interfaces.web.signing_forms.{form}"
    for name, form in (
        ("authenticate", "SecondStep"), ("reauthenticate", "ConfirmByCode"), ("activate_totp", "TurnOnApp"),
        ("add_webauthn", "AddPasskey"), ("edit_webauthn", "RenamePasskey"), ("login_webauthn", "SignInByPasskey"),
        ("authenticate_webauthn", "SecondStepByPasskey"), ("reauthenticate_webauthn", "ConfirmByPasskey"),
    )
}  # fmt: skip
ACCOUNT_ADAPTER = "seatkeeper.interfaces.web.signing.PeopleAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "seatkeeper.interfaces.web.signing.PasswordLinks"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_TIMEOUT = 30 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
MFA_ADAPTER = "seatkeeper.interfaces.web.signing.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
"""Passkeys on a laptop without HTTPS: browsers allow them on localhost only."""
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
