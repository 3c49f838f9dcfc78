"""Addresses that payment gateways call."""

from __future__ import annotations

from django.urls import path

from seatkeeper.interfaces.hooks import views

urlpatterns = [path("hooks/<slug:gateway>", views.called)]
