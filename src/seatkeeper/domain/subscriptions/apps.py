from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """Subscriptions, the commands on them and the billing run."""

    name = "seatkeeper.domain.subscriptions"
    label = "subscriptions"
    default_auto_field = "django.db.models.BigAutoField"
