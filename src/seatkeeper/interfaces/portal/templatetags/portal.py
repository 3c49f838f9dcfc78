"""What only the portal's templates ask."""

from __future__ import annotations

from django import template

from seatkeeper.interfaces.portal.sheets.renewing import cancel_now_possible
from seatkeeper.interfaces.portal.timeline_words import event_text, life_sentence, limits_text

register = template.Library()

register.filter("cancel_now", cancel_now_possible)
register.filter("life_sentence", life_sentence)
register.filter("event_text", event_text)
register.filter("limits_text", limits_text)
