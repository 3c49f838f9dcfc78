"""Seatkeeper: sells, changes, renews and ends subscriptions by the seat, to the cent and the day."""

__version__ = "0.1.0"
