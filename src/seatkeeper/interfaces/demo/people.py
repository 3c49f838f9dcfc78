"""Names for the demonstration's people, put together the same way every time."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.installation import UserFacts

FIRST = (
    "Anna Bram Chiara Daan Emma Finn Greta Hugo Iris Jasper Kim Lotte Milan Noor Olaf Puck Quinten Roos Sem "
    "Tess Umar Vera Willem Xander Yara Zoë"
).split()
LAST = (
    "Jansen|de Vries|van den Berg|Bakker|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|Vos|Peters|Hendriks|"
    "van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|Kok|Jacobs|Vermeulen|Schouten"
).split("|")


def people(count: int, domain: str, *, admins: tuple[UserFacts, ...] = ()) -> tuple[UserFacts, ...]:
    """`count` users of an organisation, the given administrators first, keys u1 ... un."""
    found = list(admins)
    for number in range(len(admins), count):
        first = FIRST[number % len(FIRST)]
        last = LAST[(number // len(FIRST) + number * 7) % len(LAST)]
        plain = f"{first}.{last}".lower().replace(" ", "").replace("ë", "e")
        found.append(UserFacts(f"u{number + 1}", f"{first} {last}", f"{plain}.{number + 1}@{domain}"))
    return tuple(found)
