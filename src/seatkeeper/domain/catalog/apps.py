from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products, plans and dated prices."""

    name = "seatkeeper.domain.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
