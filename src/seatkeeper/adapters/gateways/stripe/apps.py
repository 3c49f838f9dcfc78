from django.apps import AppConfig


class StripeConfig(AppConfig):
    """Which of Stripe's objects belongs to which charge, organisation and visit."""

    name = "seatkeeper.adapters.gateways.stripe"
    label = "stripe"
    default_auto_field = "django.db.models.BigAutoField"
