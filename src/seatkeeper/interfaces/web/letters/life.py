"""Letters about the life of a subscription: ordered, renewing, ending, ended, suspended."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.licensing.pools import surplus_after
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import ACTIVE, DELETED, DISABLED, EXPIRED, OFF, TRIAL
from seatkeeper.domain.subscriptions.life import stages
from seatkeeper.domain.subscriptions.renewing import AS_IS, ASSIGNED, BOOKED, END, Choice, renewal_page
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date
from seatkeeper.interfaces.web.letters.sheet import Row, Scene, Sheet
from seatkeeper.interfaces.web.text import plain
from seatkeeper.kit.refs import reference

TITLES = {AS_IS: N_("As it is"), ASSIGNED: N_("Assigned users only"), END: N_("Let it end"), BOOKED: N_("As booked")}


def order(scene: Scene) -> Sheet | None:
    """What was ordered, what it costs and when it renews."""
    found = [scene.shelf.state.subscriptions.get(int(one)) for one in scene.facts["subscriptions"]]
    rows = [scene.row(one) for one in found if one is not None]
    if not rows:
        return None
    first = rows[0]
    values = {"no": first.reference, "n": first.seats, "product": first.name}
    shown: list[Row] = []
    for row in rows:
        what = plain(N_("{n:licence,licences}, {plan}"), n=row.seats, plan=words.term_and_payment(row.plan))
        shown.append((row.name, what))
        if row.next_invoice is not None:
            next_one = row.next_invoice
            shown.append((gettext("Next invoice"), plain(N_("{sum} on {d}"), sum=scene.sum(next_one.gross_minor),
                                                         d=long_date(next_one.on))))
        if row.milestone is not None:
            shown.append((gettext("Then"), words.milestone_text(row.milestone)))
    lead = plain(N_("Your order of {d} is done. Give the licences to users to let them begin."),
                 d=long_date(scene.told_on))
    if first.next_invoice is not None:
        lead = plain(N_("Your order of {d} is done; {sum} follows on {d2}. Give the licences to users to let them "
                        "begin."), d=long_date(scene.told_on), sum=scene.sum(first.next_invoice.gross_minor),
                     d2=long_date(first.next_invoice.on))
    return Sheet(plain(N_("Order {no}: {n} {product}"), **values), lead, tuple(shown), (),
                 plain(N_("Assign licences")), f"/licences/{first.product}")


def renewal(scene: Scene) -> Sheet | None:
    """The renewal, with the exact sum of every choice."""
    found = scene.subscription()
    if not _stands(scene, found, ACTIVE) or found is None or found.recurring == OFF:
        return None
    page = renewal_page(scene.shelf, found)
    if page is None or not page.choices:
        return None
    chosen = page.chosen
    sum_ = scene.sum(chosen.invoice.gross_minor) if chosen.invoice else scene.sum(0)
    values = {"product": page.row.name, "d": long_date(page.on), "sum": sum_}
    rows = tuple((_title(one), _cost(scene, one)) for one in page.choices)
    return Sheet(
        plain(N_("{product} renews on {d} for {sum}: your choices"), **values),
        plain(N_("If you do nothing, {product} renews on {d} for {sum}. You can choose otherwise until then."),
              **values),
        rows, (plain(N_("Each sum is the whole invoice of that day, VAT included, if nothing else changes.")),),
        plain(N_("Choose")), f"/products/{page.row.reference}/renewal",
    )


def _title(choice: Choice) -> str:
    if choice.kind in TITLES:
        return gettext(TITLES[choice.kind])
    found = words.term_and_payment(choice.plan)
    return found[:1].upper() + found[1:]


def _cost(scene: Scene, choice: Choice) -> str:
    if choice.kind == END or choice.invoice is None:
        if choice.access_until is None:
            return plain(N_("no invoice"))
        return plain(N_("no invoice; access until {d}"), d=long_date(choice.access_until))
    return plain(N_("{sum} for {n:licence,licences}"), sum=scene.sum(choice.invoice.gross_minor), n=choice.seats)


def _stands(scene: Scene, found: Subscription | None, status: str) -> bool:
    """Whether what the notice told of still lies ahead on the same day."""
    if found is None or found.status != status:
        return False
    on = scene.date("on")
    return on in (found.term_end, found.trial_end) and on >= scene.today


def expiring(scene: Scene) -> Sheet | None:
    """It ends, as somebody chose; it can go on."""
    found = scene.subscription()
    if found is None or found.recurring != OFF or not _stands(scene, found, found.status):
        return None
    row = scene.row(found)
    values = {"product": row.name, "d": long_date(scene.date("on"))}
    return Sheet(
        plain(N_("{product} expires on {d}"), **values),
        plain(N_("{product} expires on {d} and is not charged again. Turn recurring billing on to keep it."), **values),
        _dates(scene, found), _losing(scene, found), plain(N_("Turn on recurring billing")),
        f"/products/{row.reference}/recurring-billing?to=on",
    )


def trial_ending(scene: Scene) -> Sheet | None:
    """A trial that becomes paid."""
    found = scene.subscription()
    if not _stands(scene, found, TRIAL) or found is None or found.recurring == OFF:
        return None
    row = scene.row(found)
    if row.next_invoice is None:
        return None
    values = {"product": row.name, "d": long_date(row.next_invoice.on), "sum": scene.sum(row.next_invoice.gross_minor)}
    return Sheet(
        plain(N_("Your trial of {product} becomes paid on {d}: {sum}"), **values),
        plain(N_("{sum} is charged for {product} on {d}. Turn recurring billing off before then if you do not want "
                 "that."), **values),
        ((gettext("Licences"), str(row.seats)), (gettext("Plan"), words.term_and_payment(row.plan)),
         (gettext("Payment method"), words.method(row.method))),
        (), plain(N_("Edit recurring billing")), f"/products/{row.reference}/recurring-billing?to=off",
    )


def expired(scene: Scene) -> Sheet | None:
    """The days of grace began."""
    found = scene.subscription()
    if found is None or found.status != EXPIRED:
        return None
    spans = {one.kind: one for one in stages(scene.shelf, found)}
    until = spans["disabled"].start
    assert until is not None
    row = scene.row(found)
    values = {"product": row.name, "d": long_date(last_day(until))}
    return Sheet(
        plain(N_("{product} has expired, access until {d}"), **values),
        plain(N_("Users of {product} keep access until {d}. Reactivate before then and there is no gap."), **values),
        _dates(scene, found), _losing(scene, found), plain(N_("Reactivate")), f"/products/{row.reference}/reactivate",
    )


def disabled(scene: Scene) -> Sheet | None:
    """Access is gone, the data is kept until a date."""
    found = scene.subscription()
    if found is None or found.status != DISABLED:
        return None
    row = scene.row(found)
    assert row.milestone is not None
    values = {"product": row.name, "d": long_date(row.milestone.on)}
    return Sheet(
        plain(N_("{product} is disabled, data until {d}"), **values),
        plain(N_("Users of {product} have no access. Reactivate it or export its data by {d}."), **values),
        _dates(scene, found), (), plain(N_("Reactivate")), f"/products/{row.reference}/reactivate",
    )


def losing_access(scene: Scene) -> Sheet | None:
    """So many users lose access on a date."""
    found = scene.subscription()
    if found is None or found.status != EXPIRED or scene.date("on") <= scene.today:
        return None
    row = scene.row(found)
    n = _holders(scene, found)
    values = {"n": n, "product": row.name, "d": long_date(scene.date("on"))}
    if not n:
        return None
    return Sheet(
        plain(N_("{n:user loses,users lose} {product} on {d}"), **values),
        plain(N_("Reactivate {product} before {d}, or {n:user loses,users lose} access then."), **values),
        _dates(scene, found), (), plain(N_("Reactivate")), f"/products/{row.reference}/reactivate",
    )


def deletion(scene: Scene) -> Sheet | None:
    """The data goes on a date."""
    found = scene.subscription()
    if found is None or found.status != DISABLED or scene.date("on") <= scene.today:
        return None
    row = scene.row(found)
    values = {"product": row.name, "d": long_date(scene.date("on"))}
    return Sheet(
        plain(N_("The data of {product} is deleted on {d}"), **values),
        plain(N_("Reactivate {product} or export its data before {d}; after that nothing brings it back."), **values),
        (), (), plain(N_("Reactivate")), f"/products/{row.reference}/reactivate",
    )


def deleted(scene: Scene) -> Sheet | None:
    """The data is gone."""
    found = scene.subscription()
    if found is None or found.status != DELETED:
        return None
    row = scene.row(found)
    return Sheet(
        plain(N_("{product} was deleted"), product=row.name),
        plain(N_("The data of {product} was deleted on {d}. Your invoices stay; there is nothing you need to do."),
              product=row.name, d=long_date(scene.date("on"))),
        (), (), plain(N_("View the invoices")), "/bills",
    )


def cancelled(scene: Scene) -> Sheet | None:
    """What was cancelled, when it ends, until when data is kept, and how to take it back."""
    found = scene.subscription()
    if found is None:
        return None
    row = scene.row(found)
    if found.status in (ACTIVE, TRIAL):
        if found.recurring != OFF:
            return None
        end = found.term_end if found.status == ACTIVE else found.trial_end
    else:
        end = found.since
    assert end is not None
    values = {"product": row.name, "d": long_date(end)}
    back = found.status in (ACTIVE, TRIAL)
    return Sheet(
        plain(N_("Cancelled: {product}, ends {d}"), **values),
        plain(N_("{product} ends on {d} and is not charged again. There is nothing you need to do."), **values),
        ((gettext("Cancelled on"), long_date(scene.told_on)), *_dates(scene, found)), (),
        plain(N_("Turn on recurring billing") if back else N_("Reactivate")),
        f"/products/{row.reference}/" + ("recurring-billing?to=on" if back else "reactivate"),
    )


def _dates(scene: Scene, found: Subscription) -> tuple[Row, ...]:
    """The last days of access and of the data."""
    spans = {one.kind: one for one in stages(scene.shelf, found)}
    off = spans.get("disabled")
    if off is None:
        return ()
    rows = []
    if off.start is not None:
        rows.append((gettext("Access until"), long_date(last_day(off.start))))
    if off.end is not None:
        rows.append((gettext("Data until"), long_date(last_day(off.end))))
    return tuple(rows)


def _holders(scene: Scene, found: Subscription) -> int:
    """Users without a licence once this subscription's are gone."""
    state = scene.shelf.state
    return max(surplus_after(state, found, 0), 0) if found.product in state.pools else 0


