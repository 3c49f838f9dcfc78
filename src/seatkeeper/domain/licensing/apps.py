from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Pools and assignments."""

    name = "seatkeeper.domain.licensing"
    label = "licensing"
    default_auto_field = "django.db.models.BigAutoField"
