"""What only the pages of an order ask: the seller's words in the reader's language, steps of a price."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from seatkeeper.core.catalog.prices import GRADUATED, VOLUME
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.rows import OfferRow
from seatkeeper.interfaces.web import formatting, words

register = template.Library()


@register.filter
def features(offer: OfferRow) -> tuple[str, ...]:
    """What a product does, in the reader's language where the seller wrote it."""
    return (offer.features_nl if get_language() == "nl" else ()) or offer.features


@register.filter
def requirements(offer: OfferRow) -> tuple[str, ...]:
    """What a product needs besides other products, in the reader's language where the seller wrote it."""
    return (offer.requirements_nl if get_language() == "nl" else ()) or offer.requirements


@register.filter
def steps(plan: PlanRow | None, seats: object) -> list[tuple[str, bool]]:
    """The steps of a price that has them, and which one so many licences reach."""
    if plan is None or plan.price is None or plan.price.model not in (VOLUME, GRADUATED):
        return []
    wanted = int(str(seats)) if str(seats).isascii() and str(seats).isdigit() else 0
    found, below, reached = [], 0, False
    for sentence, (up_to, _) in zip(words.tiers(plan), plan.price.tiers, strict=True):
        here = below < wanted and (up_to is None or wanted <= up_to)
        found.append((sentence, here and not reached))
        reached, below = reached or here, up_to or below
    return found


@register.filter
def offer_address(product: str) -> str:
    """The address of a product's page."""
    return f"/buy/{product}"


@register.filter
def joined(names: tuple[str, ...]) -> str:
    """A, B and C."""
    return formatting.join(list(names))
