"""The web application as a server starts it: seatkeeper.config.wsgi:application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatkeeper.config.settings")

application = get_wsgi_application()
