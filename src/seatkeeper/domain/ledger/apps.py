from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Double-entry postings."""

    name = "seatkeeper.domain.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
