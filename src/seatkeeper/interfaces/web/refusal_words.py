"""The sentences of refusals that need more than their facts put in: links by case, several wordings of one code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import country, instant, join, long_date, money, month_year
from seatkeeper.interfaces.web.text import say

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Names:
    """How a sentence calls what the facts hold as ids. here: address of the subscription or product concerned."""

    products: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[int, str] = field(default_factory=dict)
    subscriptions: Mapping[int, str] = field(default_factory=dict)
    here: str = ""
    product_name: str = ""
    product_id: str = ""
    seller: str = ""
    timezone: str = "UTC"

    def product(self, facts: Facts, key: str = "product") -> str:
        """A product's name."""
        found = str(facts.get(key, "")) or self.product_id
        return self.products.get(found, self.product_name or found)

    def plan(self, facts: Facts) -> str:
        """A plan's name."""
        found = str(facts.get("plan", ""))
        return self.plans.get(found, found)

    def user(self, facts: Facts) -> str:
        """A user's name."""
        found = facts.get("user")
        return self.users.get(found, str(found)) if isinstance(found, int) else str(found)


def on_date(facts: Facts, key: str = "date") -> str:
    found = facts.get(key)
    return long_date(found) if isinstance(found, date) else ""


def sum_of(facts: Facts, key: str = "sum_minor") -> str:
    found = facts.get(key, 0)
    assert isinstance(found, int)
    return money(found, str(facts.get("currency", "EUR")))


def whole(facts: Facts, key: str) -> int:
    found = facts.get(key, 0)
    return found if isinstance(found, int) else 0


def credit_limit(facts: Facts, names: Names) -> SafeString:
    sentence = N_("With this, {sum} would be open on invoice; your limit is {limit}. [Pay {k} first] or [pay by card].")
    values = {"sum": sum_of(facts), "limit": sum_of(facts, "limit_minor"), "k": sum_of(facts, "first_minor")}
    return say(sentence, "/bills?show=open", f"{names.here}/payment-method" if names.here else None, **values)


def declined(facts: Facts, names: Names) -> SafeString:
    method = str(facts.get("label") or gettext("The payment method"))
    reason = DECLINES.get(str(facts.get("reason", "")), N_("no reason given"))
    return say(
        N_("{method} was declined for {sum}: {reason}. Nothing was changed or charged. [Use another method]"),
        f"{names.here}/payment-method" if names.here else None,
        method=method,
        sum=sum_of(facts),
        reason=gettext(reason),
    )


DECLINES = {
    "declined": N_("the bank refused the payment"),
    "card_declined": N_("the bank refused the payment"),
    "insufficient_funds": N_("not enough balance"),
    "lost": N_("the card is reported lost"),
    "stolen": N_("the card is reported stolen"),
    "closed": N_("the account is closed"),
    "expired_card": N_("the card has expired"),
    "blocked": N_("it was refused before and is not tried again"),
    "authentication_required": N_("the bank wants you to confirm it yourself"),
    "limit_exceeded": N_("it is more than the card or account may pay"),
    "try_later": N_("the bank could not answer"),
    "amount_not_possible": N_("this amount cannot be paid so"),
    "refused_for_good": N_("the bank refuses every payment with it"),
    "mandate_ended": N_("the mandate has ended"),
    "cancelled": N_("it was called off"),
    "reversed": N_("it was called off"),
    "nothing_taken": N_("nothing was taken by that payment"),
    "too_much": N_("it is more than is left of the payment"),
    "no_method": N_("there is no payment method"),
}


NO_BACKUP = {
    "default": N_("The default method is charged first anyway, so it cannot be the backup too."),
    "on_invoice": N_("What is paid on invoice is not charged at once, so it cannot be the backup."),
    "blocked": N_("This method was refused before and is not tried again, so it cannot be the backup."),
    "expired": N_("This card has expired, so it cannot be the backup."),
}


def no_backup(facts: Facts, names: Names) -> SafeString:
    """Why a method cannot be the backup."""
    return say(NO_BACKUP.get(str(facts.get("reason")), NO_BACKUP["default"]))


def no_reduction(facts: Facts, names: Names) -> SafeString:
    if facts.get("bookable") is False:
        return say(N_("Fewer licences are possible from {date}, when the term ends."), date=on_date(facts))
    if "plan" in facts:
        sentence = N_("A cheaper plan is possible from {date}. [Book it for {date}]; nothing is charged for that now.")
        address = f"{names.here}/change-plan?plan={facts['plan']}&when=renewal"
        return say(sentence, address if names.here else None, date=on_date(facts))
    sentence = N_("Fewer licences are possible from {date}. [Book {n} for {date}]; nothing is charged for that now.")
    address = f"{names.here}/licences?seats={whole(facts, 'n')}&when=renewal"
    return say(sentence, address if names.here else None, date=on_date(facts), n=whole(facts, "n"))


