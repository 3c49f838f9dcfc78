"""Help: one page for each function, in each language its own template."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.views.frame import not_there, sees

TOPICS = {
    "licences": (N_("Licences: add, reduce, assign"), "licences", N_("Change licences")),
    "status": (N_("Status and reactivating"), "reactivate", N_("Reactivate")),
    "renewal": (N_("Renewal and recurring billing"), "recurring-billing", N_("Edit recurring billing")),
    "payment": (N_("Payment method"), "payment-method", N_("Change payment method")),
    "frequency": (N_("How often you pay"), "change-frequency", N_("Change frequency")),
    "cancelling": (N_("Cancelling"), "cancel", N_("Cancel subscription")),
    "buying": (N_("Buying more"), "", N_("Purchase services")),
}


@sees("subscription.see")
def index(request: HttpRequest) -> HttpResponse:
    """The list of topics."""
    return render(request, "portal/help/index.html", {"topics": [(slug, one[0]) for slug, one in TOPICS.items()]})


@sees("subscription.see")
def page(request: HttpRequest, topic: str) -> HttpResponse:
    """One topic, with the dates of the subscription that the reader came from."""
    if topic not in TOPICS:
        return not_there(request)
    title, slug, button = TOPICS[topic]
    reference = request.GET.get("from", "")
    found = calls.subscription(request, reference) if reference.startswith("S-") else None
    language = "nl" if (get_language() or "en").startswith("nl") else "en"
    context = {
        "title": title,
        "button": button,
        "body": [f"portal/help/{topic}.{language}.html", f"portal/help/{topic}.en.html", "portal/help/_none.html"],
        "page": found,
        "row": found.row if found else None,
        "address": f"/products/{found.row.reference}/{slug}" if found and slug else "/products" if slug else "/buy",
        "topics": [(one, words[0], one == topic) for one, words in TOPICS.items()],
    }
    return render(request, "portal/help/page.html", context)
