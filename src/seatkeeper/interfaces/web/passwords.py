"""What a password must be, in our own words: Django's rules, whose refusals say what is right."""

from __future__ import annotations

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.web.text import plain

LEAST = 12
"""Characters of a password, at least."""


def hint() -> str:
    """All rules as one sentence, for the form."""
    return plain(N_("At least {n} characters. Not digits only, no common password, nothing like your name or address."),
                 n=LEAST)


class LongEnough(rules.MinimumLengthValidator):
    """At least LEAST characters."""

    def __init__(self) -> None:
        super().__init__(LEAST)

    def get_error_message(self) -> str:
        """See the class."""
        return plain(N_("Choose a password of at least {n} characters."), n=LEAST)


class UnlikeThePerson(rules.UserAttributeSimilarityValidator):
    """Not like the person's name or address."""

    def __init__(self) -> None:
        super().__init__(("name", "email"))

    def get_error_message(self) -> str:
        """See the class."""
        return plain(N_("Choose a password that is less like your name or e-mail address."))


class Uncommon(rules.CommonPasswordValidator):
    """Not one of the 20,000 most common ones."""

    def get_error_message(self) -> str:
        """See the class."""
        return plain(N_("This password is on the lists that are tried first. Choose another one."))


class NotDigitsOnly(rules.NumericPasswordValidator):
    """Not only digits."""

    def get_error_message(self) -> str:
        """See the class."""
        return plain(N_("Use letters or signs too, not only digits."))
