"""What only the portal's templates ask."""

from __future__ import annotations

from django import template

from seatkeeper.interfaces.portal.sheets.renewing import cancel_now_possible
from seatkeeper.interfaces.portal.timeline_words import event_text, life_sentence

register = template.Library()

register.filter("cancel_now", cancel_now_possible)
register.filter("life_sentence", life_sentence)
register.filter("event_text", event_text)
