from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sellers and buying organisations: names, tax facts, terms, balance."""

    name = "seatkeeper.domain.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
