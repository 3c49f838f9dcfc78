"""The causes of a difference between two documents add up to it to the cent (SCREENS.md 4.6)."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.decision import Line
from seatkeeper.core.invoicing.compare import Cause, causes
from seatkeeper.core.money import round_half_away
from seatkeeper.core.tax.vat import vat_sums

UNIT = 10_000
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def line(
    seats: int, micro: int, *, start: date = MARCH, end: date = APRIL, id_: int = 1, kind: str = "period",
    plan: str = "basic", rate: str = "21", days: int | None = None,
) -> Line:  # fmt: skip
    """A charge of a period at a price for each licence; days: how many of the period's days count."""
    total = (end - start).days
    counted = total if days is None else days
    exact, over = counted * seats * micro, total * UNIT
    runs = ((total - counted, 0, 0), (counted, seats, seats * micro))
    return Line(
        subscription=id_, product="p", plan=plan, kind=kind, seats=seats, start=start, end=end, period_start=start,
        sequence=1, amount_minor=round_half_away(exact, over), category="S", rate=rate, exact_before=0,
        exact_after=exact, denominator=over, charged_before_minor=0, days_in_period=total, counted=runs,
    )  # fmt: skip


def april(seats: int, micro: int, **more: object) -> Line:
    return line(seats, micro, start=APRIL, end=MAY, **more)  # type: ignore[arg-type]


def told(found: tuple[Cause, ...]) -> list[tuple[str, int]]:
    return [(one.kind, one.amount_minor) for one in found]


def gross(lines: list[Line]) -> int:
    return sum(one.amount_minor for one in lines) + sum(one.vat_minor for one in vat_sums(lines))


def why(earlier: list[Line], later: list[Line], known: frozenset[int] | None = None) -> list[tuple[str, int]]:
    found = causes(earlier, later, known=known, currency="EUR")
    assert sum(one.amount_minor for one in found) == gross(later) - gross(earlier)
    return told(found)


def test_two_licences_more_and_the_vat_on_them() -> None:
    """SCREENS.md's own example: 8 to 10 licences at 12.50 is +25.00 and +5.25, together 30.25."""
    assert why([line(8, 12_500_000)], [april(10, 12_500_000)]) == [("licences", 2500), ("vat", 525)]


def test_nothing_differs() -> None:
    assert why([line(8, 12_500_000)], [april(8, 12_500_000)]) == []


def test_price_and_licences_are_told_apart() -> None:
    """10 to 12 at the old 10.00 is +20.00; 12 licences at 1.00 more is +12.00."""
    found = why([line(10, 10_000_000)], [april(12, 11_000_000, kind="renewed")])
    assert found == [("licences", 2000), ("price", 1200), ("vat", 672)]


def test_the_first_part_period_is_named() -> None:
    """15 of March's 31 days of 310.00 are 150.00: the whole April costs 160.00 more."""
    found = why([line(10, 31_000_000, kind="aligned", days=15)], [april(10, 31_000_000)])
    assert found == [("part", 16_000), ("vat", 3360)]


def test_plan_and_frequency_are_told_apart() -> None:
    assert why([line(1, 10_000_000)], [april(1, 20_000_000, plan="premium")])[0] == ("plan", 1000)
    yearly = line(1, 100_000_000, start=APRIL, end=date(2027, 4, 1), plan="basic-yearly")
    assert why([line(1, 10_000_000)], [yearly])[0] == ("frequency", 9000)


def test_new_ended_and_not_due_this_time() -> None:
    own = [line(1, 10_000_000)], [april(1, 10_000_000)]
    assert why(own[0], [*own[1], april(2, 5_000_000, id_=2)]) == [("new", 1000), ("vat", 210)]
    known = frozenset({1, 2})
    assert why(own[0], [*own[1], april(2, 5_000_000, id_=2)], known) == [("due_again", 1000), ("vat", 210)]
    assert why([*own[0], line(2, 5_000_000, id_=2)], own[1]) == [("ended", -1000), ("vat", -210)]
    yearly = line(2, 5_000_000, id_=2, end=date(2027, 3, 1))
    assert why([*own[0], yearly], own[1]) == [("not_due", -1000), ("vat", -210)]


def test_change_of_the_vat_rate() -> None:
    assert why([line(10, 10_000_000, rate="19")], [april(10, 10_000_000, rate="21")]) == [("vat_rate", 200)]


def test_changes_while_a_period_ran_are_its_part() -> None:
    added = line(2, 10_000_000, kind="added", days=10)
    assert why([line(8, 10_000_000), added], [april(8, 10_000_000)])[0] == ("part", -added.amount_minor)


@st.composite
def documents(draw: st.DrawFn, start: date, end: date) -> list[Line]:
    """Lines of up to four subscriptions, of every kind, at prices with fractions of a cent."""
    found = []
    for id_ in draw(st.lists(st.integers(1, 4), min_size=1, max_size=6)):
        found.append(
            line(
                draw(st.integers(1, 400)), draw(st.integers(1, 90_000_000)), start=start, end=end, id_=id_,
                kind=draw(st.sampled_from(("period", "renewed", "bought", "added", "aligned", "plan_in"))),
                plan=draw(st.sampled_from(("basic", "premium"))), rate=draw(st.sampled_from(("0", "9", "19", "21"))),
                days=draw(st.integers(1, (end - start).days)),
            )
        )
    return found


@given(documents(MARCH, APRIL), documents(APRIL, MAY))
def test_causes_add_up_to_the_cent_and_rounding_stays_small(earlier: list[Line], later: list[Line]) -> None:
    found = causes(earlier, later, currency="EUR")
    assert sum(one.amount_minor for one in found) == gross(later) - gross(earlier)
    assert all(one.amount_minor for one in found)
    roundings = len(earlier) + len(later) + 8
    assert all(abs(one.amount_minor) <= roundings for one in found if one.kind == "rounding")
