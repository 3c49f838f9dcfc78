"""A process of its own, on a real database, for tests of races and kills. Started by `tests.domain.processes`.

python -m tests.domain.worker <work> [JSON arguments]
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatkeeper.config.settings")
django.setup()

from django.db import connection, connections  # noqa: E402

from seatkeeper.core.refusals import Refused  # noqa: E402
from seatkeeper.domain.accounts.models import Account, Seller  # noqa: E402
from seatkeeper.domain.identity.models import User  # noqa: E402
from seatkeeper.domain.mail import outbox  # noqa: E402
from seatkeeper.domain.subscriptions.installation import AccountFacts, add_account  # noqa: E402
from seatkeeper.domain.subscriptions.models import MailRow, SubscriptionRow  # noqa: E402
from seatkeeper.domain.subscriptions.run import tick  # noqa: E402
from seatkeeper.interfaces.web.letters.compose import compose  # noqa: E402
from seatkeeper.kit.clock import system_now  # noqa: E402
from seatkeeper.kit.commands import Actor, Context, call  # noqa: E402
from tests.cast import CAST, Story  # noqa: E402


def say(**facts: Any) -> None:
    """Tell the test something, at once."""
    print(json.dumps(facts), flush=True)


def prepare(
    *, cast: list[str], users: int = 20, seats: int = 10, plans: list[str] | None = None, crowd: int = 0
) -> None:
    """Make a seller, and members of the cast who have bought; and a crowd of others like De Linde."""
    story = Story(*cast, users=users)
    for number in range(crowd):
        facts = AccountFacts(f"linde-{number}", **CAST["linde"])
        story.members[facts.key] = add_account(story.seller, facts, at=story.now)
    for key in story.members:
        story.who = key
        for plan in plans or ["basic-monthly"]:
            story.buy(plan, seats)
    say(seller=story.seller, accounts=[member.id for member in story.members.values()])


def prepare_real(*, crowd: int, months: int) -> None:
    """Make a seller with the system's clock, whose crowd of accounts bought so many months ago."""
    story = Story("linde", at=f"{system_now() - timedelta(days=months * 30 + 15):%Y-%m-%dT%H:%M}", users=0)
    for number in range(crowd - 1):
        facts = AccountFacts(f"linde-{number}", **CAST["linde"])
        story.members[facts.key] = add_account(story.seller, facts, at=story.now)
    for key in story.members:
        story.who = key
        story.buy("basic-monthly", 10)
    Seller.objects.filter(id=story.seller).update(clock_at=None, is_test=False)
    say(seller=story.seller, accounts=[member.id for member in story.members.values()])


def context(account: int, *, role: str = "owner") -> Context:
    """The owner, now by the seller's clock."""
    seller = Account.objects.get(id=account).seller_id
    now = Seller.objects.get(id=seller).clock_at
    assert now is not None
    return Context(Actor(role, via="test"), account, now)


def attempt(command: str, account: int, arguments: dict[str, Any], *, previewed: bool = False) -> str | None:
    """Give a command; the code of its refusal, or None. previewed: as a person does, with the token of a preview."""
    ctx = context(account)
    try:
        if previewed:
            arguments = {**arguments, "preview": call(command, ctx.previewing(), **arguments).token}
        call(command, ctx, **arguments)
    except Refused as refusal:
        return refusal.code
    return None


