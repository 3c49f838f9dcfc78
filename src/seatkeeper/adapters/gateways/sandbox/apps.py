from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """The sandbox gateway's own books, as a payment provider would keep them."""

    name = "seatkeeper.adapters.gateways.sandbox"
    label = "sandbox"
    default_auto_field = "django.db.models.BigAutoField"
