"""The Dutch catalogue: nothing missing, nothing left over, the same values and links in both languages, compiled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation import override, pgettext

from seatkeeper.interfaces.web.messages import CATALOGUE, FOLDERS, missing, sentences
from seatkeeper.interfaces.web.text import _LINK

VALUE = re.compile(r"\{(\w+)(:[^{}]*)?\}|\[(\w+):[^\[\],]*,[^\[\]]*\]")
NEVER = re.compile(r"\b(pools?|seats?|tenants?|dunning|prorations?|prorated?|windows?)\b", re.IGNORECASE)
NEVER_DUTCH = re.compile(
    r"\b(?i:annuleren|geannuleerd|vervaldatum|inschakelen|uitschakelen|je|jij|jouw|gelieve|helaas|oeps)\b|\bBTW\b|!"
)
POLICY_WORDS = {"flexible": "flexibel", "committed": "vaste looptijd"}
HELP = sorted((FOLDERS[1] / "templates" / "portal" / "help").glob("*.nl.html"))


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def _messages() -> list[Message]:
    return [message for message in _catalogue() if message.id]


def _text(context: str | bytes | None) -> str | None:
    """Babel reads a context from the compiled file as bytes."""
    return context.decode() if isinstance(context, bytes) else context


def _values(sentence: str) -> set[str]:
    return {match.group(1) or match.group(3) for match in VALUE.finditer(sentence)}


def _counted(sentence: str) -> set[str]:
    """The values that must be whole numbers, as they choose between one and several."""
    return {match.group(1) or match.group(3) for match in VALUE.finditer(sentence) if match.group(2) or match.group(3)}


def test_every_sentence_has_dutch() -> None:
    assert missing() == [], "add these to django.po, then run: python -m seatkeeper.interfaces.web.messages compile"


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {found for found, _ in sentences()}
    left = [message.id for message in _messages() if (_text(message.context), message.id) not in said]
    assert not left, "run: python -m seatkeeper.interfaces.web.messages gather"


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in _messages() if message.fuzzy] == []


@pytest.mark.parametrize("word", POLICY_WORDS)
def test_words_with_a_context_have_dutch(word: str) -> None:
    with override("nl"):
        assert pgettext("policy", word) == POLICY_WORDS[word]


def test_both_languages_use_the_same_values() -> None:
    wrong = {m.id: m.string for m in _messages() if _values(m.id) != _values(m.string)}
    assert not wrong


def test_dutch_counts_only_what_english_counts() -> None:
    wrong = {m.id: m.string for m in _messages() if not _counted(m.string) <= _counted(m.id)}
    assert not wrong, "a value that chooses between one and several must be a whole number in English too"


def test_both_languages_have_the_same_links() -> None:
    """Addresses are given in order, so a link too few or too many would lead elsewhere."""
    wrong = {m.id: m.string for m in _messages() if len(_LINK.findall(m.id)) != len(_LINK.findall(m.string))}
    assert not wrong


def test_both_languages_end_alike() -> None:
    """A sentence stays a sentence, a label a label."""
    wrong = {m.id: m.string for m in _messages() if m.id.endswith(".") != m.string.endswith(".")}
    assert not wrong


def test_the_compiled_catalogue_is_current() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {(_text(one.context), one.id): one.string for one in read_mo(file) if one.id}
    written = {(one.context, one.id): one.string for one in _messages()}
    assert compiled == written, "run: python -m seatkeeper.interfaces.web.messages compile"


def test_words_that_never_stand_on_a_screen() -> None:
    """SCREENS.md, Wording: the words of the engine stay in the engine."""
    texts = {text for message in _messages() for text in (message.id, message.string)}
    assert sorted(text for text in texts if NEVER.search(VALUE.sub("", text))) == []


def test_dutch_traps() -> None:
    """Opzeggen, never annuleren; uiterste betaaldatum; u; btw in small letters; no exclamation marks."""
    wrong = sorted(message.string for message in _messages() if NEVER_DUTCH.search(message.string))
    assert wrong == []


@pytest.mark.parametrize("path", HELP, ids=lambda path: path.name)
def test_dutch_help_keeps_the_same_words(path: Path) -> None:
    text = re.sub(r"\{[{%].*?[%}]\}|<[^>]+>", " ", path.read_text(encoding="utf-8"))
    assert not NEVER_DUTCH.search(text)
    assert not NEVER.search(text)