def _losing(scene: Scene, found: Subscription) -> tuple[str, ...]:
    n = _holders(scene, found)
    return (plain(N_("{n:user loses,users lose} access when it ends."), n=n),) if n else ()


def suspended(scene: Scene) -> Sheet | None:
    """More licences were assigned than there are."""
    product = str(scene.facts["product"])
    pool = scene.shelf.state.pools.get(product)
    if pool is None or not pool.suspended:
        return None
    values = {"n": pool.suspended, "product": scene.product(product)}
    until = last_day(pool.remove_on) if pool.remove_on else scene.today
    return Sheet(
        plain(N_("{n:licence,licences} of {product} suspended"), **values),
        plain(N_("{n:user has,users have} no access to {product}. Add licences by {d} to give it back by itself."),
              d=long_date(until), **values),
        (), (), plain(N_("View the licences")), f"/licences/{product}",
    )


def suspended_removed(scene: Scene) -> Sheet | None:
    """Suspended licences were taken back for good."""
    product = str(scene.facts["product"])
    values = {"n": int(scene.facts["count"]), "product": scene.product(product)}
    return Sheet(
        plain(N_("{n:suspended licence,suspended licences} of {product} taken back"), **values),
        plain(N_("{n:suspended licence of,suspended licences of} {product} [n:was,were] taken back on {d}. Add "
                 "licences and assign them to give access again."), d=long_date(scene.told_on), **values),
        (), (), plain(N_("View the licences")), f"/licences/{product}",
    )


def will_suspend(scene: Scene) -> Sheet | None:
    """A booked reduction that will leave users without access."""
    found = scene.subscription()
    if found is None or found.booked_seats is None or scene.date("on") <= scene.today:
        return None
    values = {"n": int(scene.facts["count"]), "product": scene.product(found.product),
              "d": long_date(scene.date("on"))}
    return Sheet(
        plain(N_("{n:user loses,users lose} {product} on {d}"), **values),
        plain(N_("Your booked change leaves {n:user,users} without {product} on {d}. Choose whose licences to take "
                 "back, or undo it."), **values),
        ((gettext("Licences from then on"), str(found.booked_seats)),), (), plain(N_("View the subscription")),
        f"/products/{reference(found.id)}",
    )
