from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """Documents, lines, numbers."""

    name = "seatkeeper.domain.invoicing"
    label = "invoicing"
    default_auto_field = "django.db.models.BigAutoField"
