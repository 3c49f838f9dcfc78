from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only, hash-chained record of what was done."""

    name = "seatkeeper.kit.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