def too_late_to_cancel(facts: Facts, names: Names) -> SafeString:
    at = facts.get("instant")
    sentence = N_(
        "Cancelling at once was possible until {instant}. The subscription can end on {date}. [End on {date}]"
    )
    return say(
        sentence,
        f"{names.here}/cancel?when=end" if names.here else None,
        instant=instant(at, names.timezone) if isinstance(at, datetime) else "",
        date=on_date(facts),
    )


def too_many_assigned(facts: Facts, names: Names) -> SafeString:
    sentence = N_(
        "{a} licences are assigned, so {n} is too few. [Choose {k} to unassign], or [book {n} for the renewal]."
    )
    n, k = whole(facts, "n"), whole(facts, "k")
    return say(
        sentence,
        f"/licences/{facts.get('product', names.product_id)}?choose={k}",
        f"{names.here}/licences?seats={n}&when=renewal" if names.here else None,
        a=whole(facts, "a"),
        n=n,
        k=k,
    )


def not_active(facts: Facts, names: Names) -> SafeString:
    status = str(facts.get("status", ""))
    start = say(
        N_("Not possible while the subscription is {status}."),
        status=gettext(words.STATUS[status].words).lower() if status in words.STATUS else status,
    )
    if status == "scheduled" and facts.get("date"):
        return SafeString(f"{start} {say(N_('It starts on {date}.'), date=on_date(facts))}")
    if status in ("expired", "disabled"):
        address = f"{names.here}/reactivate" if names.here else None
        return SafeString(f"{start} {say(N_('[Reactivate it] first.'), address)}")
    return start


def balance_due(facts: Facts, names: Names) -> SafeString:
    invoices = [str(one) for one in facts.get("invoices", ())]  # type: ignore[attr-defined]
    sentence = N_(
        "{sum} of {invoices} is overdue. Buying, adding and reactivating are possible once it is paid; reducing, "
        "cancelling and assigning are possible now. [Pay {sum} now]"
    )
    address = f"/bills/{invoices[0]}/pay" if len(invoices) == 1 else "/bills/overdue/pay"
    return say(sentence, address, sum=sum_of(facts), invoices=join(invoices))


def trial_used(facts: Facts, names: Names) -> SafeString:
    on = facts.get("date")
    return say(
        N_("Your organisation had a trial of {product} in {month}. You can [buy it]."),
        f"/buy/{facts.get('product', names.product_id)}",
        product=names.product(facts),
        month=month_year(on) if isinstance(on, date) else "",
    )


def no_alignment(facts: Facts, names: Names) -> SafeString:
    other = names.subscriptions.get(whole(facts, "other"), "")
    if facts.get("why") == "ends_too_soon":
        sentence = N_(
            "Aligning with {other} is not possible: it ends too soon. Choose another, or buy without aligning."
        )
    else:
        sentence = N_(
            "Aligning with {other} is not possible: it does not renew. Choose another, or buy without aligning."
        )
    return say(sentence, other=other)


def other_interval(facts: Facts, names: Names) -> SafeString:
    freq = words.word(words.FREQUENCY, str(facts.get("freq", "P1M"))).lower()
    if facts.get("date") and "plan" in facts:
        sentence = N_(
            "Only possible with the same billing frequency ({freq}). Choose such a plan, or [book it for {date}]."
        )
        address = f"{names.here}/change-plan?plan={facts['plan']}&when=renewal"
        return say(sentence, address if names.here else None, freq=freq, date=on_date(facts))
    return say(
        N_(
            "Only possible with the same term and billing frequency ({freq}). Choose such a plan, or buy without "
            "aligning."
        ),
        freq=freq,
    )


def other_term(facts: Facts, names: Names) -> SafeString:
    sentence = N_(
        "Now only a plan with the same term ({term}) is possible. [Book it for {date}]; at renewal any plan is "
        "possible."
    )
    address = f"{names.here}/change-plan?plan={facts.get('plan', '')}&when=renewal"
    term = words.word(words.TERM, str(facts.get("term", "P1M")))
    return say(sentence, address if names.here else None, term=term, date=on_date(facts))


def wrong_vat_id(facts: Facts, names: Names) -> SafeString:
    where, example = country(str(facts.get("country", ""))), str(facts.get("example", ""))
    if not example:
        return say(N_("This is no VAT id of {country}: it has letters and digits only."), country=where)
    sentence = N_("This is no VAT id of {country}. Such an id looks like {example}.")
    return say(sentence, country=where, example=example)


def with_link(sentence: str, action: str) -> Callable[[Facts, Names], SafeString]:
    """A sentence with the subscription's page of that action behind its link."""
    return lambda facts, names: say(sentence, f"{names.here}/{action}" if names.here else None, date=on_date(facts))


def plain_words(sentence: str) -> Callable[[Facts, Names], SafeString]:
    """A sentence that needs no facts."""
    return lambda facts, names: say(sentence)
