from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payment methods, attempts, receipts of money."""

    name = "seatkeeper.domain.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
