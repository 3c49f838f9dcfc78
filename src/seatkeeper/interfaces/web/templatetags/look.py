"""What templates use to format and draw: money, dates, sentences, icons, badges, licence bars."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.licensing.rows import PoolRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.rows import Milestone, OfferRow
from seatkeeper.interfaces.web import formatting, words
from seatkeeper.interfaces.web.refusals import DECLINES
from seatkeeper.interfaces.web.text import plain, say

register = template.Library()

register.filter("money", formatting.money)
register.filter("price", formatting.price)
register.filter("number", formatting.number)


@register.filter
def summary(offer: OfferRow) -> str:
    """What a product is, in the reader's language where the seller wrote it."""
    return (offer.summary_nl if get_language() == "nl" else "") or offer.summary


@register.simple_tag(name="say")
def say_tag(sentence: str, link: str | None = None, link2: str | None = None, **values: object) -> SafeString:
    """A sentence of the catalogue with its values and up to two links."""
    return say(sentence, link, link2, **values)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 20, variant: str = "regular") -> SafeString:
    """An icon of the sprite, hidden from screen readers; words stand beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}-{0}-{3}"></use></svg>',
        size,
        static("seatkeeper/icons/sprite.svg"),
        name,
        variant,
    )


def _badge(mark: words.Mark, reason: str = "") -> SafeString:
    return _drawn_badge(mark, words.gettext(mark.words) + (f", {reason}" if reason else ""))


@lru_cache(maxsize=512)
def _drawn_badge(mark: words.Mark, text: str) -> SafeString:
    return format_html('<span class="badge is-{}">{}{}</span>', mark.role, icon(mark.icon, 16, "filled"), text)


@register.simple_tag
def badge(code: str, reason: str | None = None) -> SafeString:
    """The badge of a subscription's status or fact; disabled and deleted name their reason."""
    return _badge(words.STATUS[code], words.word(words.REASON, reason) if reason else "")


@register.simple_tag
def invoice_badge(code: str) -> SafeString:
    """The badge of an invoice's status."""
    return _badge(words.INVOICE_STATUS[code])


@register.simple_tag
def method_badge(code: str) -> SafeString:
    """The badge of what a payment method is for the organisation: default or backup."""
    return _badge(words.METHOD_BADGES[code])


@register.simple_tag
def request_badge(code: str) -> SafeString:
    """The badge of a request's status."""
    return _badge(words.REQUEST_STATUS[code])


@register.simple_tag
def milestone(found: Milestone | None) -> SafeString | str:
    """The renewal line: renewing and expiring differ in word, icon, weight and colour."""
    if found is None:
        return ""
    sentence, mark, ending = words.MILESTONE[found.kind]
    return format_html(
        '<span class="milestone{}">{}<span>{}</span></span>',
        " is-ending" if ending else "",
        icon(mark, 16),
        say(sentence, d=date_tag(found.on)),
    )


