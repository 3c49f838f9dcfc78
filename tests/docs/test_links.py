"""Relative links of the documentation lead somewhere, down to the heading; every page is reached from another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.pages import pages, prose
from tests.support.sources import ROOT, shown

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ELSEWHERE = ("http://", "https://", "mailto:")


def links(page: Path) -> list[str]:
    """The relative addresses that a page links to."""
    return [found for found in _LINK.findall(prose(page)) if not found.startswith(_ELSEWHERE)]


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as renderers make them."""
    found = set()
    for heading in _HEADING.findall(page.read_text(encoding="utf-8")):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(words.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_links_resolve(page: Path) -> None:
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken, f"links that lead nowhere: {broken}"


def test_every_page_is_linked() -> None:
    linked = {(page.parent / link.partition("#")[0]).resolve() for page in pages() for link in links(page)}
    linked |= {one for folder in linked if folder.is_dir() for one in folder.glob("*.md")}
    alone = [shown(page) for page in pages() if page.resolve() not in linked and page != ROOT / "README.md"]
    assert not alone, f"pages that no other page links to: {alone}"


def test_help_in_the_code_names_pages_that_exist() -> None:
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        named |= set(re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
