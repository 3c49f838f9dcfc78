from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Users, their roles, and how they sign in."""

    name = "seatkeeper.domain.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
