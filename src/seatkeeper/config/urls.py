"""Addresses of the web doors."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("seatkeeper.interfaces.hooks.urls")),
    path("", include("seatkeeper.interfaces.portal.urls")),
]
handler500 = "seatkeeper.interfaces.web.errors.failed"
