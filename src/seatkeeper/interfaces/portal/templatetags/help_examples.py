"""What only the help pages ask: their worked examples, and the date that a subscription's row shows, in a sentence."""

from __future__ import annotations

from django import template

from seatkeeper.domain.subscriptions.rows import Milestone
from seatkeeper.interfaces.portal.help_examples import Example, example
from seatkeeper.interfaces.web import words

register = template.Library()


@register.simple_tag
def help_example(topic: str) -> Example:
    """The example of a help topic, with its amounts as the core decides them."""
    return example(topic)


@register.filter
def milestone_words(found: Milestone | None) -> str:
    """Renews on 1 April 2026, without the icon."""
    return words.milestone_text(found) if found is not None else ""
