"""Which declines are hard: the charge is not tried again until the method changes (DOMAIN.md 9.5). One table."""

from __future__ import annotations

from typing import Final

HARD, SOFT = "hard", "soft"

DECLINES: Final[dict[str, str]] = {
    "declined": SOFT,
    "card_declined": SOFT,
    "insufficient_funds": SOFT,
    "lost": HARD,
    "stolen": HARD,
    "closed": HARD,
    "expired_card": HARD,
    "blocked": HARD,
    "authentication_required": SOFT,
    "limit_exceeded": SOFT,
    "try_later": SOFT,
    "amount_not_possible": SOFT,
    "refused_for_good": HARD,
    "mandate_ended": HARD,
    "cancelled": SOFT,
    "reversed": SOFT,
}
"""Reason of a gateway's answer: hard or soft."""


def is_hard(reason: str) -> bool:
    """Whether a reason is hard; one that is not known is soft, as trying once more does less harm than giving up."""
    return DECLINES.get(reason, SOFT) == HARD