def together(works: list[Callable[[], str | None]]) -> list[str | None]:
    """Do all of it at once, each in a thread with a connection of its own."""
    found: list[str | None] = ["not done"] * len(works)
    gate = threading.Barrier(len(works))

    def run(index: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            found[index] = works[index]()
        except Exception as error:  # told to the test, which fails on it
            found[index] = f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def race_for_a_seat(*, account: int, first: int, count: int) -> None:
    """So many users ask for a licence at the same moment."""
    users = list(User.objects.filter(account_id=account).order_by("id").values_list("id", flat=True))
    works = [
        lambda user=user: attempt("license.assign", account, {"product": "basic", "users": (user,)})
        for user in users[first : first + count]
    ]
    say(found=together(works))


def race_of_changes(*, account: int, seats: list[int]) -> None:
    """The same subscription is set to several totals at the same moment."""
    bought = SubscriptionRow.objects.filter(account_id=account).order_by("id")[0].id
    works = [
        lambda total=total: attempt("subscription.set_seats", account, {"subscription": bought, "seats": total})
        for total in seats
    ]
    say(found=together(works))


def race_of_clicks(*, account: int, count: int) -> None:
    """One confirm button, clicked many times: the same command with the same token."""
    bought = SubscriptionRow.objects.filter(account_id=account).order_by("id")[0].id
    arguments = {"subscription": bought, "seats": 15}
    token = call("subscription.set_seats", context(account).previewing(), **arguments).token
    click = {**arguments, "preview": token}
    found = together([lambda: attempt("subscription.set_seats", account, click)] * count)
    say(found=found, afterwards=attempt("subscription.set_seats", account, click))


def race_to_buy(*, accounts: list[int]) -> None:
    """Several accounts buy at the same moment: they share the seller's series of numbers."""
    works = [
        lambda account=account: attempt("subscription.buy", account, {"plan": "premium-monthly", "seats": 1})
        for account in accounts
    ]
    say(found=together(works))


def race_of_runs(*, seller: int, days: int, runs: int) -> None:
    """Several billing runs over the same accounts at the same moment."""
    clock_at = Seller.objects.get(id=seller).clock_at
    assert clock_at is not None
    now = clock_at + timedelta(days=days)

    def run() -> None:
        tick(now, seller=seller)

    say(found=together([run] * runs))


def keep_changing(*, account: int, start: int) -> None:
    """Give commands until killed, saying each before and after."""
    bought = SubscriptionRow.objects.filter(account_id=account).order_by("id")[0].id
    user = User.objects.filter(account_id=account).order_by("id")[0].id
    number = start
    while True:
        number += 1
        seats = 10 + number % 17
        say(giving=number)
        attempt("subscription.set_seats", account, {"subscription": bought, "seats": seats}, previewed=number % 2 == 0)
        attempt("license.assign" if number % 2 else "license.unassign", account, {"product": "basic", "users": (user,)})
        attempt("subscription.buy", account, {"plan": "premium-monthly", "seats": 1 + number % 3})
        if number % 4 == 0:
            attempt("subscription.change_plan", account, {"subscription": bought, "plan": "premium-monthly"})
            attempt("subscription.change_plan", account, {"subscription": bought, "plan": "basic-monthly"})


def keep_ticking(*, seller: int, days: int) -> None:
    """Move the clock on, so many days at a time, until killed."""
    while True:
        clock_at = Seller.objects.get(id=seller).clock_at
        assert clock_at is not None
        now = clock_at + timedelta(days=days)
        say(giving=now.isoformat())
        tick(now, seller=seller)
        Seller.objects.filter(id=seller).update(clock_at=now)


def change_once(*, account: int, seats: int) -> None:
    """One command that is charged at once."""
    bought = SubscriptionRow.objects.filter(account_id=account).order_by("id")[0].id
    found = attempt("subscription.set_seats", account, {"subscription": bought, "seats": seats}, previewed=True)
    say(refused=found)


def tick_once(*, seller: int, minutes: int) -> None:
    """One run, so long after the clock's instant; the clock follows."""
    clock_at = Seller.objects.get(id=seller).clock_at
    assert clock_at is not None
    now = clock_at + timedelta(minutes=minutes)
    tick(now, seller=seller)
    Seller.objects.filter(id=seller).update(clock_at=now)
    say(done=True)


def prepare_mails(*, count: int) -> None:
    """Make an account with an owner, and so many mails about its order that wait in the outbox."""
    story = Story("linde", users=1)
    bought = story.buy("basic-monthly", 10)
    User.objects.filter(account_id=story.account).update(role="owner", email="owner@linde.example")
    MailRow.objects.all().delete()
    now = system_now()
    told = {"subscriptions": [bought], "documents": []}
    MailRow.objects.bulk_create(
        MailRow(account_id=story.account, kind="order", facts=told, at=now, due_at=now, state="waiting")
        for _ in range(count)
    )
    say(account=story.account)


def send_mails(*, workers: int = 1, silent_after_accept: bool = False) -> None:
    """Send what is due, in so many threads. silent_after_accept: fall silent when the server took the first mail."""
    if silent_after_accept:
        def settle(*given: object) -> bool:
            say(accepted=True)
            threading.Event().wait()
            return True

        outbox._settle = settle  # type: ignore[assignment]

    def send() -> None:
        outbox.send_due(system_now, compose)

    say(found=together([send] * workers))


WORKS: dict[str, Callable[..., None]] = {
    work.__name__: work
    for work in (
        prepare,
        prepare_real,
        race_for_a_seat,
        race_of_changes,
        race_of_clicks,
        race_to_buy,
        race_of_runs,
        keep_changing,
        keep_ticking,
        change_once,
        tick_once,
        prepare_mails,
        send_mails,
    )
}

if __name__ == "__main__":
    WORKS[sys.argv[1]](**json.loads(sys.argv[2] if len(sys.argv) > 2 else "{}"))