@lru_cache(maxsize=4096)
def _time(machine: str, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.filter("date_long")
def date_tag(on: date | None) -> SafeString | str:
    """15 March 2026, as a `time` element."""
    return _time(on.isoformat(), formatting.long_date(on)) if on else ""


@register.filter("date_short")
def short_date_tag(on: date | None) -> SafeString | str:
    """15 Mar 2026, as a `time` element."""
    return _time(on.isoformat(), formatting.short_date(on)) if on else ""


@register.filter("day_month")
def day_month_tag(on: date, today: date | None = None) -> SafeString:
    """15 Mar, as a `time` element; with the year where it differs from today's."""
    return _time(on.isoformat(), formatting.day_month(on, today))


@register.filter("last_day")
def last_day_filter(end: date | None) -> date | None:
    """The last day of a span whose end is exclusive."""
    return formatting.last_day(end) if end else None


@register.simple_tag
def instant(at: datetime, timezone: str) -> SafeString:
    """22 March 2026, 14:05, as a `time` element."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), formatting.instant(at, timezone))


@register.simple_tag
def instant_short(at: datetime, timezone: str) -> SafeString:
    """22 Mar 2026, 14:05, as a `time` element."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), formatting.short_instant(at, timezone))


@register.filter("word")
def word_filter(code: str, table: str) -> str:
    """The word of a code: {{ row.recurring|word:"RECURRING" }}."""
    return words.word(getattr(words, table), code)


@register.filter("plan_words")
def plan_words(plan: PlanRow) -> str:
    """1 year, paid monthly."""
    return words.term_and_payment(plan)


@register.filter("policy_word")
def policy_word(plan: PlanRow) -> str:
    """flexible or committed."""
    return words.policy_word(plan)


@register.filter("unit_price")
def unit_price(plan: PlanRow, seats: int) -> str:
    """€12.50 per licence per month."""
    return words.unit_price(plan, seats)


@register.filter
def lookup(mapping: dict[str, object], key: str) -> object:
    """A value of a mapping by key; nothing where it has none."""
    return mapping.get(key, "")


def pool_text(pool: PoolRow) -> str:
    """98 of 120 assigned, 22 available; 10 of 10 assigned, 4 suspended."""
    if pool.suspended:
        return plain("{a} of {b} assigned, {s} suspended", a=pool.assigned, b=pool.bought, s=pool.suspended)
    return plain("{a} of {b} assigned, {c} available", a=pool.assigned, b=pool.bought, c=pool.available)


register.filter("pool_text", pool_text)


@register.simple_tag
def licence_bar(pool: PoolRow, width: int = 64) -> SafeString:
    """The bar of bought, assigned and suspended licences; the text beside it is the information."""
    return _bar(pool.bought, pool.assigned, pool.suspended, width)


@lru_cache(maxsize=4096)
def _bar(bought: int, assigned: int, suspended: int, width: int) -> SafeString:
    whole = max(bought + suspended, assigned, 1)
    end = round(width * bought / whole)
    full = round(width * min(assigned, bought) / whole)
    parts = [("track", 0, end), ("assigned", 0, full)]
    if assigned and not full:
        parts[1] = ("assigned", 0, 1)
    drawn = format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="8" rx="2"></rect>', parts)
    beyond = (
        format_html('<rect fill="url(#hatch)" x="{}" y="0" width="{}" height="8"></rect>', end, width - end)
        if suspended
        else ""
    )
    return format_html(
        '<svg class="licence-bar" width="{0}" height="8" viewBox="0 0 {0} 8" aria-hidden="true">{1}{2}'
        '<rect class="tick" x="{3}" y="0" width="2" height="8"></rect></svg>',
        width,
        drawn,
        beyond,
        max(end - 2, 0),
    )


@register.simple_tag(takes_context=True)
def preference(context: dict[str, object], name: str, value: str) -> str:
    """The address that sets a display choice and comes back to this page."""
    request = context.get("request")
    path = request.get_full_path() if request else "/"  # type: ignore[attr-defined]
    return f"/preferences/{name}/{value}?next={quote(path)}"


@register.filter("make_list_words")
def make_list_words(text: str) -> list[str]:
    """The words of a text, to loop over codes."""
    return text.split()


@register.filter("unit_price_only")
def unit_price_only(plan: PlanRow, seats: int) -> str:
    """€12.50 per month: what a licence costs per billing period."""
    return words.unit_price(plan, seats)


@register.filter("plan_full")
def plan_full(plan: PlanRow) -> str:
    """Business Basic, 1 month, paid monthly."""
    return f"{plan.product_name}, {words.term_and_payment(plan)}"


register.filter("plain_date", formatting.long_date)
register.filter("month_year", formatting.month_year)


@register.filter("method_words")
def method_words(method: MethodRow | None) -> str:
    """A payment method in a few words."""
    return words.method(method)


register.filter("method_short", words.method_short)
register.filter("price_amount", words.price_amount)
register.filter("tiers", words.tiers)
register.filter("country", formatting.country)
register.filter("span_text", formatting.span)
register.filter("instant_text", formatting.instant)


@register.filter
def minus(value: int, other: int) -> int:
    """What is left of a count."""
    return value - other


@register.filter
def negative(minor: int) -> int:
    """An amount that is taken off."""
    return -minor


@register.filter
def names(pairs: tuple[tuple[str, str], ...]) -> str:
    """The names of (id, name) pairs in a sentence."""
    return formatting.join([name for _, name in pairs])


@register.filter
def decline(reason: str) -> str:
    """Why a payment was declined."""
    return words.gettext(DECLINES.get(reason, reason))
